#!/usr/bin/env python3
"""Every numbered rule of the language is held by goldens that are there.

    rules.py ROOT        a line a fault; exit 1 when there is one

A rule is a paragraph of docs/language/**/*.md: its number in bold, what holds, and its goldens in italics, as
folders of tests/golden (or of tests/e2e/bad-input as `bad-input/NAME`):

    **R-UNIT-3** Bytes are whole: `0.3B` is C0210. *check/okay-units, check/fail-arithmetic*

It needs an `okay-` golden and a `fail-` one, or the words `cannot be broken`. A code that it names is shown by one of its
goldens. A golden that names a rule in a comment (`# R-UNIT-3`) is one of the rule's.
"""

import collections
import pathlib
import re
import sys

RULE = re.compile(r"\*\*(R-[A-Z]+-\d+)\*\* (.*?)\*([^*`]+)\*$", re.S)
UNBREAKABLE = "cannot be broken"
STAGES = ("check", "expand", "format", "parse", "test")  # of the language; other goldens show other things
ERRORS = ("expected.errors", "expected.text", "expected.stderr", "expected.tests")


def paragraphs(text):
    return [part.strip() for part in re.split(r"\n\s*\n", re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M))]


def folder_of(root, golden):
    stage, _, name = golden.partition("/")
    return root / ("tests/e2e/bad-input" if stage == "bad-input" else "tests/golden/" + stage) / name


def is_failing(golden):
    return golden.startswith("bad-input/") or golden.split("/")[-1].startswith("fail-")


def codes_of(folder):
    found = set()
    for name in ERRORS:
        if (folder / name).is_file():
            found.update(re.findall(r"C\d{4}", (folder / name).read_text()))
    return found


class Rules:
    def __init__(self, root):
        self.root = root
        self.cited = {}  # rule to its goldens
        self.faults = []
        self.place = {}

    def read(self, path):
        where = path.relative_to(self.root)
        for paragraph in paragraphs(path.read_text()):
            if not paragraph.startswith("**R-"):
                continue
            match = RULE.fullmatch(paragraph)
            if not match:
                self.faults.append("%s: no goldens: %s" % (where, paragraph.splitlines()[0]))
                continue
            self.rule(where, *match.groups())

    def rule(self, where, number, text, citations):
        if number in self.place:
            self.faults.append("%s: %s is in %s too" % (where, number, self.place[number]))
        self.place[number] = where
        words = [word.strip() for word in re.split(r"[,;]\s*", citations)]
        goldens = [word for word in words if word != UNBREAKABLE]
        self.cited[number] = goldens
        self.faults += ["%s: %s: there is no golden %s" % (where, number, golden) for golden in goldens
                        if not folder_of(self.root, golden).is_dir()]
        failing = [golden for golden in goldens if is_failing(golden)]
        if len(failing) == len(goldens):
            self.faults.append("%s: %s has no okay- golden" % (where, number))
        if bool(failing) == (UNBREAKABLE in words):
            self.faults.append("%s: %s needs either a fail- golden or `%s`" % (where, number, UNBREAKABLE))
        shown = set().union(*(codes_of(folder_of(self.root, golden)) for golden in goldens))
        self.faults += ["%s: %s: none of its goldens shows %s" % (where, number, code)
                        for code in sorted(set(re.findall(r"\bC\d{4}\b", text)) - shown)]

    def read_goldens(self):
        """Comments in goldens that name a rule; the number of goldens that no rule cites."""
        known = {golden for goldens in self.cited.values() for golden in goldens}
        unused = 0
        for folder in sorted(path for stage in STAGES for path in (self.root / "tests/golden" / stage).iterdir()):
            golden = "%s/%s" % (folder.parent.name, folder.name)
            unused += golden not in known
            named = set()
            for path in folder.rglob("*.carbon"):
                if path.name != "expected.carbon":
                    for line in re.findall(r"#.*", path.read_text(errors="replace")):
                        named.update(re.findall(r"R-[A-Z]+-\d+", line))
            self.faults += ["%s names %s, which does not cite it" % (golden, number) for number in sorted(named)
                            if golden not in self.cited.get(number, [])]
        return unused


def main():
    rules = Rules(pathlib.Path(sys.argv[1]))
    for path in sorted((rules.root / "docs/language").rglob("*.md")):
        rules.read(path)
    unused = rules.read_goldens()
    by_area = collections.Counter(number.rsplit("-", 1)[0] for number in rules.cited)
    areas = ", ".join("%s %d" % pair for pair in sorted(by_area.items()))
    print("\n".join(rules.faults + ["%d rules (%s), %d goldens without a rule, %d faults" % (
        len(rules.cited), areas, unused, len(rules.faults))]))
    return 1 if rules.faults or not rules.cited else 0


if __name__ == "__main__":
    sys.exit(main())
