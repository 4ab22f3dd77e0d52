"""A small uptime service, invented for the tests of `via http`: what real APIs do to their clients, in one place.

Groups are named by their clients and have versions (PUT answers 412 to a stale one); moving is a call of its own. Monitors
get a number beyond 2^53 from the service, are listed in pages by a cursor, need `If-Match`, reorder tags, lower-case targets,
keep passwords to themselves, and are `starting` before they are `up`. `faults` says what goes wrong next.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

FIRST_ID = 9007199254740993  # 2^53 + 1: no double holds it


class Beacon:
    def __init__(self, key):
        self.key = key
        self.groups = {}
        self.monitors = {}
        self.next_id = FIRST_ID
        self.requests = []  # (method, path, body)
        self.faults = []  # (method, path prefix, what), each used once
        self.looks_until_up = 1
        self.sites = {}
        self.jobs = []  # what each will do, how often it was looked at, and why it fails
        self.looks_until_done = 3
        self.failing_pages = 13
        self.lock = threading.RLock()
        beacon = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self):
                length = int(self.headers.get("Content-Length") or 0)
                text = self.rfile.read(length).decode()
                with beacon.lock:
                    beacon.answer(self, text)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def writes(self):
        return [request for request in self.requests if request[0] != "GET"]

    def answer(self, handler, text):
        method, path = handler.command, handler.path
        self.requests.append((method, path, text))
        fault = next((each for each in self.faults if method == each[0] and path.startswith(each[1])), None)
        if fault:
            self.faults.remove(fault)
        what = fault[2] if fault else ""
        if what == "drop before":
            handler.close_connection = True
            handler.connection.close()
            return
        headers = {"Content-Type": "application/json"}
        if isinstance(what, int):
            if what in (429, 503):
                headers["Retry-After"] = "1"
            status, body = what, {"message": "made to fail; you sent %s" % text}
        elif what == "html":
            status, body, headers = 200, "<html>sign in</html>", {"Content-Type": "text/html"}
        elif what == "redirect":
            status, body = 302, {}
            headers["Location"] = "http://127.0.0.1:1/stolen"
        else:
            status, body = self.route(handler, method, path, json.loads(text) if text else None)
        if status == 202:
            headers["Location"] = "%s/v1/jobs/%d" % (self.url, body["job"])
        if what == "drop after":
            handler.close_connection = True
            handler.connection.close()
            return
        if callable(what):
            what()
        self.reply(handler, status, headers, body)

    def reply(self, handler, status, headers, body):
        data = b"" if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
        try:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data)
        except ConnectionError:
            pass  # the client was killed

    def route(self, handler, method, target, body):
        if handler.headers.get("X-Key") != self.key:
            return 401, {"message": "bad key %s" % handler.headers.get("X-Key")}
        parts = urlsplit(target)
        words = [unquote(word) for word in parts.path.split("/")[1:]]
        if words[:2] == ["v1", "groups"]:
            return self.group(method, words[2:], body)
        if words[:2] == ["v1", "monitors"]:
            return self.monitor(handler, method, words[2:], parse_qs(parts.query), body)
        if words[:2] == ["v1", "sites"]:
            return self.site(method, words[2:], body)
        if words[:2] == ["v1", "jobs"]:
            return self.job(int(words[2]))
        return 404, {"message": "no such path"}

    def site(self, method, words, body):
        if method == "GET":
            pages = self.sites.get(words[0])
            return (404, {"message": "no such site"}) if pages is None else (200, {"pages": pages})
        name = words[0] if words else body["name"]
        pages = body["pages"] if body else None
        error = "page 13 is unlucky" if pages == self.failing_pages else None
        self.jobs.append({"name": name, "pages": pages, "looks": 0, "error": error})
        return 202, {"job": len(self.jobs) - 1}

    def job(self, number):
        job = self.jobs[number]
        job["looks"] += 1
        if job["looks"] < self.looks_until_done:
            return 200, {"state": "running", "error": None}
        if job["error"]:
            return 200, {"state": "failed", "error": job["error"]}
        if job["pages"] is None:
            self.sites.pop(job["name"], None)
        else:
            self.sites[job["name"]] = job["pages"]
        return 200, {"state": "done", "error": None}

    def group(self, method, words, body):
        if method == "POST" and not words:
            if body["slug"] in self.groups:
                return 409, {"message": "a group of that slug exists", "code": "taken"}
            self.groups[body["slug"]] = {"title": body["title"], "parent": body.get("parent"), "version": 1}
            return 201, self.groups[body["slug"]]
        group = self.groups.get(words[0]) if words else None
        if group is None:
            return 404, {"message": "no such group"}
        if method == "POST" and words[1:] == ["move"]:
            group["parent"] = body["parent"]
        elif method == "PUT":
            if body["version"] != group["version"]:
                return 412, {"message": "stale version"}
            group["title"] = body["title"]
        elif method == "DELETE":
            if any(other["parent"] == words[0] for other in self.groups.values()):
                return 422, {"message": "the group is not empty"}
            del self.groups[words[0]]
            return 204, None
        if method != "GET":
            group["version"] += 1
        return 200, {"slug": words[0], **group, "noise": "a field that nobody asked for"}

    def shown(self, number):
        monitor = dict(self.monitors[number])
        monitor.pop("password", None)
        monitor["id"] = number
        monitor["tags"] = sorted(monitor["tags"])
        monitor["etag"] = "W/\"%d\"" % monitor.pop("version")
        return monitor

    def monitor(self, handler, method, words, query, body):
        if not words and method == "GET":
            return self.page(int(query["limit"][0]), int(query.get("after", ["0"])[0]))
        if not words and method == "POST":
            return self.make(body)
        number = int(words[0]) if words and words[0].isdigit() else 0
        if number not in self.monitors:
            return 404, {"message": "no such monitor"}
        monitor = self.monitors[number]
        if method == "DELETE":
            del self.monitors[number]
            return 204, None
        if method == "PATCH":
            if handler.headers.get("If-Match") != "W/\"%d\"" % monitor["version"]:
                return 412, {"message": "stale etag"}
            if body.get("target", "x") == "bad":
                return 422, {"message": "target is bad", "quoted": body}
            for name, value in body.items():
                monitor[name] = value
            monitor["target"] = monitor["target"].lower()
            monitor["version"] += 1
        else:
            self.look(monitor)
        return 200, self.shown(number)

    def look(self, monitor):
        """The service checks while nobody looks; here a look is what time is."""
        monitor["looks"] += 1
        if monitor["state"] == "starting" and monitor["looks"] > self.looks_until_up:
            monitor["state"] = "up"

    def make(self, body):
        if any(monitor["name"] == body["name"] for monitor in self.monitors.values()):
            return 409, {"message": "name taken"}
        if body["target"] == "bad":
            return 422, {"message": "target is bad: %s" % json.dumps(body)}
        number, self.next_id = self.next_id, self.next_id + 1
        state = "broken" if body["target"].startswith("broken") else "starting"
        self.monitors[number] = {"name": body["name"], "kind": body["kind"], "target": body["target"].lower(),
                                 "every": body["every"], "tags": body["tags"], "group": body.get("group"),
                                 "history": body.get("history", "kept"), "password": body.get("password"),
                                 "state": state, "reason": "no route" if state == "broken" else None,
                                 "version": 1, "looks": 0}
        return 201, {"id": number}

    def page(self, limit, after):
        numbers = [number for number in sorted(self.monitors) if number > after]
        shown = numbers[:limit]
        for number in shown:
            self.look(self.monitors[number])
        more = str(shown[-1]) if len(numbers) > limit else None
        return 200, {"items": [self.shown(number) for number in shown], "next": more}
