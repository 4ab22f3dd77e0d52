#!/usr/bin/env python3
"""Packs a vendor's CustomResourceDefinitions as carbon embeds them: stdlib/definitions/README.md. Same input, same bytes.

usage: tools/pack_definitions.py OUT "SOURCE AND VERSION" FILE.yaml …     needs python3-yaml

Nothing is left out: unpacked, each definition is what the vendor published. A part that occurs twice, or is long, stands
once, under the digest of its text, so that a new release is a reviewable diff.
"""
import hashlib
import json
import pathlib
import re
import sys

import yaml

LONG = 300   # a line that can be read
SHORT = 60   # below that a name in its place saves nothing
HEAD = """# CustomResourceDefinitions of {source}. Made by tools/pack_definitions.py; do not edit.
# Licensed under Apache-2.0 by their authors. The form is described in README.md.
"""


class Loader(yaml.SafeLoader):
    """YAML 1.2 as far as it matters here: times and a lone `=` are text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def text_of(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Packer:
    def __init__(self):
        self.seen = {}   # text of a part in full -> how often
        self.texts = {}  # id of a value -> its text in full; values live as long as the packer
        self.parts = {}  # name -> packed text
        self.names = {}  # text in full -> name

    def full(self, value):
        if id(value) not in self.texts:
            self.texts[id(value)] = text_of(value)
        return self.texts[id(value)]

    def count(self, value):
        if not isinstance(value, (dict, list)):
            return
        full = self.full(value)
        self.seen[full] = self.seen.get(full, 0) + 1
        if self.seen[full] > 1:
            return
        for each in value.values() if isinstance(value, dict) else value:
            self.count(each)

    def pack(self, value):
        """What stands in a value's place: itself, or the name of a part."""
        if not isinstance(value, (dict, list)):
            return value
        full = self.full(value)
        if full in self.names:
            return {"$": self.names[full]}
        inside = self.inside(value)
        packed = text_of(inside)
        if len(packed) < SHORT or (self.seen[full] < 2 and len(packed) < LONG):
            return inside
        name = hashlib.sha256(full.encode()).hexdigest()[:8]
        if name in self.parts:
            sys.exit(f"two parts have the digest {name}: make it longer here and in tools/embed_definitions.py")
        self.parts[name] = packed
        self.names[full] = name
        return {"$": name}

    def inside(self, value):
        if isinstance(value, dict):
            if "$" in value:
                sys.exit("a definition has a member called `$`")
            return {key: self.pack(each) for key, each in value.items()}
        return [self.pack(each) for each in value]


def main():
    out, source, *files = sys.argv[1:]
    documents = []
    for file in files:
        with open(file, encoding="utf-8") as text:
            documents += [each for each in yaml.load_all(text, Loader) if each]
    documents.sort(key=lambda each: each["spec"]["names"]["kind"])
    packer = Packer()
    for each in documents:
        packer.count(each)
    kinds = [f"{each['spec']['names']['kind']} {text_of(packer.inside(each))}" for each in documents]
    if any(not re.match(r"[A-Z]\w+ ", each) for each in kinds):
        sys.exit("a document is no CustomResourceDefinition")
    parts = [f"{name} {text}" for name, text in sorted(packer.parts.items())]
    blocks = [HEAD.format(source=source), "\n".join(kinds) + "\n", "\n".join(parts) + "\n"]
    pathlib.Path(out).write_text("\n".join(blocks), encoding="utf-8")


if __name__ == "__main__":
    main()
