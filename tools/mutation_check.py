#!/usr/bin/env python3
"""Breaks the engine in one place at a time and expects a test to turn red: docs/simulation.md.

usage: tools/mutation_check.py [NAME...]     of tests/mutation/mutations.json; default all

Works in a copy of the committed tree (a git worktree in a temporary folder), so nothing here is touched. Takes a build
and a test run each, some ten seconds to a minute.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

TARGETS = {
    "simulation": ("tests/simulation/simulation", ["1", "400"]),
    "unit-engine": ("tests/unit/engine/unit-engine", []),
}


def build(root, target):
    return subprocess.run(["scripts/build", "debug", target], cwd=root, capture_output=True, text=True)


def survives(root, mutation):
    """Why the mutation was not noticed, or nothing."""
    path = root / mutation["file"]
    text = path.read_text()
    if text.count(mutation["old"]) != 1:
        return "its text stands %d times in %s: bring it up to date" % (text.count(mutation["old"]), mutation["file"])
    target, arguments = TARGETS[mutation["test"]]
    path.write_text(text.replace(mutation["old"], mutation["new"]))
    try:
        built = build(root, target)
        if built.returncode != 0:
            return "it does not compile:\n" + built.stderr[-2000:]
        ran = subprocess.run([root / "build-debug" / target, *arguments], cwd=root, capture_output=True, timeout=900)
        return None if ran.returncode != 0 else "%s is still green" % mutation["test"]
    finally:
        path.write_text(text)


def main(names):
    here = pathlib.Path(__file__).resolve().parent.parent
    mutations = json.loads((here / "tests/mutation/mutations.json").read_text())
    chosen = [m for m in mutations if not names or m["name"] in names]
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "tree"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", root], cwd=here, check=True)
        try:
            for target, _ in TARGETS.values():
                build(root, target)
            for mutation in chosen:
                began = time.monotonic()
                why = survives(root, mutation)
                bad += why is not None
                print("%s  %3ds  %s%s" % ("FAIL" if why else "ok  ", time.monotonic() - began, mutation["name"],
                                          ": " + why if why else ""), flush=True)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", root], cwd=here, check=True)
    print("%d mutations, %d not noticed" % (len(chosen), bad))
    return 1 if bad or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
