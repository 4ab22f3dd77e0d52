#!/usr/bin/env python3
"""What the documentation shows as output is what the program says.

    outputs.py ROOT CARBON        exit 1 when an output differs; 77 without PostgreSQL, psql or curl

Comments of README.md and docs/**/*.md that nobody sees carry out a page, from its top to its end, in a folder of its own
that holds a copy of examples/:

    <!-- file: shop.carbon -->          the block behind it is written to this file
    <!-- append: shop.carbon -->        or added to it
    <!-- run: carbon apply --yes -->    must end with 0
    <!-- serve -->                      serves the sandbox until the page's end
    <!-- patch: PATH JSON -->           a change by hand to an object of the served API, as kubectl makes it
    <!-- sql: STATEMENT -->             a change by hand in the first served PostgreSQL
    <!-- output of: carbon plan -->     the block behind it is the output (standard output, then standard error)

A line `…` in a block stands for any lines. Addresses, ids, times and versions of servers are anything. What a page
writes to files must be formatted. With CARBON_ACCEPT=1 blocks that differ are rewritten: read the difference.
"""

import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from served_sandbox import ServedSandbox, comparable  # noqa: E402

WANTED = re.compile(r"^<!-- (file|append|run|serve|patch|sql|output of)(?:: (.*?))? -->$")


def agree(shown, found):
    """Whether the shown lines are the found ones; `…` stands for any number of lines."""
    if "…" not in shown:
        return shown == found
    at = shown.index("…")
    rest = shown[at + 1:]
    if shown[:at] != found[:at]:
        return False
    return any(agree(rest, found[start:]) for start in range(at, len(found) + 1))


def block_behind(lines, at):
    """(first line, line of the closing fence) of the block that follows a comment."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at == len(lines) or not lines[at].startswith("```"):
        return None
    return at + 1, lines.index("```", at + 1)


class Page:
    def __init__(self, root, carbon, path, folder):
        self.name = str(path.relative_to(root))
        self.path = path
        self.lines = path.read_text().splitlines()
        self.accepted = []  # (first line, end, new lines)
        self.folder = folder
        self.work = os.path.join(folder, "platform")
        self.server = None
        self.faults = []
        self.outputs = 0
        self.environment = {
            "PATH": os.path.join(folder, "bin") + ":" + os.environ["PATH"],
            "HOME": folder,
            "CARBON_STATE_DIR": os.path.join(folder, "state"),
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
        }
        os.makedirs(os.path.join(folder, "bin"))
        os.symlink(carbon, os.path.join(folder, "bin/carbon"))
        shutil.copytree(root / "examples", os.path.join(self.work, "examples"),
                        ignore=shutil.ignore_patterns(".carbon"))

    def command(self, text):
        return subprocess.run(["bash", "-c", text], cwd=self.work, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, check=False)

    def fault(self, at, text):
        self.faults.append("%s:%d: %s" % (self.name, at + 1, text))

    def must(self, at, text):
        done = self.command(text)
        if done.returncode != 0:
            self.fault(at, "`%s` ends with %d:\n%s" % (text, done.returncode, done.stdout + done.stderr))

    def write(self, at, name, mode):
        block = block_behind(self.lines, at + 1)
        if block is None:
            self.fault(at, "no block behind it")
            return
        path = os.path.join(self.work, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, mode) as file:
            file.write("".join(line + "\n" for line in self.lines[block[0]:block[1]]))
        if name.endswith(".carbon"):
            self.must(at, "carbon fmt --check %s || { carbon fmt --diff %s; false; }" % (name, name))

    def serve(self):
        self.server = ServedSandbox(self.work, self.environment, os.path.join(self.folder, "serve.out"))

    def compare(self, at, text):
        self.outputs += 1
        block = block_behind(self.lines, at + 1)
        if block is None:
            self.fault(at, "no block behind it")
            return
        done = self.command(text)
        output = (done.stdout + done.stderr).rstrip("\n").split("\n")
        shown, found = comparable(self.lines[block[0]:block[1]]), comparable(output)
        if agree(shown, found):
            return
        self.accepted.append((*block, [line.rstrip() for line in output]))
        difference = "\n".join(difflib.unified_diff(shown, found, "shown", "found", lineterm=""))
        self.fault(at, "`%s` says something else:\n%s" % (text, difference))

    def accept(self):
        for begin, end, lines in reversed(self.accepted):
            self.lines[begin:end] = lines
        self.path.write_text("".join(line + "\n" for line in self.lines))

    def carry_out(self):
        try:
            for at, line in enumerate(self.lines):
                match = WANTED.match(line)
                if match:
                    self.step(at, *match.groups())
        finally:
            if self.server:
                self.server.stop()

    def step(self, at, word, argument):
        if word in ("file", "append"):
            self.write(at, argument, "w" if word == "file" else "a")
        elif word == "run":
            self.must(at, argument)
        elif word == "serve":
            self.serve()
        elif word == "patch":
            self.server.patch(*argument.split(" ", 1))
        elif word == "sql":
            self.server.sql(argument)
        else:
            self.compare(at, argument)


def main():
    root, carbon = pathlib.Path(sys.argv[1]).resolve(), os.path.realpath(sys.argv[2])
    missing = [program for program in ("psql", "curl") if not shutil.which(program)]
    if missing or not list(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        print("skipped: no %s" % ", ".join(missing or ["PostgreSQL"]))
        return 77
    outputs, faults = 0, []
    for path in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        if not any(WANTED.match(line) for line in path.read_text().splitlines()):
            continue
        folder = tempfile.mkdtemp(prefix="carbon-docs-")
        try:
            page = Page(root, carbon, path, folder)
            page.carry_out()
            if os.environ.get("CARBON_ACCEPT") == "1":
                page.accept()
            outputs += page.outputs
            faults += page.faults
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(faults + ["%d outputs, %d faults" % (outputs, len(faults))]))
    return 1 if faults or not outputs else 0


if __name__ == "__main__":
    sys.exit(main())
