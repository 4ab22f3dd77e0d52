#!/usr/bin/env python3
"""Writes a platform of one shape and size, for carbon or for its rival.

usage: bench/generate.py carbon|terraform SHAPE SIZE FOLDER
"""
import pathlib
import sys

from carbon_text import carbon_files
from shapes import SHAPES
from terraform_text import terraform_files

WRITERS = {"carbon": carbon_files, "terraform": terraform_files}


def generate(language, shape, size, folder):
    """Writes the files and returns the platform: its `resources` may be a few fewer than `size`."""
    platform = SHAPES[shape](size)
    for name, text in WRITERS[language](platform).items():
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return platform


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in WRITERS or sys.argv[2] not in SHAPES or not sys.argv[3].isdigit():
        print(__doc__ + f"\nshapes: {' '.join(SHAPES)}", file=sys.stderr)
        return 1
    platform = generate(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
    print(f"{platform.resources} resources in {sys.argv[4]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
