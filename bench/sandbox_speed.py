#!/usr/bin/env python3
"""What the sandbox does by itself, reported and held against nothing: server-side applies a second over one connection to
`carbon sandbox serve`, and a no-op plan of many objects.

    sandbox_speed.py [APPLIES [OBJECTS]]      default 20000 and 100000
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

from carbon import ROOT, Carbon
from measure import Command, interleaved, run

BARE = pathlib.Path(os.environ.get("CARBON_BENCH_BARE", ROOT / "build-bench/bench/bench-bare"))


def applies(carbon, folder, count):
    """Objects are new; each apply is answered before the next is sent."""
    folder.mkdir()
    with subprocess.Popen([carbon.program, "sandbox", "serve"], cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        url = server.stdout.readline().split()[1]
        config = (folder / ".carbon/sandbox/kubeconfig").read_text()
        (folder / "token").write_text(re.search(r"token: (\S+)", config)[1])
        authority = subprocess.run(
            ["base64", "-d"], input=re.search(r"certificate-authority-data: (\S+)", config)[1], capture_output=True, text=True, check=True
        )
        (folder / "ca").write_text(authority.stdout)
        lines = []
        for i in range(count):
            name = f"map-{i}"
            body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": {"app": name}}, "data": {"a": "1", "b": "2"}}
            target = f"/api/v1/namespaces/default/configmaps/{name}?fieldManager=bench&force=true"
            lines.append("\t".join(("PATCH", target, "application/apply-patch+yaml", json.dumps(body))))
        (folder / "lines").write_text("\n".join(lines) + "\n")
        began = time.perf_counter()
        run(Command((str(BARE), "write", url, str(folder / "ca"), str(folder / "token"), "1"), str(folder)), False, folder / "lines")
        took = time.perf_counter() - began
        server.send_signal(signal.SIGTERM)
    return count / took


def main():
    count, objects = (int(word) for word in (sys.argv[1:] + ["20000", "100000"][len(sys.argv) - 1:]))
    with tempfile.TemporaryDirectory(prefix="carbon-bench-") as work:
        carbon = Carbon(work)
        print(f"applies a second, one connection: {applies(carbon, pathlib.Path(work, 'served'), count):.0f}")
        folder, made = carbon.platform("wide", objects)
        plan = interleaved({"plan": carbon.plan(folder)}, 3)["plan"]
        print(f"no-op plan of {made} objects: {plan.wall:.2f} s, {plan.peak / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
