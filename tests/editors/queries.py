#!/usr/bin/env python3
"""The queries of the grammar for tree-sitter, over every .carbon file that parses.

    queries.py ROOT TREE_SITTER LIBRARY SYNTAX_TREES

Each query is one for this grammar, none of its patterns is dead, and the highlighting leaves out no character but blanks.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import corpus

CAPTURE = re.compile(r"^    capture: (?:\d+ - )?([\w.]+), start: \((\d+), (\d+)\), end: \((\d+), (\d+)\)")
# A word of its own in a place where no other pattern would colour it.
MUST_SHOW = {
    "highlights": {"keyword": b"resource", "string.escape": b"\\n", "punctuation.special": b"${", "number": b"Gi",
                   "comment.documentation": b"## ", "keyword.operator": b"not in", "type.builtin": b"dns_name",
                   "function.call": b"slug", "boolean": b"true", "label": b"sql"},
    "injections": {"injection.language": b"yaml", "injection.content": b"SELECT"},
}


def patterns(text):
    """How many top-level patterns a query has."""
    text = re.sub(r'"(?:\\.|[^"\\])*"', '""', text)
    text = re.sub(r";[^\n]*", "", text)
    depth = count = 0
    for char in text:
        if depth == 0 and char in "([":
            count += 1
        depth += (char in "([") - (char in ")]")
    return count


def captures(tree_sitter, library, query, paths, work):
    """For each path [(pattern, name, start, end)] with (row, column) places."""
    (work / "paths").write_text("\n".join(paths) + "\n")
    command = [tree_sitter, "query", "--lib-path", library, "--lang-name", "carbon", "--paths", str(work / "paths"), query]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit("%s: %s" % (query, done.stderr.decode()[-2000:]))
    found = {path: [] for path in paths}
    current = pattern = None
    for line in done.stdout.decode(errors="replace").splitlines():
        match = CAPTURE.match(line)
        if match:
            row, column, end_row, end_column = (int(match[i]) for i in (2, 3, 4, 5))
            current.append((pattern, match[1], (row, column), (end_row, end_column)))
        elif line.startswith("  pattern: "):
            pattern = int(line.split(": ")[1])
        elif line in found:
            current = found[line]
    return found


def uncoloured(content, marks):
    """The first character that no capture holds, as a place."""
    starts = corpus.line_starts(content)
    held = bytearray(len(content))
    for _, _, (row, column), (end_row, end_column) in marks:
        begin, end = starts[row] + column, starts[end_row] + end_column
        held[begin:end] = b"x" * (end - begin)
    for at, byte in enumerate(content):
        if not held[at] and byte not in b" \t\r\n":
            return "line %d: %r has no colour" % (content[:at].count(b"\n") + 1, content[at:at + 20])
    return None


def faults_of(path, marks, contents):
    name = path.stem
    faults = []
    written = patterns(path.read_text())
    used = {mark[0] for each in marks.values() for mark in each}
    faults += ["%s: pattern %d matches nothing" % (path.name, each) for each in range(written) if each not in used]
    shown = {}
    for file, each in marks.items():
        starts = corpus.line_starts(contents[file])
        for _, capture, (row, column), (end_row, end_column) in each:
            shown.setdefault(capture, []).append(contents[file][starts[row] + column:starts[end_row] + end_column])
        wrong = uncoloured(contents[file], each) if name == "highlights" else None
        if wrong:
            faults.append("%s: %s" % (file, wrong))
    for capture, wanted in MUST_SHOW.get(name, {}).items():
        if not any(wanted in each for each in shown.get(capture, ())):
            faults.append("%s: nothing with %r is @%s" % (path.name, wanted, capture))
    return faults


def main():
    root, tree_sitter, library = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    faults = []
    count = 0
    with tempfile.TemporaryDirectory(prefix="carbon-queries-") as folder:
        work = pathlib.Path(folder)
        contents = {}
        for number, content in enumerate(corpus.corpus(root).values()):
            path = str(work / ("%d.carbon" % number))
            pathlib.Path(path).write_bytes(content)
            contents[path] = content
        trees = corpus.trees_of_parser(sys.argv[4], list(contents))
        whole = [path for path, (errors, _) in zip(contents, trees) if not errors and contents[path].strip()]
        for path in sorted((root / "editors/tree-sitter-carbon/queries").glob("*.scm")):
            marks = captures(tree_sitter, library, str(path), whole, work)
            faults += faults_of(path, marks, contents)
            count += sum(len(each) for each in marks.values())
    print("\n".join(faults[:40]))
    print("queries: %d files, %d captures, %d faults" % (len(whole), count, len(faults)))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
