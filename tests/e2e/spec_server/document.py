"""A vendor's OpenAPI 3 or Swagger 2 document, as what a request must be like and what a reply must be.

Schemas become JSON Schema 2020-12. Two things are stricter than the documents are: a request may have no member and no query
parameter that the document does not name (unless the schema is open, by `additionalProperties` or by naming none), and none
that it calls read-only.
"""

import json
import re

import jsonschema

DROPPED = ("description", "example", "examples", "default", "title", "xml", "externalDocs", "deprecated", "discriminator",
           "readOnly", "writeOnly", "nullable", "format", "collectionFormat", "allowEmptyValue", "in", "name", "style")
BELOW = ("allOf", "anyOf", "oneOf")
BOUNDS = {"int32": (-2**31, 2**31 - 1), "int64": (-2**63, 2**63 - 1)}
JSON = "application/json"


def name_of(reference):
    return reference.rsplit("/", 1)[1]


class Schemas:
    """The document's schemas in one direction: what a client may send, or what a server may reply."""

    def __init__(self, schemas, sent):
        self.hidden = "readOnly" if sent else "writeOnly"
        self.sent = sent
        self.raw = schemas
        self.definitions = {name: self.converted(schema) for name, schema in schemas.items()}

    def validator(self, schema):
        root = {**self.at_place(schema), "$defs": self.definitions}
        return jsonschema.Draft202012Validator(root)

    def at_place(self, schema):
        """Of a value's own schema, not of a part that others are added to: nothing may be in it that is not named."""
        made = self.converted(schema)
        if self.sent and self.closed(schema):
            made = {**made, "unevaluatedProperties": False}
        return made

    def closed(self, schema, depth=0):
        if "$ref" in schema:
            return depth < 20 and self.closed(self.raw[name_of(schema["$ref"])], depth + 1)
        if schema.get("additionalProperties"):
            return False
        parts = [part for word in BELOW for part in schema.get(word, [])]
        return bool(schema.get("properties")) or bool(parts) and all(self.closed(part, depth + 1) for part in parts)

    def converted(self, schema):
        nullable = schema.get("nullable") or schema.get("x-nullable")
        if "$ref" in schema:
            made = {"$ref": "#/$defs/" + name_of(schema["$ref"])}
            return {"anyOf": [made, {"type": "null"}]} if nullable else made
        made = {word: value for word, value in schema.items() if word not in DROPPED and not word.startswith("x-")}
        for word in BELOW:
            if word in made:
                made[word] = [self.converted(part) for part in made[word]]
        if "properties" in made:
            seen = {name: part for name, part in made["properties"].items() if not part.get(self.hidden)}
            made["properties"] = {name: self.at_place(part) for name, part in seen.items()}
            made["required"] = [name for name in made.get("required", []) if name in seen]
            if self.sent:
                made["properties"].update({name: False for name in schema["properties"] if name not in seen})
        if "items" in made:
            made["items"] = self.at_place(made["items"])
        if isinstance(made.get("additionalProperties"), dict):
            made["additionalProperties"] = self.at_place(made["additionalProperties"])
        for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if made.get(exclusive) is True:
                made[exclusive] = made.pop(bound)
            elif made.get(exclusive) is False:
                del made[exclusive]
        low, high = BOUNDS.get(schema.get("format"), (None, None))
        if low is not None and made.get("type") == "integer":
            made.setdefault("minimum", low)
            made.setdefault("maximum", high)
        if nullable and "type" in made:
            made["type"] = [made["type"], "null"]
            if "enum" in made:
                made["enum"] = [*made["enum"], None]
        return made


class Operation:
    def __init__(self, document, raw, shared):
        self.parameters = [document.resolved(each) for each in [*shared, *raw.get("parameters", [])]]
        self.responses = {str(code).upper(): document.resolved(reply) for code, reply in raw["responses"].items()}
        body = document.resolved(raw["requestBody"]).get("content", {}).get(JSON, {}) if "requestBody" in raw else {}
        whole = [each for each in self.parameters if each["in"] == "body"]  # Swagger 2
        schema = body.get("schema") or (whole[0]["schema"] if whole else None)
        self.needs_body = bool(raw.get("requestBody", {}).get("required")) or any(each.get("required") for each in whole)
        self.body = document.sent.validator(schema) if schema else None
        self.replied = {}
        for code, reply in self.responses.items():
            schema = reply.get("schema") or reply.get("content", {}).get(JSON, {}).get("schema")
            self.replied[code] = document.replied.validator(schema) if schema else None


class Document:
    """`change` may correct the document, which it gets as a dict, where it does not say what its server does."""

    def __init__(self, path, change=None):
        with open(path, encoding="utf-8") as file:
            self.raw = json.load(file)
        if change:
            change(self.raw)
        schemas = self.raw.get("definitions") or self.raw.get("components", {}).get("schemas", {})
        self.sent = Schemas(schemas, sent=True)
        self.replied = Schemas(schemas, sent=False)
        self.operations = {}  # (method, path template)
        self.patterns = []  # (expression, template), those with fewer parameters first
        for template, item in sorted(self.raw["paths"].items(), key=lambda each: (each[0].count("{"), each[0])):
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
            self.patterns.append((re.compile(pattern), template))
            for method, raw in item.items():
                if method != "parameters":
                    shared = item.get("parameters", [])
                    self.operations[method.upper(), template] = Operation(self, raw, shared)

    def resolved(self, part):
        while "$ref" in part:
            found = self.raw
            for word in part["$ref"].lstrip("#/").split("/"):
                found = found[word]
            part = found
        return part

    def place(self, path):
        """(template, its parameters, still encoded) of a path, or (None, {})."""
        for pattern, template in self.patterns:
            match = pattern.fullmatch(path)
            if match:
                return template, match.groupdict()
        return None, {}

    def faults_of_request(self, operation, path, query, headers, body):
        """What is wrong with a request. `path` and `query` are dicts of text, `headers` has lower-case names."""
        faults = []
        known = {"path": path, "query": query, "header": headers}
        for parameter in operation.parameters:
            given = known.get(parameter["in"], {})
            name = parameter["name"].lower() if parameter["in"] == "header" else parameter["name"]
            if name not in given:
                if parameter.get("required") and parameter["in"] in known:
                    faults.append("no %s parameter `%s`" % (parameter["in"], name))
                continue
            schema = parameter.get("schema") or {"type": parameter.get("type", "string")}
            faults += ["%s parameter `%s`: %s" % (parameter["in"], name, error.message)
                       for error in self.sent.validator(schema).iter_errors(typed(given[name], self.resolved(schema)))]
        named = {each["name"] for each in operation.parameters if each["in"] == "query"}
        faults += ["no query parameter is called `%s`" % name for name in query if name not in named]
        if body is None:
            return faults + (["a body is needed"] if operation.needs_body else [])
        if operation.body is None:
            return faults + ["no body is described"]
        return faults + told(operation.body, body)

    def faults_of_reply(self, operation, status, body):
        codes = (str(status), "%dXX" % (status // 100), "DEFAULT")
        code = next((each for each in codes if each in operation.replied), None)
        if code is None:
            return ["status %d is not described" % status]
        if operation.replied[code] is None or (body is None and status >= 400):
            return []
        return told(operation.replied[code], body)


def told(validator, body):
    return ["%s: %s" % (error.json_path, error.message) for error in validator.iter_errors(body)]


def typed(text, schema):
    """A parameter's text as its schema sees it."""
    kind = schema.get("type")
    if kind in ("integer", "number") and re.fullmatch(r"-?\d+", text):
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text
