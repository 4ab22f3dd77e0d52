"""Pictures in docs/pictures show what `carbon graph` draws: the same boxes, names and arrows. Where they lie is Graphviz's matter
and depends on the machine's fonts.

usage: pictures.py ROOT CARBON        CARBON_ACCEPT=1 writes them
"""

import os
import subprocess
import sys
import xml.etree.ElementTree

PICTURES = {"data_platform.svg": ["-C", "examples/data_platform", "-e", "dev", "--world", "sandbox"]}
SVG = "{http://www.w3.org/2000/svg}"


def drawn(text):
    """What is in a picture, wherever it lies: (class, title, lines of text) of every group."""
    groups = xml.etree.ElementTree.fromstring(text).iter(SVG + "g")
    return sorted((group.get("class", ""), group.findtext(SVG + "title", ""), tuple(line.text for line in group.findall(SVG + "text")))
                  for group in groups)


def main(root, carbon):
    carbon, faults = os.path.abspath(carbon), 0
    for name, words in PICTURES.items():
        path = os.path.join(root, "docs", "pictures", name)
        done = subprocess.run([carbon, "graph", "--format", "svg", *words], cwd=root, capture_output=True, text=True, check=True)
        if os.environ.get("CARBON_ACCEPT") == "1":
            with open(path, "w", encoding="utf-8") as out:
                out.write(done.stdout)
        with open(path, encoding="utf-8") as file:
            shown = drawn(file.read())
        assert len(shown) > 10, shown
        for other in set(shown) ^ set(drawn(done.stdout)):
            print("%s: %s" % (name, other))
            faults += 1
    print("%d pictures, %d differences" % (len(PICTURES), faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
