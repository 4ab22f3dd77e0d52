#!/usr/bin/env python3
"""Fails on a CARBON_TRY within braces behind another member: both compilers leak what was made before it on failure.

    push_back({key, CARBON_TRY(read())})        wrong: a copy of `key` stays behind
    Value value = CARBON_TRY(read());           right
    push_back({key, std::move(value)})

usage: tools/check_try.py [ROOT]
"""
import pathlib
import re
import sys

FOLDERS = ("base", "engine", "dsl", "stdlib", "platform", "cli", "tests", "bench")
BLOCK = re.compile(r"(?:[);{}:]|\belse|\bdo|\bconst|\bnoexcept|\boverride|\bmutable)$")


def in_braces(text, at):
    """Whether an initialiser's brace is open at that place, with a comma before it."""
    depth, comma = 0, False
    for i in range(at - 1, -1, -1):
        c = text[i]
        if c in ")]}":
            depth += 1
        elif c in "([{" and depth:
            depth -= 1
        elif c == "{":
            return comma and not BLOCK.search(text[:i].rstrip())
        elif c == ";" and not depth:
            return False
        elif c == "," and not depth:
            comma = True
    return False


def problems(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.cpp")):
            text = path.read_text(encoding="utf-8")
            for found in re.finditer(r"\bCARBON_(?:CO_)?TRY\(", text):
                if in_braces(text, found.start()):
                    line = text.count("\n", 0, found.start()) + 1
                    yield f"{path.relative_to(root)}:{line}: CARBON_TRY within braces: give its value a name first"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    probe = "void f() { g({key, CARBON_TRY(h())}); }"
    assert in_braces(probe, probe.index("CARBON")), "a check that finds nothing"
    found = list(problems(root))
    print("\n".join(found) if found else "try: none within braces")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
