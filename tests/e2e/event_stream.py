#!/usr/bin/env python3
"""The event stream of an apply: every line is as docs/formats/events.schema.json says, in an order that a reader can rely on.

    event_stream.py CARBON
"""

import json
import pathlib
import sys
import tempfile

try:
    import jsonschema
except ImportError:  # a Python beside Debian's, which has the package
    sys.path.append("/usr/lib/python3/dist-packages")
    import jsonschema

import carbon_folder

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "docs/formats/events.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
ORDER = ("step_started", "step_acted", "step_waiting", "step_finished")

PLATFORM = """import "std/k8s"
platform shop {}
resource space : k8s.Namespace { metadata = { name = "shop" } }
resource key : k8s.Secret { metadata = { name = "key", namespace = "shop" }, stringData = { k = secret.env("KEY") } }
resource web : k8s.Deployment {
  timeout 5m
  metadata = { name = "web", namespace = "shop" }
  spec = {
    selector = { matchLabels = { app = "web" } }
    template = {
      metadata = { labels = { app = "web" }, annotations = { "sandbox.carbon.dev/fault" = "@FAULT@" } }
      spec     = { containers = [{ name = "web", image = "example.com/web:1" }] }
    }
  }
}
resource after_web : k8s.ConfigMap { after web, metadata = { name = "after", namespace = "shop" }, data = { a = "1" } }
"""


def stream(carbon, folder, env, wanted, verb="apply"):
    code, out, error = carbon_folder.run([carbon, verb, "--world", "sandbox", "--yes", "--json", "--progress", "json"], folder, env)
    assert code == wanted, f"exit {code}, not {wanted}\n{error.decode()}"
    assert b"canary" not in out + error, "a secret was printed"
    lines = error.decode().split("\n")
    end = next(i for i, line in enumerate(lines) if '"run_ended"' in line)
    events = [json.loads(line) for line in lines[: end + 1]]
    for event in events:
        VALIDATOR.validate(event)
    documents, text = [], out.decode()
    while text.strip():
        document, length = json.JSONDecoder().raw_decode(text.lstrip())
        documents.append(document)
        text = text.lstrip()[length:]
    assert len(documents) == 2 and documents[1] == events[-1], "standard output is the plan and the end"
    return documents[0], events


def check(plan, events):
    """What every stream promises; gives the outcomes by address."""
    assert events[0]["type"] == "run_started" and events[-1]["type"] == "run_ended"
    assert events[0]["plan_id"] == plan["plan_id"]
    addresses = [change["address"] for change in plan["changes"]]
    assert events[0]["steps"] == events[-1]["steps"] == len(addresses)
    outcomes = {}
    for address in addresses:
        kinds = [event["type"] for event in events if event.get("address") == address]
        assert kinds.count("step_finished") == 1, (address, kinds)
        assert kinds == sorted(kinds, key=ORDER.index), (address, kinds)
        outcomes[address] = next(event for event in events if event.get("address") == address and "outcome" in event)
    for outcome in ("done", "failed", "skipped", "not_ready"):
        assert events[-1][outcome] == sum(one["outcome"] == outcome for one in outcomes.values()), outcome
    return outcomes


def main():
    carbon = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="carbon-events-") as folder:
        env = carbon_folder.environment(folder, carbon) | {"KEY": "canary-3b1f"}
        file = pathlib.Path(folder, "p.carbon")
        file.write_text(PLATFORM.replace("@FAULT@", "image-pull"))
        outcomes = check(*stream(carbon, folder, env, 6))
        assert {name: one["outcome"] for name, one in outcomes.items()} == {
            "space": "done", "key": "done", "web": "failed", "after_web": "skipped"}, outcomes
        assert "ImagePullBackOff" in outcomes["web"]["reason"], outcomes["web"]
        file.write_text(PLATFORM.replace("@FAULT@", "slow=60s"))
        plan, events = stream(carbon, folder, env, 0)
        assert all(one["outcome"] == "done" for one in check(plan, events).values())
        assert any(event["type"] == "step_waiting" and event["waits_for"] for event in events), "nothing was waited for"
        plan, events = stream(carbon, folder, env, 0, "destroy")
        assert events[0]["destroy"] and all(one["action"] == "delete" for one in check(plan, events).values())
    print("ok")


main()
