#!/usr/bin/env python3
"""Every manifest of manifests/ and upstream/ becomes carbon that passes `carbon check`, is formatted, renders as the same
objects, applies to the sandbox, and shows no value of a Secret. The manifests are read here by another YAML reader.

    corpus.py CARBON FOLDER
"""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from fractions import Fraction

import yaml

CARBON, FOLDER = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
# What a server sets. docs/reference/convert.md says the same.
COMPUTED = ("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "managedFields",
            "resourceVersion", "selfLink", "uid")
ANNOTATIONS = ("kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision")
# Fields whose values are quantities, which may be spelled in several ways.
QUANTITIES = {"requests", "limits", "capacity", "hard", "default", "defaultRequest", "max", "min", "sizeLimit"}
SETS = {"finalizers", "volumeLifecycleModes"}
SUFFIXES = {"": 1, "m": Fraction(1, 1000), **{s: 1000**(i + 1) for i, s in enumerate("kMGTPE")},
            **{s + "i": 1024**(i + 1) for i, s in enumerate("KMGTPE")}}


class Reader(yaml.SafeLoader):
    """What kubectl reads: a time is a text."""


Reader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def objects(text):
    for document in yaml.load_all(text, Reader):
        if document:
            yield from document["items"] if document["kind"] == "List" else [document]


def without_nulls(value):
    if isinstance(value, dict):
        return {key: without_nulls(each) for key, each in value.items() if each is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


def wanted(document):
    """The manifest without what a server sets."""
    made = without_nulls(document)
    made.pop("status", None)
    metadata = made["metadata"]
    for field in COMPUTED:
        metadata.pop(field, None)
    annotations = metadata.get("annotations", {})
    for name in ANNOTATIONS:
        annotations.pop(name, None)
    return made


def identity(document):
    metadata = document["metadata"]
    return document["apiVersion"], document["kind"], metadata.get("namespace", "default"), metadata["name"]


def quantity(value):
    if isinstance(value, (int, float)):
        return Fraction(str(value))
    number, suffix = re.fullmatch(r"([-+.0-9]+(?:[eE][-+]?[0-9]+)?)([a-zA-Z]*)", value).groups()
    return Fraction(number) * SUFFIXES[suffix]


def difference(want, got, path=()):
    """The place of the first difference, or None."""
    where = "/".join(map(str, path)) or "/"
    if isinstance(want, dict) and isinstance(got, dict):
        for key in want.keys() | got.keys():
            if key not in want or key not in got:
                return f"{where}/{key}: only in the {'manifest' if key in want else 'result'}"
            found = difference(want[key], got[key], (*path, key))
            if found:
                return found
        return None
    if isinstance(want, list) and isinstance(got, list):
        if path[-1] in SETS:
            want, got = sorted(want), sorted(got)
        if len(want) != len(got):
            return f"{where}: {len(want)} items and {len(got)}"
        return next(filter(None, (difference(a, b, (*path, i)) for i, (a, b) in enumerate(zip(want, got)))), None)
    same = want == got and isinstance(want, bool) == isinstance(got, bool)
    if not same and len(path) > 1 and (path[-1] in QUANTITIES or path[-2] in QUANTITIES):
        same = quantity(want) == quantity(got)
    return None if same else f"{where}: {want!r} and {got!r}"


def printed_variables(text):
    found = {}
    for line in text.splitlines():
        match = re.fullmatch(r"  (\w+) +Secret (\S+), key (\S+?)(, in base64)?", line)
        if match:
            found[match[2], match[3]] = match[1], bool(match[4])
    return found


def secret_values(document):
    """(key, bytes) of a Secret, as the server holds them; empty ones are no secrets."""
    values = {key: base64.b64decode(text) for key, text in document.get("data", {}).items()}
    values |= {key: text.encode() for key, text in document.get("stringData", {}).items()}
    return {key: value for key, value in values.items() if value}


def with_holes(document, variables):
    """The manifest with what `carbon render` shows in the place of a secret."""
    if document["kind"] != "Secret":
        return document, {}
    metadata = document["metadata"]
    title = "/".join(filter(None, (metadata.get("namespace"), metadata["name"])))
    environment, made = {}, json.loads(json.dumps(document))
    for key, value in secret_values(document).items():
        variable, encoded = variables[title, key]
        environment[variable] = base64.b64encode(value).decode() if encoded else value.decode()
        field = "data" if key in document.get("data", {}) else "stringData"
        source = f'secret.env("{variable}")'
        if field == "data" and not encoded:
            source = f"base64({source})"
        made[field][key] = {"$carbon": "secret", "type": "string", "from": source}
    for field in ("data", "stringData"):
        for key, value in made.get(field, {}).items():
            if value == "":
                made[field][key] = {"$carbon": "secret", "type": "string", "from": "written"}
    return made, environment


def carbon(*arguments, environment=None, code=0):
    ran = subprocess.run([CARBON, *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                         env={**os.environ, **(environment or {})})
    assert ran.returncode == code, f"carbon {' '.join(map(str, arguments))}: {ran.returncode}\n{ran.stdout}{ran.stderr}"
    return ran


def foreign_namespaces(documents, folder):
    """Namespaces that the manifests expect to be there."""
    own = {each["metadata"]["name"] for each in documents if each["kind"] == "Namespace"}
    used = {each["metadata"].get("namespace") for each in documents} - own - {None, "default", "kube-system"}
    (folder / "namespaces.carbon").write_text("import \"std/k8s\"\n" + "".join(
        f'resource namespace_{i} : k8s.Namespace {{ metadata = {{ name = "{name}" }} }}\n'
        for i, name in enumerate(sorted(used))))


def others_make(folder, environment):
    """What the manifests name and others make at run time or before: optional lookups say so."""
    ran = subprocess.run([CARBON, "plan", "-C", folder, "--world", "sandbox"], capture_output=True, text=True,
                         stdin=subprocess.DEVNULL, env={**os.environ, **environment})
    missing = sorted(set(re.findall(r"C0422\]: .* names the (\w+) `(?:([^`/]+)/)?([^`]+)`", ran.stderr)))
    with (folder / "namespaces.carbon").open("a") as file:
        for i, (kind, space, name) in enumerate(missing):
            inside = f', namespace = "{space}"' if space else ""
            file.write(f'lookup made_by_others_{i} : k8s.{kind}? {{ metadata = {{ name = "{name}"{inside} }} }}\n')


def one(path, folder, kinds):
    made = carbon("convert", path, "-o", folder)
    documents = list(objects(path.read_text()))
    kinds.update(each["kind"] for each in documents)
    checked = carbon("check", "-C", folder, "--world", "sandbox")
    assert "warning" not in checked.stderr, checked.stderr
    carbon("fmt", "--check", folder)
    rendered = json.loads(carbon("render", "-C", folder, "--world", "sandbox", "-o", "json").stdout)["resources"]
    results = {identity(row["object"]): row["object"] for row in rendered}
    variables, environment, canaries = printed_variables(made.stderr), {}, []
    for document in documents:
        want, more = with_holes(wanted(document), variables)
        environment |= more
        canaries += more.values()
        result = next((results.pop(key) for key in (identity(want), (*identity(want)[:2], "default", want["metadata"]["name"]))
                       if key in results), None)
        assert result, f"{identity(want)} is not rendered"
        if "namespace" not in want["metadata"]:
            result["metadata"].pop("namespace", None)
        for part in (want, result):  # an empty record says nothing
            if not part["metadata"].get("annotations", True):
                part["metadata"].pop("annotations")
        found = difference(want, result)
        assert not found, f"{identity(want)}: {found}"
    assert not results, f"rendered and in no manifest: {list(results)}"
    everything = made.stdout + made.stderr + "".join(
        each.read_text() for each in folder.rglob("*") if each.is_file())
    for canary in filter(lambda text: len(text) > 3, canaries):
        for text in (canary, base64.b64encode(canary.encode()).decode()):
            assert text not in everything, f"a value of a Secret is shown in {path.name}"
    foreign_namespaces(documents, folder)
    others_make(folder, environment)
    carbon("apply", "-C", folder, "--world", "sandbox", "--yes", "--wait", "accepted", "--progress", "quiet",
           environment=environment)
    carbon("plan", "-C", folder, "--world", "sandbox", "--detailed-exitcode", environment=environment)
    return environment


def main():
    failures, kinds = 0, set()
    paths = sorted(FOLDER.glob("manifests/*")) + sorted(FOLDER.glob("upstream/*"))
    assert len(paths) >= 15, paths
    with tempfile.TemporaryDirectory(prefix="carbon-convert-") as work:
        os.environ["CARBON_STATE_DIR"] = f"{work}/state"
        for path in paths:
            try:
                one(path, pathlib.Path(work) / path.stem, kinds)
                print("ok", path.name, flush=True)
            except (AssertionError, KeyError) as fault:
                failures += 1
                print("FAILED", path.name, repr(fault) if isinstance(fault, KeyError) else fault, flush=True)
    print(f"{len(paths)} manifests of {len(kinds)} kinds, {failures} failed")
    assert len(kinds) >= 30, kinds
    return 1 if failures else 0


sys.exit(main())
