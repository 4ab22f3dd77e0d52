#!/usr/bin/env python3
"""`carbon lsp` on the wire: the protocol's rules, and clients that break them.

    lsp_wire.py CARBON
"""

import os
import subprocess
import sys
import tempfile
import time

import lsp_client
from lsp_client import CASES, case, check, equal

CARBON = os.path.realpath(sys.argv[1])
PLATFORM = """import "std/k8s"

platform p {}
provider cluster : k8s.Cluster { namespace = "ns" }
let size = 1
resource config : k8s.ConfigMap { data = { size = "${size}" } }
"""


@case
def life(client):
    """nothing before initialize, everything after it, nothing after shutdown"""
    equal(client.error("textDocument/hover", {})["code"], -32002, "before initialize")
    client.notify("textDocument/didOpen", {"textDocument": {"uri": client.uri("p.carbon"), "text": "let = "}})
    capabilities = client.initialize()
    equal(capabilities["positionEncoding"], "utf-8", "encoding")
    equal(client.error("initialize", {})["code"], -32600, "initialize twice")
    uri = client.open("p.carbon")
    equal(client.settle(uri), [], "diagnostics")
    equal(client.request("shutdown", None), None, "shutdown")
    equal(client.error("textDocument/hover", {})["code"], -32600, "after shutdown")
    client.notify("exit", None)
    equal(client.process.wait(60), 0, "exit code")


@case
def gone(client):
    """a client that leaves without a word"""
    client.initialize()
    client.process.stdin.close()
    equal(client.process.wait(60), 1, "exit code")


@case
def exit_without_shutdown(client):
    """exit alone is an error"""
    client.initialize()
    client.notify("exit", None)
    equal(client.process.wait(60), 1, "exit code")


@case
def utf16(client):
    """a client that knows bytes not at all"""
    capabilities = client.initialize(encodings=())
    equal(capabilities["positionEncoding"], "utf-16", "encoding")
    text = 'let greeting = "\U0001d11e\u00fc"\nlet b = [ "\U0001d11e", gret ]\n'
    uri = client.open("q/q.carbon", text)
    (found,) = client.settle(uri)
    equal(found["range"], {"start": {"line": 1, "character": 16}, "end": {"line": 1, "character": 20}}, "range")
    equal(found["code"], "C0302", "code")
    # an edit behind a character of two units
    client.versions["q/q.carbon"] = 2
    document = {"uri": uri, "version": 2}
    span = {"start": {"line": 1, "character": 16}, "end": {"line": 1, "character": 20}}
    client.notify("textDocument/didChange",
                  {"textDocument": document, "contentChanges": [{"range": span, "text": "greeting"}]})
    equal(client.settle(uri), [], "diagnostics after the edit")


@case
def unknown_methods(client):
    """MethodNotFound for requests; notifications are passed over"""
    client.initialize()
    equal(client.error("textDocument/moniker", {})["code"], -32601, "unknown request")
    equal(client.error("$/unknown", {})["code"], -32601, "unknown optional request")
    client.notify("$/setTrace", {"value": "off"})
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    client.notify("made/up", [1, 2])
    equal(client.end(), 0, "exit code")


@case
def malformed(client):
    """what is no message gets the protocol's error, and the next message is read"""
    client.initialize()
    for body, code in [(b"{", -32700), (b"\xff\xfe", -32700), (b"[" * 600 + b"]" * 600, -32700), (b"", -32700), (b"null", -32600),
                       (b"[]", -32600), (b"17", -32600), (b'{"id":4}', -32600), (b'{"id":4,"method":7}', -32600),
                       (b'{"jsonrpc":"2.0","id":null,"method":"x"}', -32601)]:
        client.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        equal(client.receive()["error"]["code"], code, "error for %r" % body[:20])
    for head in [b"Content-Length: -5\r\n\r\n", b"Content-Length: many\r\n\r\n", b"Content-Length: 99999999999999999999999\r\n\r\n"]:
        client.raw(head)
        equal(client.receive()["error"]["code"], -32700, "error for %r" % head)
    client.raw(b'{"no":"header"}\r\n')
    # ids are given back as they came
    client.raw(b'Content-Length: 48\r\n\r\n{"jsonrpc":"2.0","id":"a b","method":"unknown"}  ')
    equal(client.receive()["id"], "a b", "id")
    equal(client.end(), 0, "exit code")


@case
def parameters_of_any_kind(client):
    """every method survives parameters that it does not expect"""
    capabilities = client.initialize()
    check(capabilities["renameProvider"], "capabilities")
    uri = client.open("p.carbon")
    client.settle(uri)
    methods = ["completion", "hover", "definition", "references", "rename", "prepareRename", "codeAction", "formatting",
               "documentSymbol", "semanticTokens/full"]
    document = {"uri": uri}
    far = {"line": 4000000000, "character": 4000000000}
    for method in methods:
        for params in [None, [], 3, "x", {}, {"textDocument": 1}, {"textDocument": {"uri": 7}}, {"textDocument": {"uri": "x:y"}},
                       {"textDocument": {"uri": client.uri("other.carbon")}},
                       {"textDocument": document}, {"textDocument": document, "position": far, "range": {"start": far},
                                                    "newName": "if", "context": {"only": [1]}},
                       {"textDocument": document, "position": {"line": -1, "character": 1.5}, "newName": 5}]:
            client.answer(client.ask("textDocument/" + method, params))
    for method in ["didOpen", "didChange", "didClose", "didSave"]:
        for params in [None, [], {}, {"textDocument": {"uri": uri, "version": "x"}, "contentChanges": [1, {}, None]}]:
            client.notify("textDocument/" + method, params)
    equal(client.end(), 0, "exit code")


@case
def too_large(client):
    """a length that no message may have, sent or not"""
    client.initialize()
    size = 64 * 1024 * 1024 + 1
    client.raw(b"Content-Length: %d\r\n\r\n" % size)
    equal(client.receive()["error"]["code"], -32600, "error")
    for _ in range(64):
        client.raw(b" " * (1024 * 1024))
    client.raw(b" ")
    equal(client.error("made/up", {})["code"], -32601, "the next message")
    equal(client.end(), 0, "exit code")


@case
def cancelled(client):
    """a request that is cancelled before its turn is not worked on; one that is answered stays answered"""
    client.initialize()
    uri = client.open("p.carbon")
    client.settle(uri)
    # One write: what has arrived is read before the first is answered.
    messages = []

    def keep(data):
        messages.append(data)
    real, client.raw = client.raw, keep
    first = client.ask("textDocument/hover", client.at("p.carbon", 4, 5))
    second = client.ask("textDocument/hover", client.at("p.carbon", 4, 5))
    client.notify("$/cancelRequest", {"id": second})
    client.raw = real
    client.raw(b"".join(messages))
    check(client.answer(first)["result"], "the first is answered")
    equal(client.answer(second)["error"]["code"], -32800, "the second")
    client.notify("$/cancelRequest", {"id": first})
    client.notify("$/cancelRequest", {"id": 4711})
    client.notify("$/cancelRequest", None)
    equal(client.end(), 0, "exit code")


@case
def out_of_order(client):
    """edits with old versions, or of what is not open, are dropped and said"""
    client.initialize()
    uri = client.open("p.carbon", "let a = 1\n")
    client.change("p.carbon", "let a = b\n", 5)
    (found,) = client.settle(uri)
    equal(found["code"], "C0302", "code")
    client.change("p.carbon", "let a = 2\n", 4)
    client.change("p.carbon", "let a = 3\n", 5)
    client.versions["r.carbon"] = 1
    client.change("r.carbon", "let a = 3\n")
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri("r.carbon")}})
    (symbol,) = client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    equal(symbol["name"], "a", "symbol")
    equal(len(client.log), 4, "messages %s" % client.log)
    check("version 5 is known" in client.log[0], client.log[0])
    client.change("p.carbon", "let a = 4\n", 6)
    equal(client.settle(uri), [], "diagnostics")


@case
def random_edits(client):
    """the server's text after many edits, cut anywhere, is the client's"""
    import random
    draw = random.Random(254)
    client.initialize(encodings=("utf-16",))
    text = PLATFORM
    uri = client.open("p.carbon", text)
    for version in range(2, 150):
        lines = text.split("\n")
        changes = []
        for _ in range(draw.randint(1, 3)):
            lines = text.split("\n")
            begin = draw.randint(0, len(lines) - 1)
            end = min(len(lines) - 1, begin + draw.randint(0, 2))
            left, right = draw.randint(0, len(lines[begin])), draw.randint(0, len(lines[end]))
            if end == begin and right < left:
                left, right = right, left
            new = draw.choice(["", "x", "{", "}", "\n", " = ", "\"", "\u00fc", "\U0001d11e", "resource r : k8s.Pod {\n", PLATFORM])
            changes.append({"range": {"start": {"line": begin, "character": units(lines[begin][:left])},
                                      "end": {"line": end, "character": units(lines[end][:right])}}, "text": new})
            before = "\n".join(lines[:begin] + [lines[begin][:left]])
            after = "\n".join([lines[end][right:]] + lines[end + 1:])
            text = before + new + after
            if len(text) > 3000:
                text = text[:0]
                changes.append({"text": ""})
        client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": changes})
        line = draw.randint(0, text.count("\n"))
        for method in ["completion", "hover", "semanticTokens/full", "documentSymbol"]:
            client.request("textDocument/" + method, client.at("p.carbon", line, draw.randint(0, 30)))
    # Canonical text of what it holds tells whether it is the same.
    client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": 1000}, "contentChanges": [
        {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "# \u00fc\n\n\n\n"}]})
    text = "# \u00fc\n\n\n\n" + text
    edits = client.request("textDocument/formatting", {"textDocument": {"uri": uri}, "options": {}})
    path = os.path.join(client.folder, "same.carbon")
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    done = subprocess.run([CARBON, "fmt", path], capture_output=True, check=False)
    if done.returncode != 0:
        equal(edits, None, "formatting of a text with errors")
    else:
        equal(lsp_client.apply(text, edits, "utf-16"), client.text("same.carbon"), "text")
    equal(client.end(), 0, "exit code")


def units(text):
    return len(text.encode("utf-16-le")) // 2


@case
def burst(client):
    """of many edits in a row the last one is what diagnostics are about"""
    client.initialize()
    uri = client.open("p.carbon", PLATFORM)
    client.settle(uri)
    for i in range(200):
        client.change("p.carbon", PLATFORM + "let more = missing_%d\n" % i)
    client.change("p.carbon", PLATFORM + "let more = size\n")
    began = time.monotonic()
    sent = 0
    while True:
        found = client.settle(uri)
        sent += 1
        if not found:
            break
    check(sent < 50, "%d rounds of diagnostics for 201 edits" % sent)
    check(time.monotonic() - began < 60, "slow")


def main():
    failed = 0
    for function in CASES:
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "p.carbon"), "w", encoding="utf-8") as file:
                file.write(PLATFORM)
            os.mkdir(os.path.join(folder, "q"))
            client = lsp_client.Client(CARBON, folder)
            try:
                function(client)
                print("ok    %s: %s" % (function.__name__, function.__doc__))
            except (AssertionError, lsp_client.Lost, KeyError, ValueError, BrokenPipeError) as error:
                failed += 1
                print("FAIL  %s: %s: %r" % (function.__name__, function.__doc__, error))
            finally:
                client.kill()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
