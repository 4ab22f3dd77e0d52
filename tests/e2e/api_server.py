"""A Kubernetes API server that does what a test tells it: over TLS, on a loopback port, with a small object store behind.

`server.json` in its folder is read again at every request, so that a test can change its mind:

    [{"when": "PATCH .*/configmaps/x",      a regular expression for "METHOD TARGET"; the first rule that matches answers
      "times": 1,                           then the rule is used up; without it, for ever
      "status": 422,                        200 when it is missing
      "type": "text/html",                  application/json when it is missing
      "headers": {"Retry-After": "1"},
      "json": {…} or "body": "…",           `$REQUEST` in a string becomes the body of the request, `$TOKEN` the credentials
      "do": "close"}]                       no reply at all; see `ACTIONS` for the rest

A rule with `do` and without status, json and body lets the store answer afterwards.
"""

import glob
import http.server
import json
import os
import re
import signal
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

KINDS = {
    "configmaps": ("v1", "ConfigMap"),
    "secrets": ("v1", "Secret"),
    "namespaces": ("v1", "Namespace"),
    "services": ("v1", "Service"),
    "deployments": ("apps/v1", "Deployment"),
}
# A name is shorter than its UUID: every uid in a golden is this one with another end.
UID = "00000000-0000-4000-8000-%012d"


def make_certificate(folder):
    """A self-signed certificate for 127.0.0.1, which is its own authority."""
    key, certificate = os.path.join(folder, "tls.key"), os.path.join(folder, "tls.crt")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=scripted", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    return key, certificate


def status(code, reason, message, name="", kind=""):
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message,
            "reason": reason, "details": {"name": name, "kind": kind} if name else {}, "code": code}


def fields_of(value):
    """FieldsV1 of what was applied; lists are leaves."""
    return {"f:" + name: fields_of(inner) for name, inner in value.items()} if isinstance(value, dict) else {}


class Store:
    """Objects by (plural, namespace, name): as much of server-side apply as carbon's own requests need."""

    def __init__(self):
        self.objects = {}
        self.counter = 0

    def get(self, plural, namespace, name):
        if plural == "namespaces" and name == "kube-system":
            return 200, {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name, "uid": UID % 0}}
        found = self.objects.get((plural, namespace, name))
        return (200, found) if found else (404, status(404, "NotFound", '%s "%s" not found' % (plural, name), name, plural))

    def list(self, plural, namespace):
        version, kind = KINDS[plural]
        items = [item for (p, n, _), item in sorted(self.objects.items()) if p == plural and namespace in ("", n)]
        return 200, {"kind": kind + "List", "apiVersion": version, "metadata": {"resourceVersion": "1"}, "items": items}

    def apply(self, plural, namespace, name, body, dry_run):
        key, wanted = (plural, namespace, name), body.get("metadata", {})
        former = self.objects.get(key)
        have = former["metadata"] if former else {}
        # A version is not looked at when there is nothing yet: that is how a create-only apply works.
        for field in ("uid", "resourceVersion") if former else ("uid",):
            if field in wanted and wanted[field] != have.get(field):
                return 409, status(409, "Conflict", "Operation cannot be fulfilled on %s \"%s\"" % (plural, name), name, plural)
        metadata = {k: v for k, v in wanted.items() if k not in ("uid", "resourceVersion")}
        owned = {**{k: v for k, v in body.items() if k not in ("apiVersion", "kind", "metadata")},
                 "metadata": {k: v for k, v in metadata.items() if k not in ("name", "namespace")}}
        self.counter += 0 if dry_run else 1
        metadata.update(uid=have.get("uid", UID % self.counter), resourceVersion=str(1000 + self.counter),
                        creationTimestamp="2026-01-01T00:00:00Z",
                        managedFields=[{"manager": "carbon", "operation": "Apply", "apiVersion": body.get("apiVersion"),
                                        "fieldsType": "FieldsV1", "fieldsV1": fields_of(owned)}])
        if namespace:
            metadata["namespace"] = namespace
        made = {**body, "metadata": metadata}
        if not dry_run:
            self.objects[key] = made
        return (200 if former else 201), made

    def delete(self, plural, namespace, name, body):
        key = (plural, namespace, name)
        if key not in self.objects:
            return self.get(*key)
        uid = body.get("preconditions", {}).get("uid")
        if uid != self.objects[key]["metadata"]["uid"]:
            return 409, status(409, "Conflict", "the uid does not match", name, plural)
        del self.objects[key]
        return 200, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
                     "details": {"name": name, "kind": plural, "uid": uid}}

    def answer(self, method, target, body):
        path, _, query = target.partition("?")
        if path == "/version":
            return 200, {"gitVersion": "v1.35.4"}
        parts = [urllib.parse.unquote(part) for part in path.strip("/").split("/")]
        parts = parts[2:] if parts[0] == "api" else parts[3:]  # behind the version
        namespace = ""
        if parts[:1] == ["namespaces"] and len(parts) > 2:
            namespace, parts = parts[1], parts[2:]
        plural, name = (parts + ["", ""])[:2]
        if plural not in KINDS:
            return 404, status(404, "NotFound", "the server could not find the requested resource")
        if method == "GET":
            return self.get(plural, namespace, name) if name else self.list(plural, namespace)
        document = json.loads(body or "{}")
        if method == "DELETE":
            return self.delete(plural, namespace, name, document)
        return self.apply(plural, namespace, name, document, "dryRun=All" in query)


class QuietServer(http.server.ThreadingHTTPServer):
    """A client that goes away in the middle is what some tests are about."""

    def handle_error(self, request, address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, address)


class ApiServer:
    """One server in its folder: writes `kubeconfig` there, remembers every write."""

    TOKEN = "scripted-token"

    def __init__(self, folder, certificate):
        self.folder = folder
        self.store = Store()
        self.writes = []  # "METHOD TARGET", dry runs left out
        self.used = {}
        self.held = []
        self.mutex = threading.Lock()
        self.http = QuietServer(("127.0.0.1", 0), self.handler())
        self.http.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate[1], certificate[0])
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.port = self.http.server_address[1]
        self.write_kubeconfig(certificate[1])
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def write_kubeconfig(self, authority):
        with open(os.path.join(self.folder, "kubeconfig"), "w") as out:
            out.write(
                "current-context: main\n"
                "contexts: [{name: main, context: {cluster: c, user: u, namespace: default}}]\n"
                "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:%d', certificate-authority: '%s'}}]\n"
                "users: [{name: u, user: {token: %s}}]\n" % (self.port, authority, self.TOKEN))

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        for connection in self.held:
            connection.close()

    def holder(self):
        """Who holds the inventory's lock: it is the one that talks to this server."""
        for lock in glob.glob(os.path.join(self.folder, ".carbon", "*.lock")):
            with open(lock) as text:
                return json.load(text)
        raise RuntimeError("nobody holds the lock")

    def client(self):
        return self.holder()["process"]

    def break_lock(self):
        programs = os.path.join(self.folder, ".programs")
        env = {"PATH": programs + ":" + os.environ["PATH"], "HOME": self.folder,
               "CARBON_STATE_DIR": os.path.join(self.folder, ".keys")}
        subprocess.run(["carbon", "lock", "break", self.holder()["run"]], cwd=self.folder, env=env, check=True,
                       capture_output=True)

    def lock_inventory(self):
        for database in glob.glob(os.path.join(self.folder, ".carbon", "*.db")):
            connection = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
            connection.execute("BEGIN IMMEDIATE")
            self.held.append(connection)

    ACTIONS = {
        "interrupt": lambda self: (os.kill(self.client(), signal.SIGINT), time.sleep(0.2)),
        "kill": lambda self: (os.kill(self.client(), signal.SIGKILL), time.sleep(0.2)),
        "break-lock": break_lock,
        "lock": lock_inventory,  # nothing can be written to the inventory any more
    }

    def rule_for(self, method, target):
        path = os.path.join(self.folder, "server.json")
        if not os.path.exists(path):
            return None
        with open(path) as text:
            rules = json.load(text)
        for rule in rules:
            if not re.search(rule["when"], "%s %s" % (method, target)):
                continue
            key = json.dumps(rule)
            if self.used.get(key, 0) >= rule.get("times", 1 << 30):
                continue
            self.used[key] = self.used.get(key, 0) + 1
            return rule
        return None

    def filled(self, value, body):
        """A rule's strings with what they stand for."""
        if isinstance(value, dict):
            return {name: self.filled(inner, body) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.filled(inner, body) for inner in value]
        return value.replace("$REQUEST", body).replace("$TOKEN", self.TOKEN) if isinstance(value, str) else value

    def reply(self, method, target, body):
        """(status, content type, headers, bytes), or None for no reply at all."""
        rule = self.rule_for(method, target)
        if method != "GET" and "dryRun=All" not in target:
            self.writes.append("%s %s" % (method, target.partition("?")[0]))
        if rule and rule.get("do") in self.ACTIONS:
            self.ACTIONS[rule["do"]](self)
        elif rule and rule.get("do") == "close":
            return None
        if not rule or not {"status", "json", "body"} & set(rule):
            code, document = self.store.answer(method, target, body)
            return code, "application/json", {}, json.dumps(document).encode()
        text = rule["body"] if "body" in rule else rule.get("json", {})
        text = self.filled(text, body)
        if not isinstance(text, str):
            text = json.dumps(text)
        return rule.get("status", 200), rule.get("type", "application/json"), rule.get("headers", {}), text.encode()

    def handler(server):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                with server.mutex:
                    reply = server.reply(self.command, self.path, body)
                if reply is None:
                    self.close_connection = True
                    return
                code, content_type, headers, payload = reply
                self.send_response(code)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(payload)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_PATCH = do_DELETE = do_POST = do_PUT = answer

            def log_message(self, *arguments):
                pass

        return Handler
