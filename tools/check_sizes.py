#!/usr/bin/env python3
"""Fails on a header over 250 lines, a source over 500, a function over 60, and on a file name that says nothing.

usage: tools/check_sizes.py [ROOT]      needs universal-ctags
"""
import json
import pathlib
import re
import subprocess
import sys

FOLDERS = ("base", "engine", "dsl", "stdlib", "platform", "convert", "lsp", "cli", "tests", "bench")
LIMITS = {".h": 250, ".cpp": 500}
FUNCTION_LIMIT = 60
TOOL_LIMIT = 150
VAGUE = re.compile(r"(^|_)(util|utils|common|misc|helper|helpers|manager)(_|\.|$)")
# Exceptions, each with its reason. Starts empty, and should stay so.
EXCEPTIONS = {}


def sources(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in LIMITS and path.is_file():
                yield path


def long_functions(root, files):
    command = ["ctags", "--languages=C++", "--kinds-C++=f", "--fields=+ne", "--output-format=json", "-f", "-", "-L", "-"]
    names = "\n".join(str(path) for path in files)
    listed = subprocess.run(command, input=names, capture_output=True, text=True, check=True).stdout
    for row in listed.splitlines():
        tag = json.loads(row)
        length = tag.get("end", tag["line"]) - tag["line"] + 1
        if length > FUNCTION_LIMIT:
            where = pathlib.Path(tag["path"]).relative_to(root).as_posix()
            yield f"{where}:{tag['line']}: {tag['name']} has {length} lines, at most {FUNCTION_LIMIT}"


def problems(root):
    files = list(sources(root))
    for path in files:
        name = path.relative_to(root).as_posix()
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LIMITS[path.suffix] and name not in EXCEPTIONS:
            yield f"{name}: {lines} lines, at most {LIMITS[path.suffix]}"
        if VAGUE.search(path.name):
            yield f"{name}: a name that says nothing"
    yield from long_functions(root, files)
    for path in sorted((root / "tools").glob("*")):
        if path.is_file() and path.read_text(encoding="utf-8").count("\n") > TOOL_LIMIT:
            yield f"tools/{path.name}: over {TOOL_LIMIT} lines"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    found = list(problems(root))
    print("\n".join(found) if found else "sizes: all within the limits")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
