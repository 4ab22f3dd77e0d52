#!/usr/bin/env python3
"""Objects made at random from the schemas of Kubernetes' kinds become carbon that renders as the same objects.

    random_objects.py CARBON SCHEMAS [SEED]     SCHEMAS: stdlib/k8s/openapi/kubernetes.txt

A seed that fails is printed; with it the same objects are made again.
"""

import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

CARBON, SCHEMAS = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
ROUNDS, OBJECTS = 6, 40
# A Secret's values do not come back, a definition's schema has rules of its own; the rest are requests, not objects.
LEFT_OUT = {"Secret", "CustomResourceDefinition", "Binding", "Event", "ComponentStatus"}
SERVER_SET = {"status", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "managedFields",
              "resourceVersion", "selfLink", "uid", "generateName", "ownerReferences"}
TEXTS = ["", "x", "web", "two words", "${x}", "a\nb\nc\n", "a\nb\nc", "\ttab\n\n", 'say "hi"', "back\\slash\n${y}\n", "'''\n\"\"\"\n",
         "yes", "0644", "1e3", "# no comment", "ünï – ☃", "\u202ebidi", "null", " lead\nand trail \n", "{}", "trailing\\"]


def read_schemas():
    schemas, kinds, current = {}, {}, None
    for line in SCHEMAS.read_text().splitlines():
        if line.startswith("kind "):
            _, version, kind, _, scope, _, _, verbs, _ = line.split(" ")
            if "create" in verbs and "list" in verbs and kind not in LEFT_OUT:
                kinds[kind] = version, kind, scope == "namespaced"  # of several versions the last is carbon's
        elif line.startswith(" "):
            head = line[1:].split(" | ")[0].split(" ")
            current[head[0].rstrip("!")] = (head[1], head[0].endswith("!"))
        elif line and not line.startswith("#"):
            current = schemas.setdefault(line.split(" ")[0], {})
    return schemas, sorted(kinds.values())


class Maker:
    def __init__(self, schemas, rng):
        self.schemas, self.rng = schemas, rng

    def value(self, kind, depth):
        rng = self.rng
        simple = {
            "string": lambda: rng.choice(TEXTS), "time": lambda: "2026-01-01T00:00:00Z", "byte": lambda: "AAH//gA=",
            "int32": lambda: rng.choice([0, 1, -5, 8080, 2**31 - 1]), "int64": lambda: rng.choice([0, 7, -2**63, 2**63 - 1]),
            "double": lambda: rng.choice([0.5, 2.0, 1e-7, -3.25]), "bool": lambda: rng.random() < 0.5,
            "quantity": lambda: rng.choice(["145Gi", "500m", 1, "1500M", "64Ki", 0, "3k"]),
            "int_or_string": lambda: rng.choice([80, "http", "25%"]),
            "json": lambda: rng.choice([1, "x", True, {"a": [1, "b", {"c": {}}]}, [], {}]),
        }
        if kind in simple:
            return simple[kind]()
        match = re.fullmatch(r"(list|set|map)<(.*)>(?:\((.*)\)|\*)?", kind)
        if match:
            return self.collection(*match.groups(), depth)
        return self.record(self.schemas[kind.rstrip("+")], depth)

    def collection(self, kind, element, keys, depth):
        size = self.rng.choice([0, 1, 1, 2, 3]) if depth < 9 else 0
        items = [self.value(element, depth + 1) for _ in range(size)]
        if kind == "map":
            return {self.rng.choice(["a", "b.c/d", "with space", "if", "9", "X_y"]) + str(i): item for i, item in enumerate(items)}
        if kind == "set":
            return sorted(set(items))  # a set comes back in order
        for i, item in enumerate(items):
            for key in (keys or "").split(","):
                if key and isinstance(item, dict):  # items of a keyed list are told apart
                    old = item.get(key)
                    item[key] = i + 1 if isinstance(old, int) and not isinstance(old, bool) or "ort" in key else f"{key}-{i}"
                    if key == "protocol":
                        item[key] = "TCP"
        return items

    def record(self, fields, depth):
        chance = 0.5 if depth < 3 else 0.25
        made = {}
        for name, (kind, required) in fields.items():
            if name in SERVER_SET or (depth == 0 and name in ("apiVersion", "kind", "metadata")):
                continue
            if required or (depth < 9 and self.rng.random() < chance):
                made[name] = "0 2 * * *" if name == "schedule" else self.value(kind, depth + 1)
        return made

    def object(self, number, version, kind, namespaced):
        prefix = {"v1": "core.v1", "admissionregistration.k8s.io/v1": "admissionregistration.v1"}
        group, _, last = version.rpartition("/")
        short = "core" if not group else group.split(".")[0] if group.endswith(".k8s.io") else group
        names = [f"{short}.{last}.{kind}", f"{group.split('.')[0] or 'core'}.{last}.{kind}"]
        schema = next((self.schemas[name] for name in [prefix.get(version, "") + "." + kind, *names] if name in self.schemas), None)
        if schema is None:
            return None
        made = {"apiVersion": version, "kind": kind, **self.record(schema, 0)}
        made["metadata"] = {"name": self.rng.choice(["web", "api", "if", "9x", "a.b", "env"]) + f"-{number}",
                            **({"namespace": self.rng.choice(["shop", "data"])} if namespaced else {}),
                            **({"labels": {"app": "web", "tier": "x"}} if self.rng.random() < 0.5 else {})}
        return made


def same(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def run(*arguments):
    ran = subprocess.run([CARBON, *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return ran.returncode, ran.stdout, ran.stderr


def one_round(seed, schemas, kinds, work):
    maker = Maker(schemas, random.Random(seed))
    made = [maker.object(i, *maker.rng.choice(kinds)) for i in range(OBJECTS)]
    made = [each for each in made if each]
    folder = work / str(seed)
    source = work / f"{seed}.json"
    source.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": made}))
    code, out, err = run("convert", source, "-o", folder)
    if code != 0:
        return [f"convert: {out}{err}"]
    code, out, err = run("render", "-C", folder, "--world", "sandbox", "-o", "json")
    if code != 0:
        return [f"render: {err}"]
    results = {(row["object"]["kind"], row["object"]["metadata"]["name"]): row["object"] for row in json.loads(out)["resources"]}
    faults = [f"{each['kind']} {each['metadata']['name']}\n{json.dumps(each)}\n{json.dumps(results.get((each['kind'], each['metadata']['name'])))}"
              for each in made if not same(each, results.get((each["kind"], each["metadata"]["name"])))]
    code, out, err = run("fmt", "--check", folder)
    return faults + ([f"not formatted: {out}{err}"] if code else [])


def main():
    schemas, kinds = read_schemas()
    seeds = [int(sys.argv[3])] if len(sys.argv) > 3 else range(1, ROUNDS + 1)
    with tempfile.TemporaryDirectory(prefix="carbon-convert-") as work:
        os.environ["CARBON_STATE_DIR"] = f"{work}/state"
        for seed in seeds:
            faults = one_round(seed, schemas, kinds, pathlib.Path(work))
            if faults:
                print(f"seed {seed}: {len(faults)} faults\n{faults[0][:6000]}")
                return 1
    print(f"{len(seeds)} rounds of {OBJECTS} objects of {len(kinds)} kinds")
    return 0


sys.exit(main())
