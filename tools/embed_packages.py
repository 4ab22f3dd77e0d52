#!/usr/bin/env python3
"""Writes the packages of the standard library as one C++ source. Same input, same bytes.

usage: tools/embed_packages.py OUT NAME=FILE …
"""
import pathlib
import sys

HEAD = """// Made by tools/embed_packages.py: do not edit.
#include "stdlib/packages.h"

#include <array>

namespace carbon {

namespace {

"""
CHUNK = 12000  # MSVC and old g++ limit the length of one literal; adjacent ones are joined


def literal(text):
    pieces = [text[i:i + CHUNK] for i in range(0, len(text), CHUNK)] or [""]
    return "\n".join(f'R"carbon_text({piece})carbon_text"' for piece in pieces)


def main():
    out, *files = sys.argv[1:]
    rows = []
    for file in files:
        name, path = file.split("=", 1)
        text = pathlib.Path(path).read_text(encoding="utf-8")
        shown = f"std/{name}/{pathlib.Path(path).name}"
        rows.append(f'    StandardFile{{"std/{name}", "{shown}",\n{literal(text)}}},\n')
    body = f"constexpr std::array<StandardFile, {len(rows)}> files{{{{\n{''.join(rows)}}}}};\n\n}}  // namespace\n\n"
    body += "std::span<const StandardFile> standard_files() { return files; }\n\n}  // namespace carbon\n"
    pathlib.Path(out).write_text(HEAD + body, encoding="utf-8")


if __name__ == "__main__":
    main()
