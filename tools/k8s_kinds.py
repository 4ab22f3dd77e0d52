"""The resources that an API server serves, from the paths of its OpenAPI v3 files. Used by tools/k8s_schema.py.

OpenAPI does not say short names and categories: those come from stdlib/k8s/openapi/names.txt.
"""
import re

ACTIONS = {"post": "create", "delete": "delete", "deletecollection": "deletecollection", "get": "get", "list": "list",
           "patch": "patch", "put": "update", "connect": "get"}
RESOURCE = re.compile(
    r"/apis?/(?:(?P<group>[^/]+)/)??(?P<version>v[^/]+)/(?P<scope>namespaces/\{namespace\}/)?(?P<plural>[a-z]+)"
    r"(/\{name\}(?:/(?P<sub>\w+))?)?")


def extra_names(path):
    rows = [line.split() for line in path.read_text().splitlines() if line and line[0] != "#"]
    return {row[0]: row[1:] for row in rows}


def collect(documents):
    """{(group, version, plural): {sub: (gvk, verbs, namespaced)}}; sub '' is the resource itself."""
    found = {}
    for document in documents:
        for path, methods in document["paths"].items():
            parts = RESOURCE.fullmatch(path)
            for method in ("get", "post", "put", "patch", "delete") if parts else ():
                operation = methods.get(method, {})
                gvk = operation.get("x-kubernetes-group-version-kind")
                if gvk:
                    place = found.setdefault((parts["group"] or "", parts["version"], parts["plural"]), {})
                    entry = place.setdefault(parts["sub"] or "", [gvk, set(), False])
                    action = operation["x-kubernetes-action"]
                    entry[1] |= {"create" if (action, method) == ("connect", "post") else ACTIONS[action]}
                    entry[1] |= {"watch"} if action == "list" else set()
                    entry[2] = entry[2] or bool(parts["scope"])
    return found


def lines(found, names_file):
    extra = extra_names(names_file)
    for (group, version, plural), subs in sorted(found.items()):
        if "" not in subs:
            continue
        gvk, verbs, namespaced = subs.pop("")
        api = lambda g: f"{g['group']}/{g['version']}" if g["group"] else g["version"]
        names = dict(word.split("=") for word in extra.get(f"{plural}.{group}".rstrip("."), []))
        others = [f"{name}:{api(g)}:{g['kind']}:{','.join(sorted(v))}" for name, (g, v, _) in sorted(subs.items())]
        yield " ".join(["kind", api(gvk), gvk["kind"], plural, "namespaced" if namespaced else "cluster",
                        names.get("short", "-"), names.get("categories", "-"), ",".join(sorted(verbs)),
                        ";".join(others) or "-"])
