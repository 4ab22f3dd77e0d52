#!/usr/bin/env python3
"""Writes the packed CustomResourceDefinitions (stdlib/definitions/README.md) as one C++ source. Same input, same bytes.

usage: tools/embed_definitions.py OUT PACKAGE.txt …
"""
import pathlib
import sys

from embed_packages import literal

HEAD = """// Made by tools/embed_definitions.py: do not edit.
#include "stdlib/definitions/definitions.h"

namespace carbon {

namespace {

"""


def array(name, lines):
    """Kinds and parts are told apart by their names, so both are rows of one form."""
    yield f"constexpr PackedDefinition {name}[] = {{"
    for line in lines:
        key, text = line.split(" ", 1)
        yield f'    {{"{key}", {literal(text)}}},'
    yield "};"


def main():
    out, *files = sys.argv[1:]
    body, rows = [], []
    for file in files:
        package = pathlib.Path(file).stem
        blocks = pathlib.Path(file).read_text(encoding="utf-8").split("\n\n")
        kinds, parts = (block.strip("\n").split("\n") for block in blocks[1:3])
        body += [*array(f"{package}_kinds", sorted(kinds)), *array(f"{package}_parts", sorted(parts))]
        rows.append(f'    {{"{package}", {package}_kinds, {package}_parts}},')
    body += ["constexpr DefinitionPackage all_packages[] = {", *rows, "};", "", "}  // namespace", ""]
    body += ["std::span<const DefinitionPackage> definition_packages() { return all_packages; }", "", "}  // namespace carbon", ""]
    pathlib.Path(out).write_text(HEAD + "\n".join(body), encoding="utf-8")


if __name__ == "__main__":
    main()
