#!/usr/bin/env python3
"""Writes a C++ source that holds files as they are, and their SHA-256 as a Content-Security-Policy names it.

usage: tools/embed_files.py OUT HEADER NAME=FILE...
"""
import base64
import hashlib
import pathlib
import sys


def main():
    out, header, *pairs = sys.argv[1:]
    lines = ['#include "%s"' % header, "", "namespace carbon {", ""]
    for pair in pairs:
        name, path = pair.split("=", 1)
        content = pathlib.Path(path).read_bytes()
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        assert b')carbon"' not in content, path
        lines += ['const EmbeddedFile %s{R"carbon(%s)carbon", "sha256-%s"};' % (name, content.decode(), digest), ""]
    pathlib.Path(out).write_text("\n".join([*lines, "}  // namespace carbon", ""]))


if __name__ == "__main__":
    main()
