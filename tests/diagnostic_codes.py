#!/usr/bin/env python3
"""Every diagnostic code is raised somewhere and pinned by a golden, and every golden says what to do.

    diagnostic_codes.py ROOT        a line a fault; exit 1 when there is one

A code counts as tested when the text of a golden holds it (`expected.text`, `expected.stderr`, `expected.tests`). What is shown must have a
place (a line of a file, a resource, or a path, address or name in the message) and a remedy.
"""

import pathlib
import re
import sys

SOURCES = ("base", "dsl", "engine", "stdlib", "platform", "cli")
GOLDENS = ("expected.text", "expected.stderr", "expected.tests")
HEAD = r"(?:error|warning)\[C\d{4}\]"


def codes(root):
    text = (root / "base/diagnostic_codes.def").read_text()
    return {"C%04d" % int(number): name for number, name in re.findall(r"^CARBON_CODE\((\d+), (\w+),", text, re.M)}


def raised(root):
    """Names that are used other than to compare with them."""
    found = set()
    for folder in SOURCES:
        for path in [*(root / folder).rglob("*.cpp"), *(root / folder).rglob("*.h")]:
            for line in path.read_text().splitlines():
                if not re.search(r"case |[=!]= DiagnosticCode", line):
                    found.update(re.findall(r"DiagnosticCode::(\w+)", line))
    return found


def blocks(text):
    """The diagnostics of a golden, one text each."""
    split = re.split("^(?=%s)" % HEAD, text, flags=re.M)
    return [block for block in split if re.match(HEAD, block)]


def faults_of(path, block):
    head = block.splitlines()[0]
    # An option's name is a place too, and wrong usage (C1001) has the whole command line.
    named = re.search(r"[`/$]|\b\w+\.\w+|--\w", head[len("error[C0000]: "):]) or "[C1001]" in head
    if not ("  --> " in block or "    = resource: " in block or named):
        yield "%s: no place: %s" % (path, head)
    if "    = help: " not in block:
        yield "%s: no remedy: %s" % (path, head)


def main():
    root = pathlib.Path(sys.argv[1])
    known, used, shown, faults = codes(root), raised(root), set(), []
    for path in sorted((root / "tests").rglob("expected.*")):
        if path.name not in GOLDENS:
            continue
        for block in blocks(path.read_text()):
            shown.add(re.search(r"C\d{4}", block)[0])
            faults += faults_of(path.relative_to(root), block)
    for code, name in known.items():
        if name not in used:
            faults.append("%s %s is never raised" % (code, name))
        if code not in shown:
            faults.append("%s %s is in no golden" % (code, name))
    faults += ["%s is in a golden and no code" % code for code in sorted(shown - set(known))]
    print("\n".join(faults + ["%d codes, %d in goldens, %d faults" % (len(known), len(shown), len(faults))]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
