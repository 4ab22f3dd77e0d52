#!/usr/bin/env python3
"""Makes platform/sandbox/kubernetes/wire_shape.def: how Go's encoder writes the fields of the built-in kinds.

OpenAPI does not say whether a Go field is a pointer or has omitempty, but that decides what a server answers with:
`strategy: {}` appears though nobody wrote it, `stdin: false` disappears, `replicas: 0` stays.

usage: tools/k8s_wire_shape.py GO_MODULE_CACHE VERSION >platform/sandbox/kubernetes/wire_shape.def
       (for example ~/go/pkg/mod v0.35.4)
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "stdlib/k8s/openapi/kubernetes.txt"
FIELD = re.compile(r'^\t(?:(\w+)\s+)?([\w.*\[\]{}]+)\s+`[^`]*json:"([^"]*)"')
BASIC = {"string", "bool", "int", "int32", "int64", "float64", "byte"}


def packages(cache, version):
    api = cache / f"k8s.io/api@{version}"
    for types in sorted(api.glob("*/v*/types*.go")):
        yield f"{types.parent.parent.name}.{types.parent.name}", types
    yield "meta.v1", cache / f"k8s.io/apimachinery@{version}/pkg/apis/meta/v1/types.go"
    yield "meta.v1", cache / f"k8s.io/apimachinery@{version}/pkg/apis/meta/v1/micro_time.go"
    crd = cache / f"k8s.io/apiextensions-apiserver@{version}/pkg/apis/apiextensions/v1"
    yield from (("apiextensions.v1", path) for path in sorted(crd.glob("types*.go")))
    yield "apiregistration.v1", cache / f"k8s.io/kube-aggregator@{version}/pkg/apis/apiregistration/v1/types.go"


def read(cache, version):
    """package -> (struct -> [(go name, type, tag)], scalar alias -> base, alias of a list or map)"""
    structs, aliases = {}, {("types", "UID"): "string"}
    for package, path in packages(cache, version):
        lines = path.read_text(encoding="utf-8").splitlines()
        current = None
        for line in lines:
            start = re.match(r"^type (\w+) struct \{", line)
            alias = re.match(r"^type (\w+) ([\w.\[\]*]+)$", line)
            if start:
                current = structs.setdefault((package, start[1]), [])
            elif line.startswith("}"):
                current = None
            elif alias:
                aliases[package, alias[1]] = alias[2]
            elif current is not None and (field := FIELD.match(line)):
                current.append((field[1], field[2], field[3].split(",")))
    return structs, aliases


def qualified(package, name):
    if "." not in name:
        return package, name
    prefix, name = name.split(".")
    known = {"metav1": "meta.v1", "v1": "core.v1", "corev1": "core.v1"}
    return known.get(prefix, prefix), name


def resolve(aliases, package, name):
    while name not in BASIC and qualified(package, name) in aliases:
        package, base = qualified(package, name)
        name = aliases[package, base]
    return package, name


def mark(structs, aliases, package, go_type, tag):
    """The mark of a field, or '' where the general rule holds: pointers stay as they are, empty lists and maps go."""
    omit, omit_zero = "omitempty" in tag, "omitzero" in tag
    if go_type.startswith("*") or omit_zero:
        return ""
    package, base = resolve(aliases, package, go_type)
    if base.startswith(("[]", "map[")) or base == "map":
        return "" if omit else "[]"
    if base in BASIC:
        return "0" if omit else "="
    if base.endswith(("Time", "MicroTime")):
        return "t"
    if base.endswith("Quantity"):
        return "q"
    return "!" if qualified(package, base) in structs else ""


def rows(structs, aliases, key):
    for name, go_type, tag in structs[key]:
        if "inline" in tag[1:] or (name is None and tag[0] == ""):
            inner = qualified(key[0], go_type.lstrip("*"))
            if inner in structs and inner[1] not in ("TypeMeta",):
                yield from rows(structs, aliases, inner)
        elif sign := mark(structs, aliases, key[0], go_type, tag):
            yield tag[0] + sign


def main():
    structs, aliases = read(pathlib.Path(sys.argv[1]), sys.argv[2])
    print(f"// How Go's encoder writes fields; made by tools/k8s_wire_shape.py from k8s.io/api {sys.argv[2]} (Apache-2.0).")
    print("// `!` a struct that is always there, `0` gone when zero, `=` there even when zero, `[]` null when empty, `t` a")
    print("// time that is null when unset, `q` a quantity that is \"0\" when unset. Everything else: as it was sent.")
    wanted = re.findall(r"^([a-z]\w*\.v\d\w*\.\w+)(?: atomic)?(?: \||$)", SCHEMAS.read_text(encoding="utf-8"), re.M)
    for schema in sorted(set(wanted)):
        package, _, name = schema.rpartition(".")
        if (package, name) not in structs:
            continue
        found = list(rows(structs, aliases, (package, name)))
        if found:
            print(f'SHAPE("{schema}", "{" ".join(found)}")')


if __name__ == "__main__":
    main()
