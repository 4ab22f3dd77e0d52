"""MinIO's admin API: signed requests, encrypted bodies, names chosen by clients. Written after MinIO's own source and what the
release of 2025-09-07 said to tests/real/cases/minio_identities; no vendor's description of it is to be had. Policies of a
group that is not enabled are asked for and written by other requests, which only that case tries."""

import json
import types

import madmin
import s3_server
from spec_server.collections import Kept
from spec_server.server import Refused, Reply, System
from systems.row import Row

KEY = "AKIACONFORMANCE"
ENCRYPTED = ("add-user", "policy/attach", "policy/detach", "add-service-account", "update-service-account")
ENCRYPTED_REPLIES = (*ENCRYPTED, "info-service-account")
POLICIES, USERS, GROUPS, KEYS = "/info-canned-policy", "/user-info", "/group", "/info-service-account"
USER_POLICIES, GROUP_POLICIES = "policies of users", "policies of groups"
NEVER = "1970-01-01T00:00:00Z"
EVERYTHING = {"Version": "2012-10-17",
              "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["arn:aws:s3:::*"]}]}


def moment(server):
    return "2026-11-27T00:00:%02d.%09dZ" % (server.now() % 60, server.now() % 1000)


class Named(Kept):
    """What the admin API has one path for each verb for, and names in the query."""

    words = ()
    missing, message = "", ""

    def templates(self):
        return self.words

    def key(self, name):
        return (self.path, (), name)

    def there(self, server, name):
        found = server.objects.get(self.key(name))
        if found is None:
            raise Refused(404, (self.missing, self.message))
        return found

    def answer(self, server, method, template, values, query, headers, body):
        verb = template.rsplit("/", 1)[1].replace("-", "_")
        return getattr(self, verb)(server, {**query, **values}, body)


def shown(document):
    """Sets come in any order, a single value as a list."""
    def statement(each):
        sets = ("Action", "Resource", "NotResource")
        made = {**each, **{name: sorted(set(each[name]), reverse=True) for name in sets if name in each}}
        made["Condition"] = {operator: {key: sorted(map(typed(operator), set(values)), reverse=True)
                                        for key, values in keys.items()}
                             for operator, keys in each.get("Condition", {}).items()}
        return {name: value for name, value in made.items() if value not in ({}, "")}
    return {**document, "Statement": [statement(each) for each in document["Statement"][::-1]]}


def typed(operator):
    if operator.startswith("Numeric"):
        return int
    return (lambda text: text == "true") if operator == "Null" else str


def checked(document):
    """Kept in one order: that of statements means nothing."""
    for each in document["Statement"]:
        for action in each["Action"]:
            if not action.startswith(("s3:", "admin:", "sts:", "kms:")):
                raise Refused(400, ("XMinioMalformedIAMPolicy", "unsupported action '%s'" % action))
        of_objects = any(action.startswith("s3:") for action in each["Action"])
        if of_objects and not each.get("Resource") and not each.get("NotResource"):
            raise Refused(400, ("XMinioMalformedIAMPolicy", "Resource must not be empty"))
    return {**document, "Statement": sorted(document["Statement"], key=lambda each: json.dumps(each, sort_keys=True))}


class Policies(Named):
    words = ("/add-canned-policy", "/info-canned-policy", "/remove-canned-policy")
    missing, message = "XMinioAdminNoSuchPolicy", "The canned policy does not exist."

    def add_canned_policy(self, server, query, body):
        server.objects[self.key(query["name"])] = checked(body)
        return Reply(200)

    def info_canned_policy(self, server, query, _body):
        return Reply(200, shown(self.there(server, query["name"])), {"Content-Type": "text/plain; charset=utf-8"})

    def remove_canned_policy(self, server, query, _body):
        if any(query["name"] in each["policies"] for of in (USER_POLICIES, GROUP_POLICIES) for each in server.of(of).values()):
            raise Refused(400, ("XMinioIAMPolicyInUse", "The policy cannot be removed, as it is in use"))
        server.objects.pop(self.key(query["name"]), None)
        return Reply(200)


class Users(Named):
    words = ("/add-user", "/set-user-status", "/user-info", "/remove-user")
    missing, message = "XMinioAdminNoSuchUser", "The specified user does not exist."

    def add_user(self, server, query, body):
        if (KEYS, (), query["accessKey"]) in server.objects:
            raise Refused(400, ("XMinioInvalidIAMCredentials", "User is not allowed to be same as admin access key"))
        server.objects[self.key(query["accessKey"])] = body
        return Reply(200)

    def set_user_status(self, server, query, _body):
        self.there(server, query["accessKey"])["status"] = query["status"]
        return Reply(200)

    def user_info(self, server, query, _body):
        name = query["accessKey"]
        told = {"status": self.there(server, name)["status"], "updatedAt": moment(server)}
        policies = server.objects.get((USER_POLICIES, (), name), {}).get("policies")
        groups = [each for each, there in server.of(GROUPS).items() if name in there["members"]]
        told.update({"policyName": ",".join(policies[::-1])} if policies else {})
        told.update({"memberOf": groups} if groups else {})
        return Reply(200, told)

    def remove_user(self, server, query, _body):
        name = query["accessKey"]
        self.there(server, name)
        del server.objects[self.key(name)]
        server.objects.pop((USER_POLICIES, (), name), None)
        for group in server.of(GROUPS).values():
            group["members"] = [each for each in group["members"] if each != name]
        for key in [key for key, each in server.objects.items() if key[0] == KEYS and each["parentUser"] == name]:
            del server.objects[key]
        return Reply(200)


class Groups(Named):
    words = ("/update-group-members", "/group", "/set-group-status")
    missing, message = "XMinioAdminNoSuchGroup", "The specified group does not exist."

    def update_group_members(self, server, _query, body):
        for name in body["members"]:
            if (USERS, (), name) not in server.objects:
                raise Refused(404, (Users.missing, Users.message))
        key, members = self.key(body["group"]), body["members"]
        if not body["isRemove"]:
            there = server.objects.setdefault(key, {"members": [], "status": "enabled"})
            there["members"] = sorted({*there["members"], *members}, reverse=True)
            return Reply(200)
        there = self.there(server, body["group"])
        if not members and there["members"]:
            raise Refused(400, ("XMinioAdminGroupNotEmpty", "The specified group is not empty - cannot remove it."))
        if not members:
            del server.objects[key]
            server.objects.pop((GROUP_POLICIES, (), body["group"]), None)
        there["members"] = [each for each in there["members"] if each not in members]
        return Reply(200)

    def group(self, server, query, _body):
        there = self.there(server, query["group"])
        policies = server.objects.get((GROUP_POLICIES, (), query["group"]), {}).get("policies", [])
        told = ",".join(policies[::-1]) if there["status"] == "enabled" else ""
        return Reply(200, {"name": query["group"], "policy": told, "updatedAt": moment(server), **there})

    def set_group_status(self, server, query, _body):
        self.there(server, query["group"])["status"] = query["status"]
        return Reply(200)


class Attached(Named):
    words = ("/idp/builtin/policy/{operation}",)

    def answer(self, server, method, template, values, query, headers, body):
        kind, owners = (USER_POLICIES, USERS) if body.get("user") else (GROUP_POLICIES, GROUPS)
        name = body.get("user") or body.get("group")
        if (owners, (), name) not in server.objects:
            owner = Users if owners == USERS else Groups
            raise Refused(404, (owner.missing, owner.message))
        if owners == GROUPS and server.objects[(owners, (), name)]["status"] != "enabled":
            raise Refused(400, ("XMinioAdminGroupDisabled", "The specified group is disabled."))
        there = server.objects.get((kind, (), name), {"policies": []})["policies"]
        wanted = set(body["policies"])
        if values["operation"] == "attach":
            changed, left = wanted - {*there}, {*there} | wanted
            if any((POLICIES, (), each) not in server.objects for each in changed):
                raise Refused(404, (Policies.missing, Policies.message))
        else:
            changed, left = wanted & {*there}, {*there} - wanted
        if not changed:
            raise Refused(400, ("XMinioAdminPolicyChangeAlreadyApplied", "The specified policy change is already in effect."))
        server.objects[(kind, (), name)] = {"policies": sorted(left)}
        if not left:
            del server.objects[(kind, (), name)]
        told = {"attach": "policiesAttached", "detach": "policiesDetached"}[values["operation"]]
        return Reply(200, {"updatedAt": moment(server), told: sorted(changed)})


class OfGroups(Attached):
    """What Attached keeps for groups; the requests are the same."""

    words = ()


class Keys(Named):
    words = ("/add-service-account", "/info-service-account", "/update-service-account", "/delete-service-account")
    missing, message = "XMinioInvalidIAMCredentials", "The specified service account is not found"

    def add_service_account(self, server, _query, body):
        if (USERS, (), body["targetUser"]) not in server.objects:
            raise Refused(404, (Users.missing, "Specified target user %s does not exist" % body["targetUser"]))
        if (USERS, (), body["accessKey"]) in server.objects or self.key(body["accessKey"]) in server.objects:
            raise Refused(400, ("XMinioIAMServiceAccountNotAllowed", "the service account access key is already taken"))
        made = {"parentUser": body["targetUser"], "secretKey": body["secretKey"], "accountStatus": "on"}
        for name in ("name", "description", "expiration"):
            if body.get(name):
                made[name] = body[name]
        if "policy" in body:
            made["policy"] = checked(body["policy"])
        server.objects[self.key(body["accessKey"])] = made
        return Reply(200, {"credentials": {"accessKey": body["accessKey"], "secretKey": body["secretKey"]}})

    def update_service_account(self, server, query, body):
        there = self.there(server, query["accessKey"])
        for member in ("secretKey", "name", "description", "expiration"):
            if body.get("new" + member[0].upper() + member[1:]):
                there[member] = body["new" + member[0].upper() + member[1:]]
        if there.get("expiration") == NEVER:
            del there["expiration"]
        if body.get("newStatus"):
            there["accountStatus"] = {"enabled": "on", "disabled": "off"}.get(body["newStatus"], body["newStatus"])
        # What is left out is taken away: MinIO, UpdateServiceAccount of cmd/iam-store.go.
        there.pop("policy", None)
        if "newPolicy" in body:
            there["policy"] = checked(body["newPolicy"])
        return Reply(204)

    def info_service_account(self, server, query, _body):
        there = self.there(server, query["accessKey"])
        own = there.get("policy")
        # Without a policy of its own it shows what its user may.
        policy = json.dumps(shown(own) if own else EVERYTHING, indent=1)
        told = {name: value for name, value in there.items() if name != "secretKey" and value is not None}
        return Reply(200, {**told, "impliedPolicy": not own, "policy": policy})

    def delete_service_account(self, server, query, _body):
        self.there(server, query["accessKey"])
        del server.objects[self.key(query["accessKey"])]
        return Reply(204)


def system(secret):
    signatures = types.SimpleNamespace(keys={KEY: secret})

    def ends(path, words):
        return path.partition("?")[0].endswith(words)

    def received(request, data):
        """The text of a body of a request that is signed; another is not admitted, and not read."""
        try:
            s3_server.Server.check(signatures, request, data)
        except s3_server.Refused as refused:
            request.headers["X-Refused"] = "%s: %s" % (refused.code, refused.message)
            return ""
        if data and ends(request.path, ENCRYPTED):
            return madmin.decrypt(secret, data).decode()
        return data.decode()

    def sent(request, reply, data):
        encrypts = data and reply.status < 300 and ends(request.path, ENCRYPTED_REPLIES)
        return madmin.encrypt(secret, data) if encrypts else data

    def error(status, said):
        code, message = said if isinstance(said, tuple) else ("SignatureDoesNotMatch" if status == 403 else "InternalError", said)
        return {"Code": code, "Message": message}

    return System(
        spec="minio.json", base="/minio/admin/v3", unknown=403, received=received, sent=sent, error=error,
        admitted=lambda headers: "x-refused" not in headers,
        collections=[Policies(POLICIES), Users(USERS), Groups(GROUPS), Attached(USER_POLICIES), OfGroups(GROUP_POLICIES),
                     Keys(KEYS)])


REFUSED = "C0704"

PROVIDER = """import "std/minio"
provider store : minio.Server { url = "%s", access_key = "AKIACONFORMANCE", secret_key = secret.env("CONFORMANCE_SECRET") }
"""

SECRET, OTHER = 'secret.env("CONFORMANCE_VALUE")', 'secret.env("CONFORMANCE_OTHER")'
STATEMENTS = """[
    {{ actions = ["s3:PutObject", "s3:GetObject"], resources = ["arn:aws:s3:::b/*", "arn:aws:s3:::a/*"] }},
    {{ effect = "deny", actions = ["s3:DeleteObject"], not_resources = ["arn:aws:s3:::a/*"], sid = "no" }},
    {{ actions = ["admin:ServerInfo"] }},
  ]"""
CONDITIONS = """[{{ actions = ["s3:ListBucket"], resources = ["arn:aws:s3:::a"], conditions = {{
    StringLike = {{ "s3:prefix" = ["x/*", "y/*"] }}, NumericLessThan = {{ "s3:max-keys" = ["10"] }},
    Null = {{ "s3:delimiter" = ["true"] }},
  }} }}]"""
USER = 'resource user_{n} : minio.User {{ name = "of-{h}", secret_key = %s }}\n' % SECRET
ALL = '[{{ actions = ["s3:*"], resources = ["arn:aws:s3:::*"] }}]'
TWO_POLICIES = "".join('resource %s_{n} : minio.Policy {{ name = "%s-{h}", statements = %s }}\n' % (name, name, ALL)
                       for name in ("first", "second"))

# Of a change that takes two requests (members that come and members that go) the second may be lost when the first is done: the
# next apply goes on. So the first change of a row takes one request.
ROWS = [
    Row("minio.Policy", ("name",), ("PUT", "/add-canned-policy"),
        {"name": '"policy-{h}"', "statements": STATEMENTS}, {"statements": CONDITIONS}),
    Row("minio.User", ("name",), ("PUT", "/add-user"),
        {"name": '"user-{h}"', "secret_key": SECRET}, {"secret_key": OTHER, "enabled": "false"}),
    Row("minio.Group", ("name",), ("PUT", "/update-group-members"),
        {"name": '"group-{h}"', "members": "[user_{n}.name]"}, {"enabled": "false", "members": "[other_{n}.name]"},
        needs=USER + USER.replace("user_", "other_").replace("of-", "other-")),
    Row("minio.PolicyAttachment", ("user",), ("POST", "/policy/attach"),
        {"user": "user_{n}", "policies": "[first_{n}.name]"}, {"policies": "[second_{n}.name, first_{n}.name]"},
        needs=USER + TWO_POLICIES),
    Row("minio.GroupPolicyAttachment", ("group",), ("POST", "/policy/attach"),
        {"group": "group_{n}", "policies": "[second_{n}.name]"}, {"policies": "[first_{n}.name, second_{n}.name]"},
        needs='resource group_{n} : minio.Group {{ name = "of-{h}" }}\n' + TWO_POLICIES),
    Row("minio.ServiceAccount", ("access_key",), ("PUT", "/add-service-account"),
        {"access_key": '"key-{h}"', "user": "user_{n}", "secret_key": SECRET, "statements": STATEMENTS},
        {"user": "other_{n}", "secret_key": OTHER, "statements": CONDITIONS, "enabled": "false",
         "expires": '"2099-01-31T00:00:00Z"', "name": '"reader"', "description": '"reads"'},
        needs=USER + USER.replace("user_", "other_").replace("of-", "other-"), stays=("name", "description")),
]
