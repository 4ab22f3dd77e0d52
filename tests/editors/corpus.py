#!/usr/bin/env python3
"""The grammar for tree-sitter against carbon's own parser.

    corpus.py ROOT TREE_SITTER LIBRARY SYNTAX_TREES

Over all .carbon files of the repository, broken ones included, the blocks of the documentation, and mutants of these:
what carbon's parser accepts must have the same tree, node by node, and what it rejects must have an error.
"""

import collections
import pathlib
import random
import re
import subprocess
import sys
import tempfile

# Errors that no grammar of tree-sitter can have, each with the reason.
NOT_OF_THE_GRAMMAR = {
    "C0104 ": "how deep something is nested, and how long a chain may be, are limits and no syntax",
    "C0103 the file starts with a byte order mark": "tree-sitter skips the mark before a grammar sees the text",
    "C0102 a line is indented less than the closing quotes": "decided by the last line of a text, not by its first",
}
MUTANTS = 3000
NODE = re.compile(r"^( *)(?:\w+: )?\((\w+) \[(\d+), (\d+)\] - \[(\d+), (\d+)\]")
TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
Node = collections.namedtuple("Node", "depth kind begin end")


def blocks(text):
    """The ```carbon blocks of a page; a fragment that is no file is one in a body."""
    for fragment, block in re.findall(r"^```carbon( fragment)?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield block
        if fragment:
            yield "resource part : k8s.ConfigMap {\n" + block + "}\n"


def corpus(root):
    """{name: bytes}"""
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "*.carbon", "README.md", "docs/*.md"],
                            stdout=subprocess.PIPE, check=True)
    found = {}
    for name in listed.stdout.decode().split("\0")[:-1]:
        content = (root / name).read_bytes()
        if name.endswith(".carbon"):
            found[name] = content
            continue
        for number, block in enumerate(blocks(content.decode())):
            found["%s block %d" % (name, number)] = block.encode()
    return found


def mutant(chance, text):
    tokens = TOKEN.findall(text)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(tokens))
        other = chance.randrange(len(tokens))
        change = chance.randrange(6)
        if change == 0:
            tokens[at] = ""
        elif change == 1:
            tokens[at] += tokens[other]
        elif change == 2:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif change == 3:
            tokens[at] = tokens[other]
        elif change == 4:
            tokens[at] += chance.choice(("\n", " ", "\t", "\r\n", "#", "\\", "${", "\"", "'", "\"\"\"", "_", "\n\n  "))
        else:
            tokens[at] = tokens[at][1:]
    return "".join(tokens)


def mutants(found):
    chance = random.Random(3)
    texts = []
    for name in sorted(found):
        if 0 < len(found[name]) < 4000:
            try:
                texts.append((name, found[name].decode()))
            except UnicodeDecodeError:
                pass
    for number in range(MUTANTS):
        name, text = chance.choice(texts)
        yield "mutant %d of %s" % (number, name), mutant(chance, text).encode()


def trees_of_parser(program, paths):
    """For each path (errors, nodes)."""
    out = subprocess.run([program], input="\n".join(paths) + "\n", stdout=subprocess.PIPE, check=True, text=True).stdout
    trees = []
    for line in out.splitlines():
        if line.startswith("file "):
            trees.append((line.split("\t")[1:], []))
        else:
            depth, kind, begin, end = line.split(" ")
            trees[-1][1].append(Node(int(depth), kind, int(begin), int(end)))
    return trees


def line_starts(content):
    starts = [0]
    for line in content.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def trees_of_tree_sitter(tree_sitter, library, work, paths, contents):
    """For each path (first line with an error, nodes)."""
    (work / "paths").write_text("\n".join(paths) + "\n")
    command = [tree_sitter, "parse", "--lib-path", library, "--lang-name", "carbon", "--paths", str(work / "paths")]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    trees = []
    for line in done.stdout.splitlines():
        match = NODE.match(line)
        if match and not match[1]:
            trees.append(["", []])
            starts = line_starts(contents[len(trees) - 1])
        if match and match[2] != "ERROR":
            row, column, end_row, end_column = (int(match[i]) for i in (3, 4, 5, 6))
            trees[-1][1].append(Node(len(match[1]) // 2, match[2], starts[row] + column, starts[end_row] + end_column))
        elif "ERROR" in line or "MISSING" in line:
            trees[-1][0] = trees[-1][0] or line.split("\t")[-1].strip()
    if len(trees) != len(paths):
        sys.exit("tree-sitter gives %d trees for %d files: %s" % (len(trees), len(paths), done.stderr[-2000:]))
    return trees


def comparable(nodes):
    """Nodes as (depth, kind, begin, end) with operators of one expression in one node, as the parser writes them, and
    without what only one side has; then the comments, which may hang elsewhere."""
    out = []
    comments = []
    open_nodes = []  # (depth as written, depth as compared, kind)
    for node in nodes[1:]:
        if node.kind in ("comment", "doc_comment"):
            comments.append(node[1:])
            continue
        while open_nodes and open_nodes[-1][0] >= node.depth:
            open_nodes.pop()
        depth, kind = open_nodes[-1][1:] if open_nodes else (0, "file")
        inside = kind == "raw_multiline"
        same = kind == "operation" and node.kind == "operation"
        open_nodes.append((node.depth, depth if same or inside else depth + 1, kind if inside else node.kind))
        if not same and not inside:
            out.append((depth + 1,) + node[1:])
    return out, sorted(comments)


def difference(ours, theirs, content):
    for one, other in zip(ours + [None], theirs + [None]):
        if one != other:
            at = (one or other)[2]
            return "line %d: %s here, %s there" % (content[:at].count(b"\n") + 1, one, other)
    return None


def is_of_the_grammar(error):
    return not any(error.startswith(known) for known in NOT_OF_THE_GRAMMAR)


def fault(ours, theirs, content):
    """(what is wrong or None, whether it is an exception)"""
    errors, nodes = ours
    error, other_nodes = theirs
    if errors:
        excepted = not any(is_of_the_grammar(each) for each in errors)
        return (None, not error) if error or excepted else ("accepted, but: %s" % errors[0], False)
    if error:
        return "rejected: %s" % error, False
    one, other = comparable(nodes), comparable(other_nodes)
    return difference(one[0], other[0], content) or difference(
        [(0,) + each for each in one[1]], [(0,) + each for each in other[1]], content), False


def main():
    root = pathlib.Path(sys.argv[1])
    found = corpus(root)
    accepted = rejected = nodes = 0
    faults = []
    excepted = []
    with tempfile.TemporaryDirectory(prefix="carbon-corpus-") as folder:
        work = pathlib.Path(folder)
        texts = list(found.items()) + list(mutants(found))
        paths = []
        for number, (_, content) in enumerate(texts):
            paths.append(str(work / ("%d.carbon" % number)))
            pathlib.Path(paths[-1]).write_bytes(content)
        ours = trees_of_parser(sys.argv[4], paths)
        theirs = trees_of_tree_sitter(sys.argv[2], sys.argv[3], work, paths, [content for _, content in texts])
        for (name, content), one, other in zip(texts, ours, theirs):
            wrong, exception = fault(one, other, content)
            accepted += not one[0]
            rejected += bool(one[0])
            nodes += len(one[1])
            if wrong:
                faults.append("%s: %s" % (name, wrong))
            if exception:
                excepted.append((name, one[0][0]))
    if len(sys.argv) > 5 and faults:
        pathlib.Path(sys.argv[5]).mkdir(exist_ok=True)
        for each in faults:
            name = each.split(": ")[0]
            (pathlib.Path(sys.argv[5]) / name.replace("/", "_")).write_bytes(dict(texts)[name])
    for each in faults[:40]:
        print(each)
    for known in NOT_OF_THE_GRAMMAR:
        if not any(error.startswith(known) for _, error in excepted):
            faults.append("no file needs the exception %r" % known)
            print(faults[-1])
    print("%d files, %d accepted with %d nodes, %d rejected, %d by what is no grammar; %d differ" %
          (len(texts), accepted, nodes, rejected, len(excepted), len(faults)))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
