#!/usr/bin/env python3
"""Makes platform/sandbox/kubernetes/protobuf_fields.def: the field numbers of the built-in kinds.

OpenAPI knows the fields by name only; kubectl 1.32 and newer sends the bodies of `create namespace` and its like in
protobuf. Types come from the schemas, so that numbers are all that is missing.

usage: tools/k8s_protobuf.py GO_MODULE_CACHE VERSION >platform/sandbox/kubernetes/protobuf_fields.def
       (for example ~/go/pkg/mod v0.35.4)
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "stdlib/k8s/openapi/kubernetes.txt"
PACKAGE = re.compile(r"^package (?:[\w.]+\.)?(\w+\.v\d\w*);", re.M)
FIELD = re.compile(r"^\s+(?:optional |repeated )?(map<[^>]+>|[\w.]+) (\w+) = (\d+)", re.M)
MICRO_TIME = "meta.v1.MicroTime"


def schema_fields():
    """schema -> names of its fields"""
    found, current = {}, None
    for line in SCHEMAS.read_text(encoding="utf-8").splitlines():
        head = re.match(r"^([a-z]\w*\.v\d\w*\.\w+)(?: atomic)?(?: \||$)", line)
        if head:
            current = found.setdefault(head[1], set())
        elif line.startswith(" ") and current is not None:
            current.add(re.match(r" (\S+?)!? ", line)[1])
        else:
            current = None
    return found


def proto_files(cache, version):
    yield from sorted((cache / f"k8s.io/api@{version}").glob("*/v*/generated.proto"))
    yield cache / f"k8s.io/apimachinery@{version}/pkg/apis/meta/v1/generated.proto"
    yield cache / f"k8s.io/apiextensions-apiserver@{version}/pkg/apis/apiextensions/v1/generated.proto"
    yield cache / f"k8s.io/kube-aggregator@{version}/pkg/apis/apiregistration/v1/generated.proto"


def short(package, name):
    """`.k8s.io.api.core.v1.Pod` or `Pod` as the schemas call it"""
    parts = name.split(".")
    return f"{package}.{name}" if len(parts) == 1 else ".".join(parts[-3:])


def messages(cache, version):
    """message -> [(type, field, number)]"""
    found = {}
    for path in proto_files(cache, version):
        text = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        package = PACKAGE.search(text)[1]
        for name, body in re.findall(r"^message (\w+) \{\n(.*?)^\}", text, re.M | re.S):
            found[f"{package}.{name}"] = [(short(package, kind), field, number) for kind, field, number in FIELD.findall(body)]
    return found


def row(message, names, protos, inlined):
    spelled = {name.lower(): name for name in names}  # `aPIGroup`, `Webhooks`
    for kind, field, number in protos[message]:
        field = field if field in names else spelled.get(field.lower())
        if field:
            yield f"{field}{'~' if kind == MICRO_TIME else ''}={number}"
        elif kind in protos:  # embedded in Go: its fields stand in the JSON object itself
            inlined.setdefault(kind, set()).update(names)
            yield f">{kind}={number}"


def main():
    schemas, protos = schema_fields(), messages(pathlib.Path(sys.argv[1]), sys.argv[2])
    print(f"// Numbers of the fields in protobuf; made by tools/k8s_protobuf.py from k8s.io/api {sys.argv[2]} (Apache-2.0).")
    print("// `~` a time with microseconds, `>MESSAGE` a message whose fields stand in the object itself.")
    rows, inlined = {}, {}
    for schema, names in schemas.items():
        if schema in protos:
            rows[schema] = list(row(schema, names, protos, inlined))
    while missing := {name: fields for name, fields in inlined.items() if name not in rows}:
        for name, fields in missing.items():
            rows[name] = list(row(name, fields, protos, inlined))
    for name in sorted(rows):
        print(f'MESSAGE("{name}", "{" ".join(rows[name])}")')
    for schema, names in schemas.items():
        listed = " ".join(rows.get(schema, []))
        lost = [field for field in names if f"{field}=" not in listed and f"{field}~=" not in listed and ">" not in listed]
        lost = [field for field in lost if field not in ("apiVersion", "kind")]
        if lost:
            print(f"{schema}: no number for {lost}", file=sys.stderr)


if __name__ == "__main__":
    main()
