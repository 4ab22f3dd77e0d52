"""The part of GitHub's and of GitLab's REST API that comments need, on a loopback port, with faults on request.

It judges too: what a real forge would refuse (no token, a body without its members, an unknown id) it refuses alike.
Every request is kept in `requests` as (method, path, body), so that a test can say what was sent. It is also held to GitHub's own
description (specs/github.json), and to what GitLab's own client knows of its API, as there is no description to be had
(specs/gitlab.json): `violations` has what is not as described.
"""

import http.server
import json
import os
import re
import threading
import urllib.parse

from spec_server.document import Document

SPECS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "specs")
TOKEN = "forge-Canary-51c2"
OWN = {"id": 900, "login": "carbon-bot", "username": "carbon-bot"}
SOMEBODY = {"id": 7, "login": "mallory", "username": "mallory"}


class Forge:
    """Comments, labels and statuses of one pull request; `kind` is github or gitlab."""

    def __init__(self, kind, workflow_token=False):
        self.kind = kind
        self.own = {"id": 41898282, "login": "github-actions[bot]"} if workflow_token else OWN
        self.workflow_token = workflow_token
        self.comments, self.labels, self.statuses, self.requests = [], ["unrelated"], [], []
        self.description = Document(os.path.join(SPECS, kind + ".json"))
        self.violations = []
        self.faults = []  # (regular expression for "METHOD PATH", "lose" or a status), each used once
        self.next_id = 100
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def api(self):
        return "http://127.0.0.1:%d%s" % (self.http.server_address[1], "" if self.kind == "github" else "/api/v4")

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def add(self, author, body):
        self.next_id += 1
        whose = "user" if self.kind == "github" else "author"
        self.comments.append({"id": self.next_id, "body": body, whose: author})
        return self.comments[-1]

    def page(self, items, query):
        size, number = int(query.get("per_page", ["30"])[0]), int(query.get("page", ["1"])[0])
        return 200, items[(number - 1) * size:number * size]

    def judge(self, method, path, query, body, status):
        """Whether the forge's description has such a request, and such an answer to it."""
        template, values = self.description.place(path)
        operation = self.description.operations.get((method, template))
        if operation is None:
            self.violations.append("%s %s is not described" % (method, path))
            return
        plain = {name: each[-1] for name, each in query.items()}
        faults = self.description.faults_of_request(operation, {name: urllib.parse.unquote(value) for name, value in values.items()},
                                                    plain, {}, body or None)
        # GitLab's client says nothing of refusals.
        if str(status) not in operation.responses and not (self.kind == "gitlab" and status >= 400):
            faults.append("status %d is not described" % status)
        self.violations += ["%s %s: %s" % (method, path, fault) for fault in faults]

    def answer(self, method, path, query, body):
        return (self.github if self.kind == "github" else self.gitlab)(method, path, query, body)

    def github(self, method, path, query, body):
        if (method, path) == ("GET", "/user"):
            return (403, {"message": "Resource not accessible by integration"}) if self.workflow_token else (200, self.own)
        place = "/repos/acme/platform"
        if path == place + "/issues/7/comments":
            if method == "GET":
                return self.page(self.comments, query)
            return self.written(self.add(self.own, ""), body, 201)
        found = re.fullmatch(re.escape(place) + r"/issues/comments/(\d+)", path)
        if found and method == "PATCH":
            return self.written(self.one(int(found[1])), body, 200)
        if path == place + "/issues/7/labels":
            if method == "GET":
                return self.page([{"name": name} for name in self.labels], query)
            if not isinstance(body.get("labels"), list):
                return 422, {"message": "Validation Failed"}
            self.labels += [name for name in body["labels"] if name not in self.labels]
            return 200, [{"name": name} for name in self.labels]
        found = re.fullmatch(re.escape(place) + r"/issues/7/labels/([^/]+)", path)
        if found and method == "DELETE":
            self.labels.remove(urllib.parse.unquote(found[1]))
            return 200, [{"name": name} for name in self.labels]
        if re.fullmatch(re.escape(place) + r"/statuses/[0-9a-f]{40}", path) and method == "POST":
            if body.get("state") not in ("error", "failure", "pending", "success") or len(body.get("description", "")) > 140:
                return 422, {"message": "Validation Failed"}
            self.statuses.append((body["state"], body["context"], body["description"]))
            return 201, {}
        return 404, {"message": "Not Found"}

    def gitlab(self, method, path, query, body):
        if (method, path) == ("GET", "/api/v4/user"):
            return 200, self.own
        place = "/api/v4/projects/acme%2Fplatform"
        if path == place + "/merge_requests/7/notes":
            if method == "GET":
                order = sorted(self.comments, key=lambda one: one["id"], reverse=query.get("sort", ["desc"])[0] == "desc")
                return self.page(order, query)
            return self.written(self.add(self.own, ""), body, 201)
        found = re.fullmatch(re.escape(place) + r"/merge_requests/7/notes/(\d+)", path)
        if found and method == "PUT":
            return self.written(self.one(int(found[1])), body, 200)
        if path == place + "/merge_requests/7" and method == "PUT":
            for name in body.get("remove_labels", "").split(","):
                if name in self.labels:
                    self.labels.remove(name)
            self.labels += [name for name in body.get("add_labels", "").split(",") if name not in self.labels]
            return 200, {}
        if re.fullmatch(re.escape(place) + r"/statuses/[0-9a-f]{40}", path) and method == "POST":
            if body.get("state") not in ("pending", "running", "success", "failed", "canceled"):
                return 400, {"error": "state does not have a valid value"}
            self.statuses.append((body["state"], body["name"], body["description"]))
            return 201, {}
        return 404, {"message": "404 Not Found"}

    def one(self, number):
        return next((one for one in self.comments if one["id"] == number), None)

    @staticmethod
    def written(comment, body, code):
        if comment is None:
            return 404, {"message": "Not Found"}
        if not isinstance(body.get("body"), str) or not body["body"] or len(body["body"]) > 65536:
            return 422, {"message": "Validation Failed"}
        comment["body"] = body["body"]
        return code, comment

    def allowed(self, headers):
        given = headers.get("Authorization") if self.kind == "github" else headers.get("PRIVATE-TOKEN")
        return given == ("Bearer " + TOKEN if self.kind == "github" else TOKEN)

    def fault(self, line):
        for at, (pattern, what) in enumerate(self.faults):
            if re.search(pattern, line):
                del self.faults[at]
                return what
        return None

    def handler(forge):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                path, _, query = self.path.partition("?")
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
                forge.requests.append((self.command, path, body))
                what = forge.fault("%s %s" % (self.command, path))
                if isinstance(what, int):
                    return self.reply(what, {"message": "try later"}, {"Retry-After": "0"})
                if not forge.allowed(self.headers):
                    return self.reply(401, {"message": "Bad credentials"}, {})
                code, document = forge.answer(self.command, path, urllib.parse.parse_qs(query), body)
                forge.judge(self.command, path, urllib.parse.parse_qs(query), body, code)
                if what == "lose":  # done, and nobody hears of it
                    self.close_connection = True
                    return None
                return self.reply(code, document, {})

            def reply(self, code, document, headers):
                text = json.dumps(document).encode()
                self.send_response(code)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = serve

            def log_message(self, *arguments):
                pass

        return Handler
