#!/usr/bin/env python3
"""How plans look, in every format, for scenarios that are planned for real in the sandbox.

    plan_views.py CARBON FOLDER [NAME...]       exit 1 when an output differs

A scenario is a folder of FOLDER:

    before.carbon      applied first, if it is there
    hand               changes by hand after that, a line each: `patch PATH JSON`, `post PATH JSON`,
                       `delete PATH`, `sql STATEMENT`
    after.carbon       planned
    args               more arguments of `carbon plan`, on one line
    expected.text      and expected.narrow (60 columns), expected.markdown, expected.json, expected.html, expected.errors:
                       as far as they are there, the plan in that format, without what varies, and a page without its style
                       and script, which are the same in all (cli/views/page)

With CARBON_ACCEPT=1 what differs is rewritten: read the difference.
"""

import difflib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:  # a Python beside Debian's, which has the package
    sys.path.append("/usr/lib/python3/dist-packages")
    import jsonschema

import carbon_folder
from served_sandbox import ServedSandbox, comparable

FORMATS = {
    "text": ["--format", "text"],
    "narrow": ["--format", "text", "--width", "60"],
    "full": ["--format", "text", "--detail", "full"],
    "summary": ["--format", "text", "--detail", "summary"],
    "markdown": ["--format", "markdown"],
    "json": ["--format", "json"],
    "html": ["--format", "html"],
}
SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "docs/formats/plan.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
MORE_VARYING = (
    (r'("(?:uid|source_digest|version|live_version)": )"[^"]*"', r'\1"VARIES"'),
    (r'("inventory_generation": )\d+', r"\1N"),
    (r"generation \d+", "generation N"),
    (r"'sha256-[^']*'", "'sha256-HASH'"),
)


SAME_IN_ALL = re.compile(r"<(style|script)>.*?</\1>\n?", re.DOTALL)


def shown(text):
    lines = comparable(text.rstrip("\n").split("\n"))
    for pattern, word in MORE_VARYING:
        lines = [re.sub(pattern, word, line) for line in lines]
    return "".join(line + "\n" for line in lines)


SECRET = "Canary-7f3a"  # of every secret variable; in no output


class Scenario:
    def __init__(self, folder, carbon):
        self.folder = folder
        self.work = tempfile.mkdtemp(prefix="carbon-plan-view-")
        self.environment = carbon_folder.environment(self.work, carbon)
        self.environment.update(PGPASSWORD=SECRET, APP_PASSWORD=SECRET)
        self.faults = []

    def carbon(self, *arguments):
        return subprocess.run(["carbon", *arguments], cwd=self.work, env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120, check=False)

    def put(self, name):
        shutil.copy(self.folder / name, os.path.join(self.work, "p.carbon"))

    def by_hand(self):
        sandbox = ServedSandbox(self.work, self.environment, os.path.join(self.work, "serve.out"))
        try:
            for line in (self.folder / "hand").read_text().splitlines():
                word, rest = line.split(" ", 1)
                if word in ("patch", "post", "delete"):
                    getattr(sandbox, word)(*rest.split(" ", 1))
                else:
                    sandbox.sql(rest)
        finally:
            sandbox.stop()

    def prepare(self):
        if (self.folder / "before.carbon").exists():
            self.put("before.carbon")
            done = self.carbon("apply", "--world", "sandbox", "--yes", "--progress", "quiet")
            if done.returncode != 0:
                raise RuntimeError("before.carbon: " + done.stdout + done.stderr)
        if (self.folder / "hand").exists():
            self.by_hand()
        self.put("after.carbon")

    def compare(self, name, output):
        path = self.folder / ("expected." + name)
        expected = path.read_text() if path.exists() else ""
        if expected == output:
            return
        if os.environ.get("CARBON_ACCEPT") == "1":
            path.write_text(output)
            return
        difference = difflib.unified_diff(expected.splitlines(), output.splitlines(), "expected", "found", lineterm="")
        self.faults.append("%s/%s\n%s" % (self.folder.name, path.name, "\n".join(difference)))

    def validate(self, document):
        for error in VALIDATOR.iter_errors(document):
            self.faults.append("%s/json: %s: %s" % (self.folder.name, error.json_path, error.message))

    def judge(self):
        self.prepare()
        arguments = shlex.split((self.folder / "args").read_text()) if (self.folder / "args").exists() else []
        errors = ""
        for name, options in FORMATS.items():
            if not (self.folder / ("expected." + name)).exists():
                continue
            command = ["plan", "--world", "sandbox", "--detailed-exitcode", *arguments, *options]
            done = self.carbon(*command)
            again = self.carbon(*command)
            if (done.stdout, done.returncode) != (again.stdout, again.returncode):
                self.faults.append("%s: the same plan looks different a second time in %s" % (self.folder.name, name))
            errors = done.stderr + "exit code %d\n" % done.returncode
            if SECRET in done.stdout + done.stderr:
                self.faults.append("%s: a secret is printed in %s" % (self.folder.name, name))
            if name == "json" and done.stdout:
                self.validate(json.loads(done.stdout))
            output = SAME_IN_ALL.sub("", done.stdout) if name == "html" else done.stdout
            self.compare(name, shown(output))
        self.compare("errors", shown(errors))


def main():
    carbon, root = os.path.realpath(sys.argv[1]), pathlib.Path(sys.argv[2])
    wanted = sys.argv[3:]
    faults, count = [], 0
    for folder in sorted(root.iterdir()):
        if wanted and folder.name not in wanted:
            continue
        scenario = Scenario(folder, carbon)
        try:
            scenario.judge()
        except RuntimeError as error:
            scenario.faults.append("%s: %s" % (folder.name, error))
        finally:
            shutil.rmtree(scenario.work, ignore_errors=True)
        faults += scenario.faults
        count += 1
    print("\n".join(faults + ["%d scenarios, %d faults" % (count, len(faults))]))
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())
