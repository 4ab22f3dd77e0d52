#!/usr/bin/env python3
"""Writes the pages of docs/diagnostics as one C++ source, in order of codes. Same input, same bytes.

usage: tools/embed_pages.py FOLDER OUT DEPFILE
"""
import pathlib
import sys

HEAD = """// Made by tools/embed_pages.py: do not edit.
#include "cli/diagnostic_pages.h"

#include <array>

namespace carbon {

namespace {

"""


def main():
    folder, out, depfile = (pathlib.Path(argument) for argument in sys.argv[1:])
    pages = sorted(folder.glob("C*.md"))
    rows = []
    for page in pages:
        text = page.read_text(encoding="utf-8")
        rows.append(f'    DiagnosticPage{{"{page.stem}", R"carbon_text({text})carbon_text"}},\n')
    body = f"constexpr std::array<DiagnosticPage, {len(rows)}> pages{{{{\n{''.join(rows)}}}}};\n\n}}  // namespace\n\n"
    body += "std::span<const DiagnosticPage> diagnostic_pages() { return pages; }\n\n}  // namespace carbon\n"
    out.write_text(HEAD + body, encoding="utf-8")
    # The folder itself, so that a new page is seen.
    depfile.write_text(f"{out.name}: {folder} {' '.join(map(str, pages))}\n".replace(out.name, str(out), 1))


if __name__ == "__main__":
    main()
