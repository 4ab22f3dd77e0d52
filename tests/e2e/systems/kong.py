"""Kong's Admin API. Its description has all entities and few operations; the page of the Admin API says that every entity has
the same ones: GET and POST of the collection, GET, PUT, PATCH and DELETE of one by id or name."""

import uuid

from spec_server.collections import Collection
from spec_server.server import Refused, System
from systems.row import Row

SCHEMAS = "#/components/schemas/"
# What names each entity in a path, besides its id.
ENTITIES = {"services": "name", "routes": "name", "upstreams": "name", "consumers": "username", "plugins": "instance_name",
            "certificates": "id", "targets": "target"}
FOREIGN = {"service": "services", "route": "routes", "consumer": "consumers", "client_certificate": "certificates",
           "upstream": "upstreams"}
# Members that Kong keeps as sets: they come back in another order.
SETS = ("tags", "protocols", "methods", "snis")
REQUIRED = {"services": ["host"], "upstreams": ["name"], "targets": ["target"], "plugins": ["name"], "routes": [],
            "certificates": ["cert", "key"], "consumers": []}
ERROR = {"type": "object", "required": ["message", "code"], "properties": {"message": {"type": "string"}, "code": {"type": "integer"}}}
PLUGIN_DEFAULTS = {"rate-limiting": {"policy": "local", "fault_tolerant": True, "hide_client_headers": False, "second": None,
                                     "minute": None, "redis": {"host": None, "port": 6379, "timeout": 2000}},
                   "basic-auth": {"hide_credentials": False, "anonymous": None, "realm": "service"}}


def change(document):
    """What the description leaves out or says wrongly."""
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        for name, part in schema["properties"].items():
            if name in FOREIGN:  # said to be the whole entity
                part = {"type": "object", "additionalProperties": {"type": "string"}}
            elif part == [] or part.get("type") == "array":
                part = {**(part or {}), "type": "array"}
                part.pop("enum", None)  # that of its items
            # GET shows null for what is not set, and PATCH takes it to go back to the default.
            schema["properties"][name] = {**part, "nullable": True}
    # Lua has one empty table for lists and maps, so these maps are called arrays.
    for schema, name in (("plugins", "config"), ("upstreams", "healthchecks"), ("routes", "headers")):
        schemas[schema]["properties"][name]["type"] = "object"
    # POST of a certificate takes its names too.
    schemas["certificates"]["properties"]["snis"] = {"type": "array", "nullable": True}
    for name in ENTITIES:
        described(document, name)


def described(document, name):
    """The operations of an entity. What is required may come by default, so it is not in a request."""
    prefix = "/upstreams/{upstreams}" if name == "targets" else ""
    one = {"$ref": SCHEMAS + name}
    document["components"]["schemas"][name + "_sent"] = {**document["components"]["schemas"][name], "required": []}
    sent = {"$ref": SCHEMAS + name + "_sent"}
    page = {"type": "object", "required": ["data", "next"],
            "properties": {"data": {"type": "array", "items": one}, "next": {"type": "string", "nullable": True}}}

    def operation(status, body=None, reply=one, query=()):
        made = {"responses": {str(status): content(reply), "default": content(ERROR)},
                "parameters": [{"name": each, "in": "query", "schema": {"type": "string"}} for each in query]}
        return {**made, "requestBody": {"required": True, **content(body)}} if body else made

    document["paths"]["%s/%s" % (prefix, name)] = {
        "get": operation(200, reply=page, query=("size", "offset", "tags")), "post": operation(201, sent)}
    document["paths"]["%s/%s/{%s}" % (prefix, name, name)] = {
        "get": operation(200), "patch": operation(200, sent), "delete": operation(204, reply=None)}


def content(schema):
    return {"content": {"application/json": {"schema": schema}}} if schema else {}


def deep(under, over):
    """`over` on top of the defaults `under`, member by member; null is the default."""
    return {**under, **{name: deep(under[name], value) if isinstance(value, dict) and isinstance(under.get(name), dict)
                        else value for name, value in over.items() if value is not None}}


def entity(name):
    """A collection with Kong's ways: ids and times, defaults, sets, foreign keys that are shown by id."""

    def filled(server, there):
        for member, part in server.document.raw["components"]["schemas"][name]["properties"].items():
            if there.get(member) is None:
                there[member] = part.get("default")
            if member in SETS and there[member] is not None:
                there[member] = sorted(set(there[member]), reverse=True)
            if member in FOREIGN and there[member] is not None:
                path = "/" + FOREIGN[member]
                found = server.collections[path].find(server, (), next(iter(there[member].values())))
                there[member] = {"id": found[1]["id"]}
        if name == "plugins":
            there["config"] = deep(PLUGIN_DEFAULTS[there["name"]], there["config"] or {})
        if name == "upstreams":
            default = server.document.raw["components"]["schemas"][name]["properties"]["healthchecks"]["default"]
            there["healthchecks"] = deep(default, there["healthchecks"])
        return there

    def made(server, body, place):
        missing = [each for each in REQUIRED[name] if body.get(each) is None]
        if missing:
            raise Refused(400, "schema violation (%s: required field missing)" % missing[0])
        now = server.now()
        there = {"id": str(uuid.uuid4()), **body, "created_at": now, "updated_at": now}
        return filled(server, {**there, "upstream": {"name": place[0]}} if place else there)

    def changed(server, there, body):
        return filled(server, {**there, **body, "updated_at": server.now()})

    prefix = "/upstreams/{upstreams}" if name == "targets" else ""
    path, key = "%s/%s" % (prefix, name), ENTITIES[name]
    return Collection(path, {"upstreams": "/upstreams"} if prefix else {}, item="%s/{%s}" % (path, name),
                      named=tuple(dict.fromkeys((key, "id"))), unique=("custom_id",) if name == "consumers" else (),
                      made=made, changed=changed, page=page, server_set=("id", "created_at", "updated_at"))


def page(_server, objects, query):
    size, first = int(query.get("size", 100)), int(query.get("offset", 0))
    more = first + size < len(objects)
    return {"data": objects[first:first + size], "next": "/?offset=%d" % (first + size) if more else None}


def system(secret):
    return System(
        spec="kong.json", base="", change=change,
        admitted=lambda headers: headers.get("kong-admin-token") == secret,
        error=lambda status, message: {"message": message, "code": 5 if status == 409 else 2},
        collections=[entity(name) for name in ENTITIES])


PROVIDER = """import "std/kong"
provider gateway : kong.Admin { url = "%s", token = secret.env("CONFORMANCE_SECRET") }
resource shared_certificate : kong.Certificate {
  id   = kong.id_of("shared")
  cert = "-----BEGIN CERTIFICATE-----\\nshared\\n-----END CERTIFICATE-----"
  key  = secret.env("CONFORMANCE_VALUE")
}
resource shared_service : kong.Service { name = "shared", host = "shared.example.com" }
resource shared_route : kong.Route { name = "shared", paths = ["/shared"] }
resource shared_consumer : kong.Consumer { username = "shared" }
resource shared_upstream : kong.Upstream { name = "shared.example.com" }
"""

ROWS = [
    Row("kong.Service", ("name",), ("POST", "/services$"),
        {"name": '"{h}"', "host": '"{h}.internal"', "path": '"/v1"', "tags": '["b", "a"]', "port": "8080", "connect_timeout": "30s"},
        {"protocol": '"https"', "host": '"other.internal"', "port": "8443", "path": '"/v2"', "retries": "3",
         "connect_timeout": "1500ms", "write_timeout": "2min", "read_timeout": "2min", "enabled": "false", "tls_verify": "true",
         "client_certificate": "shared_certificate", "tags": '["a", "c"]'}),
    Row("kong.Route", ("name",), ("POST", "/routes$"),
        {"name": '"{h}"', "hosts": '["{h}.example.com"]', "paths": '["/b", "/a"]', "service": "shared_service"},
        {"service": "null", "protocols": '["https"]', "hosts": '["new.example.com"]', "paths": '["/a", "/c"]',
         "methods": '["GET", "POST"]', "snis": '["{h}.example.com"]', "headers": '{{ "x-canary" = ["1", "2"] }}',
         "strip_path": "false", "preserve_host": "true", "regex_priority": "7", "path_handling": '"v1"',
         "redirect_status": "301", "request_buffering": "false", "response_buffering": "false", "tags": '["edge"]'}),
    Row("kong.Upstream", ("name",), ("POST", "/upstreams$"),
        {"name": '"{h}.service"', "slots": "1000"},
        {"algorithm": '"least-connections"', "slots": "2000", "hash_on": '"header"', "hash_fallback": '"ip"',
         "hash_on_header": '"x-user"', "hash_on_cookie": '"session"', "host_header": '"example.com"', "use_srv_name": "true",
         "client_certificate": "shared_certificate",
         "healthchecks": '{{ active = {{ http_path = "/health", healthy = {{ interval = 5 }} }} }}', "tags": '["pool"]'}),
    Row("kong.Target", ("upstream", "target"), ("POST", "/targets$"),
        {"upstream": "shared_upstream", "target": '"{h}.internal:8080"'}, {"weight": "10", "tags": '["pool"]'}),
    Row("kong.Consumer", ("username",), ("POST", "/consumers$"),
        {"username": '"{h}"'}, {"custom_id": '"id-{h}"', "tags": '["partner", "gold"]'}),
    Row("kong.Plugin", ("instance_name",), ("POST", "/plugins$"),
        {"instance_name": '"{h}"', "name": '"rate-limiting"', "service": "shared_service", "config": '{{ minute = 60 }}',
         "secrets": '{{ redis_password = secret.env("CONFORMANCE_VALUE") }}'},
        {"name": '"basic-auth"', "service": "null", "route": "shared_route", "consumer": "shared_consumer",
         "config": '{{ minute = 30, policy = "redis" }}', "secrets": '{{ redis_password = secret.env("CONFORMANCE_OTHER") }}',
         "enabled": "false", "protocols": '["grpc", "https"]', "tags": '["limits"]'}),
    Row("kong.Certificate", ("id",), ("POST", "/certificates$"),
        {"id": 'kong.id_of("{h}")', "cert": '"-----BEGIN CERTIFICATE-----\\n{h}\\n-----END CERTIFICATE-----\\n"',
         "key": 'secret.env("CONFORMANCE_VALUE")', "snis": '["{h}.example.com", "www.{h}.example.com"]'},
        {"cert": '"-----BEGIN CERTIFICATE-----\\nnew\\n-----END CERTIFICATE-----"', "key": 'secret.env("CONFORMANCE_OTHER")',
         "snis": '["www.{h}.example.com"]', "tags": '["tls"]'}),
]
