"""Harbor: numbers that the server gives, replies without bodies, pages with X-Total-Count, truths as texts, references by number."""

import base64
import re

from spec_server.collections import Collection
from spec_server.server import Refused, Reply, System
from systems.row import Row

PROJECT = "/projects/{project_name_or_id}"
TIMES = ("creation_time", "update_time")
ROLES = {1: "projectAdmin", 2: "developer", 3: "guest", 4: "maintainer", 5: "limitedGuest"}


def change(document):
    """What the description leaves out or says wrongly: what is not there is 404, and these parameters are numbers."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters" and "{" in path:
                operation["responses"].setdefault("404", {"schema": {"$ref": "#/definitions/Errors"}})
    document["definitions"]["RetentionRule"]["properties"]["params"] = {"type": "object", "additionalProperties": {"type": "integer"}}


def page(_server, objects, query):
    """Those that `q`, `name` and `entityname` leave, a page of them, and how many there are."""
    exact = re.fullmatch("name=(.*)", query.get("q", ""))
    if exact:
        objects = [each for each in objects if each["name"] == exact.group(1)]
    if "entityname" in query:
        objects = [each for each in objects if each["entity_name"].startswith(query["entityname"])]
    if "project_name" in query:
        objects = [each for each in objects if each["name"] == query["project_name"]]
    size = min(int(query.get("page_size", 10)), 100)
    first = (int(query.get("page", 1)) - 1) * size
    return Reply(200, objects[first:first + size], {"X-Total-Count": str(len(objects))})


def dated(server, there):
    return {**there, "id": server.now(), "creation_time": "2026-01-01T00:00:00Z", "update_time": "2026-01-01T00:00:00Z"}


def project(server, body, _place):
    # A cache has the registry's number; a retention policy writes its own into the metadata, as text.
    if body.get("registry_id") is not None:
        of_number(server, "/registries", body["registry_id"])
    metadata = {"public": "false", "auto_scan": "false", "auto_sbom_generation": "false", "prevent_vul": "false",
                "severity": "none", "enable_content_trust_cosign": "false", **body.get("metadata", {})}
    return {"project_id": server.now(), "owner_name": "admin", "owner_id": 1, "repo_count": 0, "name": body["project_name"],
            "registry_id": body.get("registry_id") or 0, "metadata": metadata}


def project_changed(_server, there, body):
    """What is null stays."""
    said = {name: value for name, value in body.get("metadata", {}).items() if value is not None}
    return {**there, "metadata": {**there["metadata"], **said}}


def of_number(server, path, number):
    return server.collections[path].find(server, (), str(number))[1]


def registry(server, body, _place):
    return dated(server, {"insecure": False, "description": "", "status": "healthy", "credential": {"type": "basic"}, **body})


def registry_shown(_server, there):
    credential = dict(there["credential"])
    if "access_secret" in credential:
        credential["access_secret"] = "*****"
    return {**there, "credential": credential}


def registry_changed(_server, there, body):
    credential = dict(there["credential"])
    for ours, theirs in (("type", "credential_type"), ("access_key", "access_key"), ("access_secret", "access_secret")):
        if body.get(theirs) is not None:
            credential[ours] = body[theirs]
    plain = {name: value for name, value in body.items() if name in there and value is not None}
    return {**there, **plain, "credential": credential}


class Robots(Collection):
    """Each has a secret, which is in the reply to a POST or PATCH and nowhere else."""

    def issued(self, server, there):
        there["secret"] = "harbor-%s-%d" % (there["name"].replace("$", "-"), server.now())
        server.issued.append(there["secret"])
        return there["secret"]

    def make(self, server, place, body):
        super().make(server, place, body)
        there = next(each for key, each in server.objects.items() if key[0] == "/robots" and each["id"] == server.clock)
        told = {name: there[name] for name in ("id", "name", "creation_time")}
        return Reply(201, {**told, "secret": self.issued(server, there)})

    def answer(self, server, method, template, values, query, headers, body):
        if method != "PATCH":
            return super().answer(server, method, template, values, query, headers, body)
        return Reply(200, {"secret": self.issued(server, self.find(server, None, values["robot_id"])[1])})


def robot(server, body, _place):
    return dated(server, {"duration": -1, "disable": False, "editable": True, **body, "name": "robot$" + body["name"]})


def robot_shown(_server, there):
    permissions = [{**one, "access": one["access"][::-1]} for one in there["permissions"][::-1]]
    return {**{name: value for name, value in there.items() if name != "secret"}, "permissions": permissions}


def label(server, body, _place):
    return dated(server, {"description": "", "color": "#FFFFFF", "project_id": 0, **body})


def member(server, body, place):
    return {"id": server.now(), "role_id": body["role_id"], "role_name": ROLES[body["role_id"]], "entity_type": "u",
            "entity_id": 7, "entity_name": body["member_user"]["username"]}


def member_changed(_server, there, body):
    return {**there, **body, "role_name": ROLES[body["role_id"]]}


def replication(server, body, _place):
    return replication_changed(server, dated(server, {"description": "", "dest_namespace": "", "filters": None, "speed": 0}), body)


def replication_changed(server, there, body):
    there = {**there, **body}
    for end in ("src_registry", "dest_registry"):
        number = (there.get(end) or {}).get("id", 0)
        there[end] = {each: value for each, value in registry_shown(server, of_number(server, "/registries", number)).items()
                      if each in ("id", "name", "type", "url")} if number else {"id": 0, "name": "Local", "type": "harbor"}
    return there


class Retentions(Collection):
    """One a project, whose metadata say which it is."""

    def make(self, server, place, body):
        project = of_number(server, "/projects", body["scope"]["ref"])
        if project["metadata"].get("retention_id"):
            raise Refused(400, "project %s already has a retention policy" % project["name"])
        reply = super().make(server, place, body)
        project["metadata"] = {**project["metadata"], "retention_id": str(server.clock)}
        return reply

    def delete(self, server, key):
        del of_number(server, "/projects", key[2])["metadata"]["retention_id"]
        return super().delete(server, key)


def retention(server, body, _place):
    rules = [{"id": 0, "disabled": False, "priority": number, **rule} for number, rule in enumerate(body["rules"])]
    return {**body, "rules": rules, "id": server.now()}


def retention_changed(server, there, body):
    return {**retention(server, body, ()), "id": there["id"]}


def system(secret):
    credentials = "Basic " + base64.b64encode(("admin:%s" % secret).encode()).decode()
    numbered = {"named": ("id",), "page": page, "silent": ("POST", "PUT"), "done": 200, "changes": ("PUT",)}
    by_name = {**numbered, "key": lambda there: there["name"], "server_set": ("id", *TIMES)}
    in_project = {"project_name_or_id": "/projects"}
    return System(
        spec="harbor.json", base="/api/v2.0", change=change,
        admitted=lambda headers: headers.get("authorization") == credentials and headers.get("x-is-resource-name") == "true",
        error=lambda status, message: {"errors": [{"code": "X%d" % status, "message": message}]},
        collections=[
            Collection("/registries", item="/registries/{id}", made=registry, shown=registry_shown, changed=registry_changed,
                       **by_name),
            Collection("/projects", item=PROJECT, made=project, changed=project_changed,
                       **{**by_name, "named": ("name", "project_id"), "server_set": ("project_id",)}),
            Collection("/labels", item="/labels/{label_id}", made=label, **by_name),
            Robots("/robots", item="/robots/{robot_id}", made=robot, shown=robot_shown,
                   **{**by_name, "named": ("id",), "silent": ("PUT",)}),
            Collection(PROJECT + "/members", in_project, item=PROJECT + "/members/{mid}", made=member, changed=member_changed,
                       **{**numbered, "key": lambda there: there["entity_name"], "server_set": ("id",)}),
            Collection("/replication/policies", item="/replication/policies/{id}", made=replication,
                       changed=replication_changed, **by_name),
            Retentions("/retentions", item="/retentions/{id}", made=retention, changed=retention_changed,
                       **{**numbered, "key": lambda there: str(there["scope"]["ref"]), "server_set": ("id",)})])


PROVIDER = """import "std/harbor"
provider hub : harbor.Server { url = "%s", password = secret.env("CONFORMANCE_SECRET") }
resource upstream : harbor.Registry { name = "upstream", type = "docker-hub", address = "https://hub.docker.com" }
resource mirror : harbor.Registry { name = "mirror", type = "harbor", address = "https://mirror.example.com" }
resource shared : harbor.Project { name = "shared" }
"""

OWN_PROJECT = 'resource project_{n} : harbor.Project {{ name = "of-{h}" }}'

ROWS = [
    Row("harbor.Registry", ("name",), ("POST", "/registries$"),
        {"name": '"{h}"', "type": '"harbor"', "address": '"https://other.example.com"', "access_key": '"robot"',
         "access_secret": 'secret.env("CONFORMANCE_VALUE")'},
        {"type": '"docker-registry"', "address": '"https://new.example.com"', "insecure": "true", "description": '"of a partner"',
         "access_key": '"other"', "access_secret": 'secret.env("CONFORMANCE_OTHER")'}),
    Row("harbor.Project", ("name",), ("POST", "/projects$"), {"name": '"{h}"'},
        {"public": "true", "cache_of": "upstream", "auto_scan": "true", "auto_sbom": "true", "prevent_vulnerable": "true",
         "severity": '"high"', "signed": "true"}, stays=("metadata",)),
    Row("harbor.Label", ("name",), ("POST", "/labels$"), {"name": '"{h}"', "color": '"#00AA00"'},
        {"description": '"reviewed"', "color": '"#AA0000"'}),
    Row("harbor.Robot", ("name",), ("POST", "/robots$"),
        {"name": '"{h}"', "permissions": '[{{ project = "shop", access = [{{ resource = "repository", action = "pull" }}] }}]'},
        {"description": '"of the pipeline"', "disabled": "true", "days": "30",
         "permissions": '[{{ project = "*", access = [{{ resource = "repository", action = "push" }}, {{ resource = "tag", action = "list" }}] }}, '
                        '{{ project = "/", kind = "system", access = [{{ resource = "project", action = "list" }}] }}]'}),
    Row("harbor.Member", ("project", "user"), ("POST", "/members$"),
        {"project": "shared", "user": '"{h}"', "role": '"developer"'}, {"role": '"limited_guest"'}),
    Row("harbor.Replication", ("name",), ("POST", "/replication/policies$"),
        {"name": '"{h}"', "registry": "upstream", "repositories": '"shop/**"'},
        {"description": '"nightly"', "registry": "mirror", "direction": '"push"', "namespace": '"copies"', "repositories": '"other/**"',
         "tags": '"v*"', "schedule": '"0 0 2 * * *"', "override": "false", "deletions": "true", "enabled": "false"}),
    Row("harbor.Retention", ("project",), ("POST", "/retentions$"),
        {"project": "project_{n}", "rules": '[{{ keep = "latestPushedK", number = 10 }}]', "schedule": '"0 0 3 * * *"'},
        {"rules": '[{{ keep = "nDaysSinceLastPull", number = 30, tags = "v*" }}, {{ keep = "latestPushedK", number = 5 }}]',
         "schedule": '"0 30 3 * * *"'},
        needs=OWN_PROJECT),
]
