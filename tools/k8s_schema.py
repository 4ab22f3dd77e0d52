#!/usr/bin/env python3
"""Reduces Kubernetes' OpenAPI v3 files to the text that stdlib/k8s embeds. Same input, same bytes.

usage: tools/k8s_schema.py --from DIR [--release 1.35] [--out FILE | --check FILE]

DIR holds api__v1.json and apis__GROUP__VERSION.json as an API server gives them at /openapi/v3. The form of the
text is described in stdlib/k8s/openapi/README.md.
"""
import argparse
import json
import pathlib
import re
import sys

import k8s_kinds

ROOT = pathlib.Path(__file__).resolve().parent.parent / "stdlib/k8s/openapi"
REF = "#/components/schemas/"
PREFIXES = (
    ("io.k8s.apimachinery.pkg.apis.meta.", "meta."), ("io.k8s.apimachinery.pkg.runtime.", "runtime."),
    ("io.k8s.apimachinery.pkg.version.", "version."), ("io.k8s.apimachinery.pkg.api.resource.", "resource."),
    ("io.k8s.apimachinery.pkg.util.intstr.", "intstr."), ("io.k8s.kube-aggregator.pkg.apis.", ""),
    ("io.k8s.apiextensions-apiserver.pkg.apis.", ""), ("io.k8s.api.", ""),
)
# Schemas that are no records. A date stays a string: carbon has no time type, and the server keeps its spelling.
SCALARS = {"resource.Quantity": "quantity", "intstr.IntOrString": "int_or_string", "meta.v1.Time": "time",
           "meta.v1.MicroTime": "time"}
FORMATS = {("string", "byte"): "byte", ("integer", "int32"): "int32", ("integer", "int64"): "int64",
           ("number", "double"): "double", ("boolean", None): "bool", ("string", None): "string"}
ALWAYS = ("meta.v1.DeleteOptions", "meta.v1.Status")
DOC_LIMIT = 240
# Sentences worth keeping after the first: they say what may be written.
TELLING = re.compile(r"(Can|Must|May|Should)? ?(be )?(one of|Defaults? |Valid |Possible )", re.I)


def short(name):
    name = name.removeprefix(REF)
    return next((to + name[len(start):] for start, to in PREFIXES if name.startswith(start)), name)


def reference(schema):
    return schema.get("$ref") or (schema["allOf"][0]["$ref"] if "allOf" in schema else None)


def documentation(text):
    text = re.sub(r"^(Optional|Required)[:.] *", "", " ".join(text.split()))
    sentences = re.split(r"(?<!e\.g)(?<!i\.e)(?<!etc)\. +", text)
    kept = sentences[:1] + [sentence for sentence in sentences[1:] if TELLING.match(sentence)][:2]
    text = ". ".join(sentence.rstrip(".") for sentence in kept)
    return text if len(text) <= DOC_LIMIT else text[:DOC_LIMIT].rsplit(" ", 1)[0] + " ..."


def described(words, schema):
    text = documentation(schema.get("description", ""))
    return f"{words} | {text}" if text else words


class Schemas:
    def __init__(self, documents):
        self.all = {}
        for document in documents:
            self.all.update({short(name): body for name, body in document["components"]["schemas"].items()})
        self.recursive = {name for name in self.all if name in self.reachable(self.references(name))}

    def references(self, name):
        return {short(found) for found in re.findall(r'"\$ref": "([^"]+)"', json.dumps(self.all[name]))}

    def reachable(self, roots):
        seen, open_names = set(), sorted(roots)
        while open_names:
            name = open_names.pop()
            if name not in seen:
                seen.add(name)
                open_names += sorted(self.references(name))
        return seen

    def is_record(self, name):
        return name not in SCALARS and name not in self.recursive and "properties" in self.all[name]

    def type_text(self, field):
        target = reference(field)
        if target:
            name = short(target)
            granular = "+" if field.get("x-kubernetes-map-type") == "granular" else ""
            return SCALARS.get(name) or (name + granular if self.is_record(name) else "json")
        kind = field.get("type")
        if kind == "array":
            item, form = self.type_text(field["items"]), field.get("x-kubernetes-list-type")
            keys = field.get("x-kubernetes-list-map-keys", [])
            if form is None and "merge" in field.get("x-kubernetes-patch-strategy", "").split(","):
                keys = [field["x-kubernetes-patch-merge-key"]]  # server-side apply's own fallback (structured-merge-diff)
            return f"set<{item}>" if form == "set" else f"list<{item}>" + (f"({','.join(keys)})" if keys else "")
        if kind == "object":
            inner = field.get("additionalProperties")
            atomic = "*" if field.get("x-kubernetes-map-type") == "atomic" else ""
            return f"map<{self.type_text(inner)}>{atomic}" if inner else "json"
        return FORMATS[kind, field.get("format")] if kind else "json"

    def lines(self, name):
        body = self.all[name]
        atomic = " atomic" if body.get("x-kubernetes-map-type") == "atomic" else ""
        yield described(name + atomic, body)
        for field, schema in sorted(body["properties"].items()):
            words = [field + ("!" if field in body.get("required", []) else ""), self.type_text(schema)]
            if schema.get("x-kubernetes-patch-strategy"):
                key = schema.get("x-kubernetes-patch-merge-key")
                words.append("~" + schema["x-kubernetes-patch-strategy"] + (":" + key if key else ""))
            if schema.get("default") not in (None, "", {}, 0, False):
                words.append("=" + json.dumps(schema["default"]))
            yield described(" " + " ".join(words), schema)


def reduce(folder, release):
    documents = [json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).glob("api*.json"))]
    schemas, found = Schemas(documents), k8s_kinds.collect(documents)
    roots = {name for name, body in schemas.all.items() for g in body.get("x-kubernetes-group-version-kind", [])
             for subs in found.values() for (gvk, _, _) in subs.values() if g == gvk} | set(ALWAYS)
    head = (ROOT / "header.txt").read_text().replace("@RELEASE@", release)
    parts = [head.rstrip("\n"), "\n".join(k8s_kinds.lines(found, ROOT / "names.txt"))]
    parts += ["\n".join(schemas.lines(name)) for name in sorted(schemas.reachable(roots & set(schemas.all)))
              if schemas.is_record(name)]
    return "\n\n".join(parts) + "\n"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--from", dest="folder", required=True)
    arguments.add_argument("--release", default="1.35")
    arguments.add_argument("--out")
    arguments.add_argument("--check")
    options = arguments.parse_args()
    text = reduce(options.folder, options.release)
    if options.check:
        same = pathlib.Path(options.check).read_text() == text
        print(options.check, "is up to date" if same else "differs: run tools/k8s_schema.py again")
        return 0 if same else 1
    pathlib.Path(options.out or ROOT / "kubernetes.txt").write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
