#!/usr/bin/env python3
"""No secret is printed or stored, by any command, in any spelling.

    secret_canary.py CARBON

Canaries are planted wherever a platform can have a secret: the environment, files, generated secrets, passwords of
PostgreSQL roles and connections, a Secret's data, the credentials of a cluster. Every command runs in every format, applies
succeed and fail, and a server quotes back whatever it was sent. Then every output and every file that carbon left behind is
searched. The sandbox's own API server and database are the servers here, so their storage may hold secrets; nothing else
may. At last it is shown that the search would have found each spelling, and would have found it in these very places.
"""

import base64
import glob
import json
import os
import secrets
import sqlite3
import sys
import tempfile
import urllib.parse

import api_server
import carbon_folder

SANDBOX = """import "std/k8s"
import "std/postgres"

platform canary {}
input plain : string = "nothing"
provider cluster : k8s.Cluster { namespace = "default" }
provider db : postgres.Server { host = "localhost", user = "postgres", password = secret.env("CANARY_CONNECTION") }
resource made : k8s.GeneratedSecret { keys = { password = { length = 40 } } }
resource token : k8s.Secret {
  stringData = { token = secret.env("CANARY_ENV"), url = "postgres://app:${secret.env("CANARY_ENV")}@db/app" }
}
resource file : k8s.Secret { stringData = { key = secret.file("canary.key") } }
resource copy : k8s.Secret { stringData = { password = "pw ${made.data["password"]}" } }
resource app : postgres.Role { name = "app", login = true, password = secret.env("CANARY_ROLE") }
resource job : postgres.Role { name = "job", login = true, password = made.data["password"] }
resource open : k8s.ConfigMap { data = { plain = plain } }
"""

LIVE = """import "std/k8s"

platform canary { world live }
provider cluster : k8s.Cluster { kubeconfig = "kubeconfig" }
resource token : k8s.Secret { stringData = { token = secret.env("CANARY_ENV") } }
resource file : k8s.Secret { stringData = { key = secret.file("canary.key") } }
resource open : k8s.ConfigMap { data = { text = "fine" } }
"""

ADDRESSES = ("made", "token", "file", "copy", "app", "job", "open", "db", "cluster")
STYLES = ("tty", "plain", "json", "quiet")


def canary():
    """Characters that every encoding spells in its own way, around a core that no cut can hide."""
    return 'cAn"%s\\/+é<\'&%%%s' % (secrets.token_hex(8), secrets.token_hex(8))


def base64_cores(data):
    """What base64 of any text around `data` must contain: one core for each place relative to a group of three bytes."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data)
        yield encoded[(before * 8 + 5) // 6:(before + len(data)) * 8 // 6]


def spellings(secret):
    """{spelling: bytes} for a secret; the search fails on any of them."""
    raw = secret.encode()
    go_json = {c: "\\u%04x" % ord(c) for c in "<>&"}
    found = {
        "raw": raw,
        "JSON": json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
        "JSON in ASCII": json.dumps(secret)[1:-1].encode(),
        "JSON in JSON": json.dumps(json.dumps(secret, ensure_ascii=False), ensure_ascii=False)[3:-3].encode(),
        "Go's JSON": "".join(go_json.get(c, c) for c in json.dumps(secret, ensure_ascii=False)[1:-1]).encode(),
        "URL": urllib.parse.quote(secret, safe="").encode(),
        "URL query": urllib.parse.quote_plus(secret).encode(),
        "SQL": secret.replace("'", "''").encode(),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
    }
    for place, core in enumerate(base64_cores(raw)):
        found["base64 at %d" % place] = core
        found["base64 for URLs at %d" % place] = core.replace(b"+", b"-").replace(b"/", b"_")
    # Half of it is a leak too, and so is a spelling that nobody thought of: the digits are the same in most.
    for number, half in enumerate(part for part in secret.replace("%", '"').split('"') if len(part) >= 16):
        half = half[:16]
        found["half %d" % number] = half.encode()
        found["half %d in hex" % number] = half.encode().hex().encode()
        for place, core in enumerate(base64_cores(half.encode())):
            found["half %d in base64 at %d" % (number, place)] = core
    return found


class Search:
    """Where secrets may not be: outputs, and every file but the servers' own storage and where a secret comes from."""

    def __init__(self, folder):
        self.folder = folder
        self.planted = {}  # name: secret
        self.outputs = {}  # what was run: bytes
        self.own = {"canary.key"}

    def plant(self, name, secret=None):
        self.planted[name] = secret or canary()
        return self.planted[name]

    def texts(self):
        yield from self.outputs.items()
        for directory, below, names in os.walk(self.folder):
            inside = os.path.relpath(directory, self.folder)
            if inside == ".carbon/sandbox":
                below[:] = [name for name in below if name != "postgres"]
                names = [name for name in names if not name.startswith("kubernetes.db")]
            for name in names:
                path = os.path.join(directory, name)
                if os.path.isfile(path) and not os.path.islink(path) and os.path.relpath(path, self.folder) not in self.own:
                    with open(path, "rb") as data:
                        yield os.path.relpath(path, self.folder), data.read()

    def hits(self):
        known = [(name, how, text) for name, secret in self.planted.items() for how, text in spellings(secret).items()]
        return [(where, name, how) for where, data in self.texts() for name, how, text in known if text in data]


class Runs:
    """Runs commands in one folder and keeps what they print."""

    def __init__(self, folder, binary, search):
        self.folder, self.search, self.faults = folder, search, []
        self.env = carbon_folder.environment(folder, binary)
        self.env["CARBON_LOG_FILE"] = os.path.join(folder, "carbon.log")

    def run(self, *arguments, expect=(0,)):
        if arguments[0] != "show":
            arguments = (*arguments, "--trace")
        code, out, error = carbon_folder.run(["carbon", *arguments], self.folder, self.env)
        self.search.outputs["%d: carbon %s" % (len(self.search.outputs), " ".join(arguments))] = out + b"\n" + error
        if code not in expect:
            self.faults.append("carbon %s: exit %d\n%s" % (" ".join(arguments), code, (out + error).decode(errors="replace")))
        return out

    def rotate(self, *names):
        for name in names:
            # PostgreSQL takes only ASCII for a password's verifier.
            text = canary().replace("é", "e") if name == "role" else canary()
            secret = self.search.plant("%s, number %d" % (name, len(self.search.planted)), text)
            if name == "file":
                with open(os.path.join(self.folder, "canary.key"), "w") as key:
                    key.write(secret + "\n")
            else:
                self.env["CANARY_" + name.upper()] = secret


def write(folder, text):
    with open(os.path.join(folder, "input.carbon"), "w") as out:
        out.write(text)


def generated(folder):
    """What the sandbox's server has stored of the generated secret."""
    database = sqlite3.connect("file:%s?mode=ro" % os.path.join(folder, ".carbon/sandbox/kubernetes.db"), uri=True)
    rows = database.execute("SELECT object FROM objects WHERE name = 'made' AND deleted = 0 ORDER BY revision").fetchall()
    database.close()
    data = json.loads(rows[-1][0])["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def every_view(runs, *world):
    runs.run("check"), runs.run("check", "--json")
    for form in ("text", "json", "markdown", "html"):
        for detail in ("summary", "normal", "full"):
            runs.run("plan", *world, "--format", form, "--detail", detail)
    runs.run("support-bundle", *world), runs.run("support-bundle", "--names", *world, "-o", "bundle.json")
    for form in ("text", "dot", "mermaid", "json", "svg"):
        runs.run("graph", *world, "--format", form)
        runs.run("graph", *world, "--changes", "--format", form)


def life_in_the_sandbox(runs):
    """Create, look at it in every way, rotate every secret under each style of progress, destroy."""
    world = ("--world", "sandbox")
    write(runs.folder, SANDBOX)
    runs.rotate("env", "role", "connection", "file")
    every_view(runs, *world)
    runs.run("plan", *world, "-o", "first.cplan")
    for form in ("text", "json", "markdown", "html"):
        runs.run("show", "first.cplan", "--format", form, "--detail", "full")
    runs.run("apply", "first.cplan")
    for key, value in generated(runs.folder).items():
        runs.search.plant("generated %s" % key, value)
    for style in STYLES:
        runs.rotate("env", "role", "connection", "file")
        every_view(runs, *world)
        runs.run("apply", *world, "--yes", "--progress", style, "--detail", "full")
    for address in ADDRESSES:
        runs.run("get", address, *world, expect=(0, 1))
    for form in ((), ("--json",), ("--summary",)):
        runs.run("list", *world, *form)
    runs.run("destroy", *world, "--yes", "--detail", "full", "--progress", "plain")
    write(runs.folder, SANDBOX + "input key : secret<string>\n")
    for text in (runs.search.plant("set"), '"%s"' % runs.search.plant("set, quoted").replace('"', ""), "${"):
        runs.run("plan", *world, "--set", "key=" + text, expect=(1,))


def status(code, reason):
    return {"kind": "Status", "status": "Failure", "reason": reason, "code": code,
            "message": 'admission webhook "w" denied the request: $REQUEST; authorization: Bearer $TOKEN',
            "details": {"name": "token", "kind": "secrets", "causes": [
                {"reason": "FieldValueInvalid", "message": "Invalid value: $REQUEST", "field": "stringData"}]}}


def stored(data):
    """A Secret that kubectl made: it keeps a copy of all that it was given in an annotation."""
    copy = json.dumps({"kind": "Secret", "stringData": data})
    return {"kind": "Secret", "apiVersion": "v1", "type": "Opaque",
            "data": {name: base64.b64encode(value.encode()).decode() for name, value in data.items()},
            "metadata": {"name": "token", "namespace": "default", "uid": "u", "resourceVersion": "7",
                         "annotations": {"kubectl.kubernetes.io/last-applied-configuration": copy},
                         "managedFields": [{"manager": "kubectl", "operation": "Update", "fieldsV1": {"f:data": {"f:token": {}}}}]}}


def secrets_of_others(runs):
    """What is already there is shown, refused and adopted, but its content stays where it is."""
    for text in (LIVE, LIVE.replace("k8s.Secret { ", 'k8s.Secret {\n  adopt ""\n  ', 1)):
        write(runs.folder, text)
        live = runs.search.plant("stored before, number %d" % len(runs.search.planted))
        serve(runs.folder, [{"when": "GET .*/secrets/token$", "json": stored({"token": live, "other": live})}])
        for command in (("plan",), ("plan", "--json"), ("plan", "--format", "markdown"), ("get", "token")):
            runs.run(*command, expect=(0, 1))


def serve(folder, rules):
    with open(os.path.join(folder, "server.json"), "w") as out:
        json.dump(rules, out)


def servers_that_quote(runs):
    """Applies that fail because a server refuses, and quotes all that it was sent."""
    write(runs.folder, LIVE)
    runs.search.plant("the credentials", api_server.ApiServer.TOKEN + secrets.token_hex(12))
    api_server.ApiServer.TOKEN = runs.search.planted["the credentials"]
    runs.search.own.add("kubeconfig")
    server = api_server.ApiServer(runs.folder, api_server.make_certificate(runs.folder))
    replies = [{"status": code, "json": status(code, reason), "headers": {"Retry-After": "0"}} for code, reason in (
        (400, "BadRequest"), (401, "Unauthorized"), (403, "Forbidden"), (409, "Conflict"), (413, "RequestEntityTooLarge"),
        (422, "Invalid"), (429, "TooManyRequests"), (500, "InternalError"), (503, "ServiceUnavailable"))]
    replies += [{"status": code, "type": "text/plain", "body": "refused: $REQUEST $TOKEN"} for code in (400, 403, 500, 502)]
    replies += [{"status": 200, "body": "$REQUEST $TOKEN"}, {"status": 200, "type": "text/html", "body": "<p>$REQUEST $TOKEN</p>"}]
    for number, reply in enumerate(replies):
        runs.rotate("env", "file")
        style = STYLES[number % len(STYLES)]
        serve(runs.folder, [{"when": "PATCH .*/secrets/", **reply}])
        runs.run("apply", "--yes", "--progress", style, "--detail", "full", expect=(1, 6))
    secrets_of_others(runs)
    serve(runs.folder, [{"when": "GET", "status": 401, "json": status(401, "Unauthorized")}])
    for command in (("plan",), ("plan", "--json"), ("get", "token"), ("apply", "--yes"), ("destroy", "--yes")):
        runs.run(*command, expect=(1, 6))
    server.close()


def the_search_finds(runs, faults):
    """Each spelling in a file where carbon's own lie, and a plan that shows a text that is not marked as a secret."""
    search = runs.search
    place = os.path.join(runs.folder, ".carbon", "control")
    for name, secret in list(search.planted.items())[:3]:
        for how, text in spellings(secret).items():
            with open(place, "wb") as out:
                out.write(b"noise" + text + b"noise")
            if (".carbon/control", name, how) not in search.hits():
                faults.append("the search does not find %s spelled as %s" % (name, how))
    os.remove(place)
    write(runs.folder, SANDBOX)
    search.planted = {"shown on purpose": secrets.token_hex(12)}
    search.outputs.clear()
    shown = search.planted["shown on purpose"]
    runs.run("plan", "--world", "sandbox", "--set", "plain=" + shown, "-o", "control.cplan")
    runs.run("plan", "--world", "sandbox", "--set", "plain=" + shown, "--json")
    found = {where for where, _, how in search.hits() if how == "raw"}
    for where in [*search.outputs, "control.cplan"]:
        if where not in found:
            faults.append("the search does not find a text that is shown on purpose in %s" % where)


def main():
    binary = os.path.realpath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="carbon-canary-") as folder:
        os.chmod(folder, 0o755)
        search = Search(folder)
        runs = Runs(folder, binary, search)
        life_in_the_sandbox(runs)
        servers_that_quote(runs)
        inventories = glob.glob(os.path.join(folder, ".carbon", "*.db"))
        faults = runs.faults + ["%s: %s, spelled as %s" % hit for hit in search.hits()]
        with open(runs.env["CARBON_LOG_FILE"], encoding="utf-8") as log:
            told = log.read()
        for words in ("PATCH /api/v1/namespaces/default/secrets/token", "SQL", "exit 6"):
            if words not in told:
                faults.append("the log does not tell of %s" % words)
        if len(inventories) != 2:
            faults.append("the inventories are not where they are searched: %s" % inventories)
        places, planted = sum(1 for _ in search.texts()), len(search.planted)
        the_search_finds(runs, faults)
    for fault in faults:
        print("FAILED " + fault)
    print("%d canaries in %d outputs and files, %d faults" % (planted, places, len(faults)))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
