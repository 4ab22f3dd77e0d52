#!/usr/bin/env python3
"""What goes wrong while carbon runs: every case with its code, place, cause, remedy and exit code, and nothing changed.

    bad_input.py CARBON [NAME...]        CARBON_ACCEPT=1 writes the expected files and reports it as skipped (77)

A case is a folder of bad-input/, copied to a place of its own:

    *                   the platform's files
    server.json         the case talks to a scripted API server (api_server.py), with `kubeconfig` beside the files
    before              shell: what has happened so far
    args                the shell line that is judged
    expected.stderr     what it says, with what differs from run to run replaced; `expected.stdout` is compared where it is
    expected.exit       its exit code
    expected.writes     the writes that reached the server, sorted; without it there were none
    expected.inventory  where something was done before it went wrong: the addresses that are owned afterwards
    after               shell: what must hold afterwards

Everywhere else the inventories, the sandbox's objects and the platform's files must be the same before and after.
"""

import os
import re
import shutil
import sys
import tempfile

import api_server
import carbon_folder

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bad-input")
ACCEPT = os.environ.get("CARBON_ACCEPT") == "1"

REPLACED = [
    (r"https://127\.0\.0\.1:\d+", "https://127.0.0.1:$PORT"),
    (r"(?<!0)\b(?!00000000-)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "$UID"),
    (r"\bpl-[0-9a-f]{16}\b", "$PLAN"),
    (r"\brun [0-9a-f]{16}\b", "run $RUN"),
    (r"\bprocess \d+\b", "process $PID"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "$TIME"),
    (r"\(\d+\.\ds\)", "($SECONDS)"),
    (r"\bafter \d+ ms\b", "after $MS ms"),
    (r"\bafter \d+s\b", "after $SECONDS"),
    (r"\bweb-[0-9a-z]+-[0-9a-z]{5}\b", "web-$POD"),
]


def normal(text, folder):
    text = text.decode(errors="backslashreplace").replace(folder, "$DIR")
    for pattern, name in REPLACED:
        text = re.sub(pattern, name, text)
    return text


class Case:
    def __init__(self, name, binary, work, certificate, own):
        self.name, self.own = name, own
        self.source = os.path.join(HERE, name)
        self.folder = os.path.join(work, name)
        shutil.copytree(self.source, self.folder, ignore=lambda _, names: [n for n in names if self.is_about(n)])
        self.env = carbon_folder.environment(self.folder, binary)
        self.faults = []
        scripted = os.path.exists(os.path.join(self.folder, "server.json"))
        self.server = api_server.ApiServer(self.folder, certificate) if scripted else None

    @staticmethod
    def is_about(name):
        return name in ("before", "after", "args") or name.startswith("expected.")

    def read(self, name):
        path = os.path.join(self.source, name)
        if not os.path.exists(path):
            return None
        with open(path) as text:
            return text.read()

    def shell(self, name):
        script = self.read(name)
        if script is None:
            return True
        code, out, error = carbon_folder.run(["sh", "-euc", script], self.folder, self.env)
        if code != 0:
            self.faults.append("%s failed: %s" % (name, (out + error).decode(errors="replace")))
        return code == 0

    def compare(self, name, found, always):
        """`always`: the file must be there; otherwise its absence says that there is nothing."""
        wanted = self.read(name)
        if ACCEPT and (always or wanted is not None or found):
            with open(os.path.join(self.source, name), "w") as out:
                out.write(found)
        elif wanted is None and always:
            self.faults.append("%s is missing; found:\n%s" % (name, found))
        elif (wanted or "") != found:
            self.faults.append("%s differs\n--- expected\n%s--- found\n%s" % (name, wanted or "", found))

    def run(self):
        if not self.shell("before"):
            return
        before = carbon_folder.snapshot(self.folder, self.own)
        owned = carbon_folder.addresses(self.folder)
        if self.server:
            self.server.writes.clear()
        code, out, error = carbon_folder.run(["sh", "-c", self.read("args")], self.folder, self.env)
        self.compare("expected.exit", "%d\n" % code, True)
        self.compare("expected.stderr", normal(error, self.folder), True)
        if self.read("expected.stdout") is not None:
            self.compare("expected.stdout", normal(out, self.folder), True)
        if self.server:
            # Independent writes are under way at the same time: which arrives first is no promise of carbon's.
            self.compare("expected.writes", "".join(write + "\n" for write in sorted(self.server.writes)), False)
        self.check_unchanged(before, owned)
        self.shell("after")

    def check_unchanged(self, before, owned):
        after = carbon_folder.snapshot(self.folder, self.own)
        now = carbon_folder.addresses(self.folder)
        if self.read("expected.inventory") is not None or (ACCEPT and now != owned):
            self.compare("expected.inventory", "".join(address + "\n" for address in now), True)
            for what in ("inventory", "sandbox"):
                before.pop(what), after.pop(what)
        for what in before:
            if before[what] != after[what]:
                self.faults.append("%s changed:\n%s\n%s" % (what, before[what], after[what]))

    def close(self):
        if self.server:
            self.server.close()


def main():
    binary, names = os.path.realpath(sys.argv[1]), sys.argv[2:] or sorted(os.listdir(HERE))
    failed = 0
    with tempfile.TemporaryDirectory(prefix="carbon-bad-input-") as work:
        os.chmod(work, 0o755)  # the sandbox's database runs as another user where this is root
        certificate = api_server.make_certificate(work)
        own = carbon_folder.of_every_sandbox(os.path.join(work, "fresh-sandbox"), binary)
        for name in names:
            case = Case(name, binary, work, certificate, own)
            try:
                case.run()
            finally:
                case.close()
            print("%s %s" % ("FAILED" if case.faults else "ok    ", name))
            for fault in case.faults:
                print("    " + fault.replace("\n", "\n    "))
            failed += bool(case.faults)
    print("%d cases, %d failed%s" % (len(names), failed, "; files written" if ACCEPT else ""))
    return 1 if failed or not names else 77 if ACCEPT else 0


if __name__ == "__main__":
    sys.exit(main())
