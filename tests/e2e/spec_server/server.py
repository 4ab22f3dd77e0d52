"""An HTTP server that answers as a vendor's description says, for the shipped binary to talk to.

Every request is held to the description, and so is every reply: `violations` has what was not as described, of either side.
What the description does not say stands in a table of the system (`System`): what identifies an object, what the server sets,
which defaults it fills in, what it reorders, how it lists. `faults` says what goes wrong next.
"""

import copy
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from spec_server.document import Document

EXTRA = {"carbon_does_not_know_this": {"since": "a newer version", "list": [1, None]}}


@dataclass
class Reply:
    status: int
    body: object = None
    headers: dict = field(default_factory=dict)


class Refused(Exception):
    """The request has no effect, and this is its answer."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


@dataclass
class System:
    spec: str  # a file of tests/e2e/specs
    base: str  # what stands before every path
    admitted: object  # (headers) -> whether the credentials are right
    error: object  # (status, message) -> body
    collections: list
    change: object = None  # corrects the description: (document)
    scope: str = ""  # the header that says to whom of the server a request goes
    unknown: int = 401  # the status for credentials that are not right
    # What stands around the text of a body: (request, bytes) -> text, and (request, reply, bytes) -> bytes.
    received: object = lambda request, data: data.decode()
    sent: object = lambda request, reply, data: data


class Http(ThreadingHTTPServer):
    request_queue_size = 128  # a connection that finds no place in it is tried again after a second


class SpecServer:
    def __init__(self, system, specs):
        self.system = system
        self.document = Document("%s/%s" % (specs, system.spec), system.change)
        self.collections = {each.path: each for each in system.collections}
        self.routes = {template: each for each in system.collections for template in each.templates()}
        self.requests = []  # (method, path, status)
        self.violations = []
        self.issued = []  # secrets that a reply said once
        self.faults = []  # [method (None: all but GET), expression that the path is searched for, what]; each is used once
        self.spoilt = set()  # the requests that had one
        self.extra = {}  # members of every object that is shown which the description does not have
        self.clock = 1_700_000_000
        self.lock = threading.RLock()
        self.objects = {}  # (collection, names of parents, name) -> object
        self.http = Http(("127.0.0.1", 0), handler_of(self))
        self.url = "http://127.0.0.1:%d" % self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def now(self):
        self.clock += 1
        return self.clock

    def writes(self):
        return [each for each in self.requests if each[0] != "GET"]

    def of(self, path):
        """The objects of a collection, by their names."""
        return {key[2]: value for key, value in self.objects.items() if key[0] == path}

    def snapshot(self):
        return copy.deepcopy(self.objects)

    def drift(self, other):
        """Somebody makes every object what it is in `other`, but for what the server itself sets. How many members differ."""
        count = 0
        for key, theirs in other.items():
            ours = self.objects.get(key)
            if ours is None or ours == theirs:
                continue
            collection = self.collections[key[0]]
            if collection.document:
                self.objects[key] = copy.deepcopy(theirs)
                count += 1
                continue
            for name in set(ours) | set(theirs):
                if name in collection.server_set or ours.get(name) == theirs.get(name):
                    continue
                ours[name] = copy.deepcopy(theirs.get(name))
                count += 1
        return count

    def fault_of(self, method, target, headers, text):
        """What goes wrong with this request. One that is sent again has had its share."""
        fault = next((each for each in self.faults if (each[0] == method or each[0] is None and method != "GET")
                      and re.search(each[1], unquote(target))), None)
        request = (method, target, headers.get(self.system.scope), text)
        if fault is None or request in self.spoilt:
            return ""
        self.spoilt.add(request)
        self.faults.remove(fault)
        return fault[2]

    def answer(self, method, target, headers, text):
        """The reply, and whether it gets lost."""
        what = self.fault_of(method, target, headers, text)
        if what == "drop before":
            return None
        if isinstance(what, int):
            reply = Reply(what, self.system.error(what, "made to fail; you sent %s %s" % (text, headers.get("authorization"))))
            if what in (429, 503):
                reply.headers["Retry-After"] = "0"
        else:
            reply = self.routed(method, target, headers, text)
        self.requests.append((method, target, reply.status))
        if callable(what):
            what()
        return None if what == "drop after" else reply

    def routed(self, method, target, headers, text):
        parts = urlsplit(target)
        if not self.system.admitted(headers):
            said = "not admitted: %s" % json.dumps(headers)
            return Reply(self.system.unknown, self.system.error(self.system.unknown, said))
        where = "%s %s" % (method, target)
        path = parts.path[len(self.system.base):] if parts.path.startswith(self.system.base) else ""
        template, encoded = self.document.place(path)
        operation = self.document.operations.get((method, template))
        if operation is None or template not in self.routes:
            self.violations.append(where + ": no such operation")
            return Reply(405, self.system.error(405, "no such operation"))
        values = {name: unquote(value) for name, value in encoded.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        body = json.loads(text) if text else None
        faults = self.document.faults_of_request(operation, values, query, headers, body)
        if faults:
            self.violations += ["%s: %s; sent %s" % (where, each, text) for each in faults]
            return Reply(400, self.system.error(400, "; ".join(faults)))
        try:
            reply = self.routes[template].answer(self, method, template, values, query, headers, body)
        except Refused as refused:
            reply = Reply(refused.status, self.system.error(refused.status, refused.message))
        lies = self.document.faults_of_reply(operation, reply.status, reply.body)
        self.violations += ["reply to %s: %s" % (where, each) for each in lies]
        return reply

    def extended(self, body):
        """With members that a newer server may have."""
        if not self.extra:
            return body
        if isinstance(body, list):
            return [self.extended(each) for each in body]
        return {**body, **self.extra} if isinstance(body, dict) else body


def handler_of(server):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_one(self):
            text = server.system.received(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with server.lock:
                reply = server.answer(self.command, self.path, headers, text)
            if reply is None:
                self.close_connection = True
                self.connection.close()
                return
            body = server.extended(reply.body) if reply.status < 300 else reply.body
            data = server.system.sent(self, reply, b"" if body is None else json.dumps(body).encode())
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json; charset=utf-8", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

        def log_message(self, *_):
            pass

    return Handler
