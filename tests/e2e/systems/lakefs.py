"""lakeFS: Basic credentials, names chosen by clients, settings of a repository as documents with or without an ETag."""

import base64

from spec_server.collections import Collection, Links, Setting
from spec_server.server import System
from systems.row import Row

KEY, SECRET = "AKIAlakefs", "lakefs-secret-%s"
REPOSITORY = "/repositories/{repository}"


def page(_server, objects, query):
    """By name, from behind `after`, those that begin with `prefix`; a thousand at most."""
    most = min(int(query.get("amount", 100)), 1000)
    objects = sorted(objects, key=lambda each: each["id"])
    objects = [each for each in objects if each["id"] > query.get("after", "") and each["id"].startswith(query.get("prefix", ""))]
    shown = objects[:most]
    more = len(objects) > most
    return {"results": shown, "pagination": {"has_more": more, "next_offset": shown[-1]["id"] if more else "",
                                             "results": len(shown), "max_per_page": 1000}}


def repository(server, body, _place):
    there = {"id": body["name"], "creation_date": server.now(), "default_branch": "main", "read_only": False,
             "storage_id": "", **body}
    for name in ("name", "sample_data"):
        there.pop(name, None)
    return there


def branch(server, body, _place):
    return {"id": body["name"], "commit_id": "%064x" % server.now()}


def dated(server, body, _place):
    return {"creation_date": server.now(), **body}


def replaced(_server, there, body):
    return {**body, "creation_date": there["creation_date"]}


def protected(_server, rules):
    """lakeFS keeps them as a map."""
    return sorted(rules, key=lambda rule: rule["pattern"], reverse=True)


def system(secret):
    credentials = "Basic " + base64.b64encode(("%s:%s" % (KEY, secret)).encode()).decode()
    of_repository = {"repository": "/repositories"}
    return System(
        spec="lakefs.json", base="/api/v1",
        admitted=lambda headers: headers.get("authorization") == credentials,
        error=lambda status, message: {"message": message},
        collections=[
            Collection("/repositories", item=REPOSITORY, named=("id",), unique=("storage_namespace",), made=repository,
                       page=page, server_set=("id", "creation_date")),
            Collection(REPOSITORY + "/branches", of_repository, item=REPOSITORY + "/branches/{branch}", named=("id",),
                       made=branch, page=page, server_set=("id", "commit_id"), silent=("POST",)),
            Setting(REPOSITORY + "/settings/branch_protection", of_repository, none=[], shown=protected, tagged=True),
            Setting(REPOSITORY + "/settings/gc_rules", of_repository),
            Collection("/auth/users", item="/auth/users/{userId}", named=("id",), made=dated, page=page,
                       server_set=("id", "creation_date")),
            Collection("/auth/policies", item="/auth/policies/{policyId}", named=("id",), made=dated, page=page,
                       changed=replaced, changes=("PUT",), server_set=("id", "creation_date")),
            Links("/auth/users/{userId}/policies", {"userId": "/auth/users"}, item="/auth/users/{userId}/policies/{policyId}",
                  target="/auth/policies", page=page),
        ])


PROVIDER = """import "std/lakefs"
provider lake : lakefs.Server { url = "%s", key = "AKIAlakefs", secret = secret.env("CONFORMANCE_SECRET") }
"""

OWN_REPOSITORY = 'resource repository_{n} : lakefs.Repository {{ name = "repo-{h}", storage_namespace = "mem://{h}" }}'

ROWS = [
    Row("lakefs.Repository", ("name",), ("POST", "/repositories$"),
        {"name": '"main-{h}"', "storage_namespace": '"s3://lake/{h}"'},
        {"storage_namespace": '"s3://lake/other/{h}"', "default_branch": '"trunk"', "read_only": "true",
         "storage_id": '"cold"'}),
    Row("lakefs.Branch", ("repository", "name"), ("POST", "/branches$"),
        {"repository": "repository_{n}", "name": '"dev"', "source": '"main"'}, {"source": '"main~1"'},
        needs=OWN_REPOSITORY),
    Row("lakefs.BranchProtection", ("repository",), ("PUT", "/branch_protection$"),
        {"repository": "repository_{n}", "patterns": '["main", "stable_*"]'},
        {"patterns": '["stable_*", "release", "main"]'}, needs=OWN_REPOSITORY),
    Row("lakefs.Retention", ("repository",), ("PUT", "/gc_rules$"),
        {"repository": "repository_{n}", "days": "21", "branches": '{{ main = 28, dev = 7 }}'},
        {"days": "14", "branches": '{{ main = 30 }}'}, needs=OWN_REPOSITORY),
    Row("lakefs.User", ("name",), ("POST", "/users$"),
        {"name": '"user-{h}"'}, {}),
    Row("lakefs.Policy", ("name",), ("POST", "/auth/policies$"),
        {"name": '"policy-{h}"', "statements": '[{{ effect = "allow", action = ["fs:ReadObject"], resource = "*" }}]'},
        {"statements": '[{{ effect = "deny", action = ["fs:DeleteObject", "fs:WriteObject"], resource = "arn:lakefs:fs:::repository/x/*" }}]'}),
    Row("lakefs.PolicyAttachment", ("user", "policy"), ("PUT", "/users/.*/policies/"),
        {"user": "user_{n}", "policy": "policy_{n}"}, {},
        needs='resource user_{n} : lakefs.User {{ name = "of-{h}" }}\n'
              'resource policy_{n} : lakefs.Policy {{ name = "of-{h}", statements = [{{ effect = "allow", action = ["fs:*"], '
              'resource = "*" }}] }}'),
]
