#!/usr/bin/env python3
"""Breaks the program in one place at a time and expects a test to turn red: docs/simulation.md.

usage: tools/mutation_check.py [--tree FOLDER] [NAME...]     of tests/mutation/mutations.json; default all

Works in a copy of the committed tree (a git worktree in a temporary folder), so nothing here is touched; `--tree` names
a working tree that is there, and built, already: what is broken in it is put back. Takes a build and a test run each,
some ten seconds to a minute.

A mutation says with `case` which test case has to notice it, where its program takes long.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

CONNECTORS = "tests/unit/platform/connectors"
TARGETS = {
    "simulation": ("tests/simulation/simulation", ["1", "400"]),
    "unit-base": ("tests/unit/base/unit-base", []),
    "unit-engine": ("tests/unit/engine/unit-engine", []),
    "unit-forge": ("tests/unit/platform/forge/unit-forge", []),
    "unit-http": (CONNECTORS + "/http/unit-http", []),
    "unit-kubernetes": (CONNECTORS + "/kubernetes/unit-kubernetes", []),
    "unit-s3": (CONNECTORS + "/s3/unit-s3", []),
    "unit-secrets": ("tests/unit/platform/secrets/unit-secrets", []),
    "unit-shared-store": ("tests/unit/platform/store/unit-shared-store", []),
    "unit-sql": (CONNECTORS + "/sql/unit-sql", []),
    "unit-store": ("tests/unit/platform/store/unit-store", []),
}
LONGEST = 900  # seconds; a program that hangs has noticed something too


def build(root, target):
    return subprocess.run(["scripts/build", "debug", target], cwd=root, capture_output=True, text=True)


def is_red(root, test, case=None):
    target, arguments = TARGETS[test]
    only = ["--test-case=" + case] if case else []
    first = ["--abort-after=1"] if target.startswith("tests/unit/") else []
    try:
        ran = subprocess.run([root / "build-debug" / target, *arguments, *only, *first], cwd=root, capture_output=True,
                             timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return True
    return ran.returncode != 0


def survives(root, mutation):
    """Why the mutation was not noticed, or nothing."""
    path = root / mutation["file"]
    text = path.read_text()
    if text.count(mutation["old"]) != 1:
        return "its text stands %d times in %s: bring it up to date" % (text.count(mutation["old"]), mutation["file"])
    path.write_text(text.replace(mutation["old"], mutation["new"]))
    try:
        built = build(root, TARGETS[mutation["test"]][0])
        if built.returncode != 0:
            return "it does not compile:\n" + built.stderr[-2000:]
        return None if is_red(root, mutation["test"], mutation.get("case")) else "%s is still green" % mutation["test"]
    finally:
        path.write_text(text)


def check(root, mutations):
    bad = 0
    for test in sorted({mutation["test"] for mutation in mutations}):
        built = build(root, TARGETS[test][0])
        if built.returncode != 0:
            sys.exit("%s does not build:\n%s" % (test, built.stderr[-2000:]))
        if is_red(root, test):
            sys.exit("%s is red before anything is broken" % test)
    for mutation in mutations:
        began = time.monotonic()
        why = survives(root, mutation)
        bad += why is not None
        print("%s  %3ds  %s%s" % ("FAIL" if why else "ok  ", time.monotonic() - began, mutation["name"],
                                  ": " + why if why else ""), flush=True)
    print("%d mutations, %d not noticed" % (len(mutations), bad))
    return 1 if bad or not mutations else 0


def main(arguments):
    here = pathlib.Path(__file__).resolve().parent.parent
    tree = None
    if arguments[:1] == ["--tree"]:
        tree, arguments = pathlib.Path(arguments[1]).resolve(), arguments[2:]
    mutations = json.loads((here / "tests/mutation/mutations.json").read_text())
    chosen = [m for m in mutations if not arguments or m["name"] in arguments]
    if tree is not None:
        return check(tree, chosen)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "tree"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", root], cwd=here, check=True)
        try:
            return check(root, chosen)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", root], cwd=here, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
