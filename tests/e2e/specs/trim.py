#!/usr/bin/env python3
"""Writes the part of a vendor's OpenAPI or Swagger document that the tests need.

usage: trim.py DOCUMENT OUT PATH…        a PATH may also be a schema: #/components/schemas/NAME
"""

import json
import sys

import yaml

PROSE = ("description", "summary", "example", "examples", "externalDocs", "tags", "operationId", "x-codegen-request-body-name")


def without_prose(part, names=False):
    """`names` where the members are names that the document's author chose."""
    if isinstance(part, list):
        return [without_prose(each) for each in part]
    if not isinstance(part, dict):
        return part
    chosen = ("properties", "schemas", "definitions", "paths", "headers", "responses", "parameters")
    return {str(name): without_prose(each, name in chosen and isinstance(each, dict) and not names)
            for name, each in part.items()
            if names or name not in PROSE or (name == "tags" and not isinstance(each, list))}


def references(part):
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def main(source, out, *wanted):
    with open(source, encoding="utf-8") as file:
        document = yaml.safe_load(file)

    made = {word: document[word] for word in ("openapi", "swagger", "basePath", "info") if word in document}
    made["info"] = {word: made["info"][word] for word in ("title", "version", "license") if word in made["info"]}
    made["paths"] = {path: document["paths"][path] for path in wanted if path.startswith("/")}
    open_ones = [*references(made), *(each for each in wanted if each.startswith("#"))]
    while open_ones:
        words = open_ones.pop().lstrip("#/").split("/")
        found, place = document, made
        for word in words[:-1]:
            found, place = found[word], place.setdefault(word, {})
        if words[-1] not in place:
            place[words[-1]] = found[words[-1]]
            open_ones += references(found[words[-1]])
    with open(out, "w", encoding="utf-8") as file:
        json.dump(without_prose(made), file, sort_keys=True, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
