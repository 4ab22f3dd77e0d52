#!/usr/bin/env python3
"""tools/k8s_schema.py and k8s_embed.py give the same bytes on every run, and the reduced form says what the schema says.

usage: schema_tools_test.py ROOT
"""
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])
HERE = ROOT / "tests/unit/stdlib/k8s/openapi"
EXPECTED = """kind demo.example.org/v1 Widget widgets namespaced - - create,get,list,patch,watch status:demo.example.org/v1:Widget:get

demo.v1.Part | One part
 name! string
 port int32 ="TCP" | Number. Defaults to TCP

demo.v1.Selector atomic | Picks
 labels map<string>* | labels, e.g. app

demo.v1.Widget | Widget is a thing
 amounts map<quantity>
 granular demo.v1.Selector+
 legacy list<demo.v1.Part>(name) ~merge:name | no list type
 parts list<demo.v1.Part>(name,port)
 plain list<string>
 selector demo.v1.Selector
 tags set<string>
 tree json
 when time
"""


def run(tool, *arguments, seed="0"):
    environment = dict(os.environ, PYTHONHASHSEED=seed)
    subprocess.run([sys.executable, str(ROOT / "tools" / tool), *map(str, arguments)], check=True, env=environment)


def main():
    with tempfile.TemporaryDirectory() as folder:
        texts = []
        for seed in ("1", "2"):
            out = pathlib.Path(folder) / f"text{seed}"
            run("k8s_schema.py", "--from", HERE, "--out", out, seed=seed)
            made = pathlib.Path(folder) / f"made{seed}.cpp"
            run("k8s_embed.py", out, made, seed=seed)
            run("k8s_embed.py", "--check", out, made)
            texts.append((out.read_bytes(), made.read_bytes()))
        assert texts[0] == texts[1], "two runs differ"
        body = texts[0][0].decode().split("\n\n", 1)[1]
        assert body == EXPECTED, body
    head = (ROOT / "stdlib/k8s/openapi/kubernetes.txt").read_text()[:600]
    assert "1.35" in head and "Apache-2.0" in head and "kubectl-validate" in head, "source and licence are missing"


main()
