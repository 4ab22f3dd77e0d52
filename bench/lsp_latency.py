#!/usr/bin/env python3
"""How long `carbon lsp` takes to answer in a package of 10,000 lines, each question behind an edit, as one types.

    lsp_latency.py [--files 10] [--rounds 41]       CARBON names the binary; default build-release/cli/carbon

Every question is asked after a change of the text that it is about, so nothing can be answered from before. Milliseconds
from the first byte of the edit to the last byte of the answer, seen by the client; and what the server was on a processor
for it (schedstat), which other work on the machine hardly changes.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))
import lsp_client  # noqa: E402  pylint: disable=wrong-import-position

HEAD = """import "std/k8s"

platform big {
  title = "ten thousand lines"
}
provider cluster : k8s.Cluster { namespace = "ns" }
input replicas : int(min=1, max=9) = 2
"""


def group(file, i):
    """25 lines: what a service usually has."""
    name = "s%d_%d" % (file, i)
    before = "s%d_%d" % (file, i - 1) if i else name
    return """
## Settings of service {name}.
let labels_{name} = {{ app = "{name}", tier = "t{tier}" }}
resource config_{name} : k8s.ConfigMap {{
  metadata = {{ labels = labels_{name} }}
  data     = {{ copies = "${{replicas}}", peer = config_{before}.metadata.name if {first} }}
}}
resource {name} : k8s.Deployment {{
  metadata = {{ labels = labels_{name} }}
  spec = {{
    replicas = replicas
    selector = {{ matchLabels = labels_{name} }}
    template = {{
      metadata = {{ labels = labels_{name} }}
      spec = {{
        containers = [{{
          name    = "main"
          image   = "registry.example/{name}:1.{i}"
          envFrom = [{{ configMapRef = {{ name = config_{name}.metadata.name }} }}]
        }}]
      }}
    }}
  }}
}}
""".format(name=name, before=before, tier=i % 7, i=i, first="true" if i else "false").replace(
        "peer = config_%s.metadata.name if false" % name, 'peer = "none"').replace(" if true", "")


def package(folder, files):
    lines = 0
    for file in range(files):
        text = HEAD if file == 0 else 'import "std/k8s"\n'
        i = 0
        while text.count("\n") < 10000 // files:
            text += group(file, i)
            i += 1
        lines += text.count("\n")
        with open(os.path.join(folder, "f%d.carbon" % file), "w", encoding="utf-8") as out:
            out.write(text)
    return lines


class Clock:
    """What one question takes, by the clock and on the processor."""

    def __init__(self, process):
        self.path = "/proc/%d/schedstat" % process.pid
        self.rows = []

    def processor(self):
        with open(self.path, encoding="ascii") as file:
            return int(file.read().split()[0]) / 1e6

    def __enter__(self):
        self.began = (1000 * time.perf_counter(), self.processor())

    def __exit__(self, *_):
        self.rows.append((1000 * time.perf_counter() - self.began[0], self.processor() - self.began[1]))

    def report(self, name, waited=0):
        times, busy = (sorted(column) for column in zip(*self.rows))
        late = int(len(times) * 0.95)
        print("| %s | %.1f | %.1f | %.1f | %.1f |" % (name, statistics.median(busy), busy[late],
                                                   statistics.median(times) - waited, times[late] - waited))


# What it is called, what has been typed, what is asked, what must be among the answers.
DEEP = "resource probe : k8s.Deployment {\n  spec = { template = { spec = { containers = [{ im"
QUESTIONS = [
    ("completion of a field, nothing closed", DEEP, "completion", "image"),
    ("completion of a field, `}` already there", "resource probe : k8s.Deployment {\n  sp", "completion", "spec"),
    ("completion behind `.`", "let probe = config_s0_3.metadata.", "completion", "labels"),
    ("completion of a name in scope", "let probe = labels_s0_", "completion", "labels_s0_1"),
    ("completion of a type", "resource probe : k8s.Dep", "completion", "Deployment"),
]


def measure(client, rounds):
    draw = random.Random(254)
    name = "f0.carbon"
    text = client.text(name)
    declarations = text.split("\n\n")
    uri = client.uri(name)
    for title, typed, method, wanted in QUESTIONS:
        clock = Clock(client.process)
        for turn in range(rounds):
            at = draw.randint(3, len(declarations) - 1)
            before = "\n\n".join(declarations[:at]) + "\n\n" + typed
            after = ("\n}" if "already" in title else "") + "\n\n" + "\n\n".join(declarations[at:])
            client.change(name, before[:-1] + after)
            place = client.at(name, before.count("\n"), len(before) - before.rfind("\n") - 1)
            document = {"uri": uri, "version": client.versions[name] + 1}
            client.versions[name] += 1
            start = {"line": place["position"]["line"], "character": place["position"]["character"] - 1}
            change = {"range": {"start": start, "end": start}, "text": before[-1]}
            client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
            with clock:
                client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
                result = client.request("textDocument/" + method, place)
            if wanted not in [item["label"] for item in result["items"]]:
                raise SystemExit("%s: no `%s` in the answer of turn %d" % (title, wanted, turn))
        clock.report(title)
    for title, method in [("hover", "hover"), ("definition", "definition"), ("references", "references"),
                          ("semantic tokens of the file", "semanticTokens/full"), ("symbols of the file", "documentSymbol")]:
        clock = Clock(client.process)
        for turn in range(rounds):
            line, column = lsp_client.position_of(text, "config_s0_5")
            with clock:
                client.change(name, text + "let probe = %d\n" % turn)
                client.request("textDocument/" + method, client.at(name, line, column))
        clock.report(title)
    clock = Clock(client.process)
    for turn in range(rounds):
        with clock:
            client.change(name, text + "let probe = missing_%d\n" % turn)
            while not any("missing_%d" % turn in each["message"] for each in client.settle(uri)):
                pass
    clock.report("diagnostics, without the 50 ms of waiting", 50)


def main():
    reader = argparse.ArgumentParser()
    reader.add_argument("--files", type=int, default=10)
    reader.add_argument("--rounds", type=int, default=41)
    arguments = reader.parse_args()
    carbon = os.path.realpath(os.environ.get("CARBON", os.path.join(ROOT, "build-release", "cli", "carbon")))
    with tempfile.TemporaryDirectory() as folder:
        lines = package(folder, arguments.files)
        client = lsp_client.Client(carbon, folder)
        client.initialize()
        uri = client.open("f0.carbon")
        found = client.settle(uri)
        if found:
            raise SystemExit("the package has faults: %s" % found[0]["message"])
        print("%d lines in %d files, %d rounds\n" % (lines, arguments.files, arguments.rounds))
        print("| question, after an edit | processor, ms | 95 % | clock, ms | 95 % |\n| --- | --- | --- | --- | --- |")
        measure(client, arguments.rounds)
        client.end()


if __name__ == "__main__":
    main()
