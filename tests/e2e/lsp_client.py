"""A client of `carbon lsp` that says exactly what a test wants it to say, well-formed or not."""

import json
import os
import select
import subprocess
import time

CASES = []  # of the test that uses this


def case(function):
    CASES.append(function)
    return function


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def equal(found, wanted, what):
    check(found == wanted, "%s: %r, expected %r" % (what, found, wanted))


class Lost(Exception):
    """The server went away or did not answer in time."""


class Client:
    def __init__(self, carbon, folder):
        self.process = subprocess.Popen([carbon, "lsp"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, bufsize=0)
        self.folder = os.path.realpath(folder)
        self.buffer = b""
        self.last = 0
        self.diagnostics = {}
        self.log = []
        self.versions = {}

    # Bytes

    def raw(self, data):
        self.process.stdin.write(data)

    def send(self, message):
        body = json.dumps(message).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def receive(self, timeout=60):
        """The next message, whatever it is."""
        end = time.monotonic() + timeout
        while True:
            head, blank, rest = self.buffer.partition(b"\r\n\r\n")
            if blank:
                length = int(head.split(b":")[1])
                if len(rest) >= length:
                    self.buffer = rest[length:]
                    return json.loads(rest[:length])
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise Lost("no message in time")
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            if not data:
                raise Lost("the server ended: %s" % self.process.stderr.read().decode())
            self.buffer += data

    # Messages

    def note(self, message):
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        if message.get("method") == "window/logMessage":
            self.log.append(message["params"]["message"])

    def notify(self, method, params):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method, params):
        """Sends a request; its id."""
        self.last += 1
        self.send({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params})
        return self.last

    def answer(self, wanted):
        while True:
            message = self.receive()
            if message.get("id") == wanted and "method" not in message:
                return message
            self.note(message)

    def request(self, method, params):
        message = self.answer(self.ask(method, params))
        if "error" in message:
            raise AssertionError("%s: %s" % (method, message["error"]))
        return message["result"]

    def error(self, method, params):
        return self.answer(self.ask(method, params))["error"]

    def settle(self, uri):
        """Waits for the diagnostics of a document as it is now. Those of files that sort before it have come too."""
        wanted = next((version for name, version in self.versions.items() if self.uri(name) == uri), None)
        while True:
            message = self.receive()
            self.note(message)
            params = message.get("params", {})
            mine = message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri
            if mine and params.get("version") in (wanted, None):
                return params["diagnostics"]

    # A session

    def initialize(self, encodings=("utf-8", "utf-16"), options=None, snippets=False):
        params = {
            "processId": os.getpid(),
            "rootUri": self.uri(""),
            "capabilities": {"general": {"positionEncodings": list(encodings)}},
            "workspaceFolders": [{"uri": self.uri(""), "name": "test"}],
        }
        if snippets:
            params["capabilities"]["textDocument"] = {"completion": {"completionItem": {"snippetSupport": True}}}
        if options:
            params["initializationOptions"] = options
        result = self.request("initialize", params)
        self.notify("initialized", {})
        return result["capabilities"]

    def uri(self, name):
        return "file://" + os.path.join(self.folder, name).rstrip("/")

    def text(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8", newline="") as file:
            return file.read()

    def open(self, name, text=None):
        text = self.text(name) if text is None else text
        self.versions[name] = 1
        item = {"uri": self.uri(name), "languageId": "carbon", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return self.uri(name)

    def change(self, name, text, version=None):
        """Replaces the whole text."""
        self.versions[name] = version if version is not None else self.versions[name] + 1
        document = {"uri": self.uri(name), "version": self.versions[name]}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def at(self, name, line, character):
        return {"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}}

    def end(self):
        """A polite end; the exit code."""
        self.request("shutdown", None)
        self.notify("exit", None)
        self.process.stdin.close()
        return self.process.wait(60)

    def kill(self):
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


def position_of(text, mark, behind=False):
    """Line and byte column of the first place of `mark` in the text."""
    at = text.index(mark) + (len(mark) if behind else 0)
    before = text[:at]
    return before.count("\n"), len(before[before.rfind("\n") + 1:].encode())


def apply(text, edits, encoding="utf-8"):
    """The text after TextEdits, which do not overlap."""
    lines = text.split("\n")

    def offset(position):
        line = lines[position["line"]]
        units = position["character"]
        column = len(line.encode()[:units].decode()) if encoding == "utf-8" else len(
            line.encode("utf-16-le")[:2 * units].decode("utf-16-le"))
        return sum(len(each) + 1 for each in lines[:position["line"]]) + column

    spans = sorted(((offset(e["range"]["start"]), offset(e["range"]["end"]), i) for i, e in enumerate(edits)), reverse=True)
    for begin, end, i in spans:
        text = text[:begin] + edits[i]["newText"] + text[end:]
    return text
