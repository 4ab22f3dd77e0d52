#!/usr/bin/env python3
"""Fails on a header that does not compile by itself.

usage: tools/check_headers.py [ROOT]
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

FOLDERS = ("base", "engine", "dsl", "stdlib", "platform", "convert", "lsp", "cli")
# Private to one source: it needs what that source includes before.
PRIVATE = set()


def compiles(root, header):
    name = header.relative_to(root).as_posix()
    command = ["g++", "-std=c++20", "-fsyntax-only", "-x", "c++", "-I", str(root), "-include", name, "/dev/null"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"{name}\n{done.stderr[:2000]}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    headers = [h for folder in FOLDERS for h in sorted((root / folder).rglob("*.h"))]
    headers = [h for h in headers if h.relative_to(root).as_posix() not in PRIVATE]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = [f for f in pool.map(lambda h: compiles(root, h), headers) if f]
    print("\n".join(failed) if failed else f"headers: {len(headers)} compile alone")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
