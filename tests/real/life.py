#!/usr/bin/env python3
"""Prints the requests of one life of every kind in tests/e2e/kinds_table.py, for ./record.

usage: life.py CARBON

A line a request, separated by tabs: name, words, method, path, type, body.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from kinds_table import TABLE  # noqa: E402

NAMESPACE = "life"


def objects(carbon, *edits):
    """What carbon would send for each kind, by address."""
    text = ['import "std/k8s"', "platform life {}", "provider cluster : k8s.Cluster {}",
            'resource home : k8s.Namespace { metadata = { name = "%s" } }' % NAMESPACE]
    text += [kind.text(*(getattr(kind, edit) for edit in edits)) for kind in TABLE]
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "p.carbon").write_text("\n".join(text))
        command = [carbon, "render", "-C", folder, "-o", "json"]
        rendered = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    made = {each["address"]: each["object"] for each in json.loads(rendered)["resources"]}
    made["secret"]["stringData"] = {"text": "b" if "change" in edits else "a"}  # never rendered as it is
    return made


def main():
    carbon = sys.argv[1]
    created, changed = objects(carbon), objects(carbon, "change")
    replaced = objects(carbon, "change", "replace")
    for number, kind in enumerate(TABLE, 1):
        path = kind.path.replace("/NS/", "/%s/" % NAMESPACE) + "/" + kind.name
        apply = path + "?fieldManager=carbon&force=false"

        def say(step, words, method, target, media="none", body=None):
            name = "a%02d-%s-%s" % (number, kind.address, step)
            print(name, words, method, target, media, "" if body is None else json.dumps(body), sep="\t")

        say("1-create", "SSA of a %s" % kind.type, "PATCH", apply, "apply", created[kind.address])
        say("2-change", "SSA with another %s" % kind.changed, "PATCH", apply, "apply", changed[kind.address])
        say("3-drift", "A merge patch by another manager", "PATCH", path + "?fieldManager=colleague", "merge", kind.drift)
        say("4-conflict", "SSA of the same as before", "PATCH", apply, "apply", changed[kind.address])
        if kind.replace:
            say("5-replace", "SSA with a field that cannot change, forced", "PATCH",
                path + "?fieldManager=carbon&force=true", "apply", replaced[kind.address])
        say("6-delete", "DELETE", "DELETE", path + "?propagationPolicy=Background")


if __name__ == "__main__":
    main()
