#!/usr/bin/env python3
"""Fails on a header that does not compile by itself.

A source that includes its own header first proves it: the release build compiles each source alone, without a precompiled
header. So a header with a source must be that source's first include, and only the others are compiled here.

usage: tools/check_headers.py [ROOT]
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

FOLDERS = ("base", "engine", "dsl", "stdlib", "platform", "convert", "lsp", "cli")
FIRST_INCLUDE = re.compile(r'^#include\s+["<]([^">]+)', re.MULTILINE)


def compiles(root, name):
    command = ["g++", "-std=c++20", "-fsyntax-only", "-x", "c++", "-I", str(root), "-include", name, "/dev/null"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"{name}\n{done.stderr[:2000]}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    headers = [h for folder in FOLDERS for h in sorted((root / folder).rglob("*.h"))]
    alone, failed = [], []
    for header in headers:
        name, source = header.relative_to(root).as_posix(), header.with_suffix(".cpp")
        if not source.exists():
            alone.append(name)
            continue
        first = FIRST_INCLUDE.search(source.read_text())
        if first is None or first.group(1) != name:
            failed.append(f"{source.relative_to(root)}: the first include must be \"{name}\", which is so seen to stand alone")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        failed += [f for f in pool.map(lambda name: compiles(root, name), alone) if f]
    print("\n".join(failed) if failed else f"headers: {len(headers)} stand alone, {len(alone)} of them compiled here")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
