#!/usr/bin/env python3
"""The snippets of the extension for VS Code: each, as it is inserted, is in canonical style and checks.

    snippets.py SNIPPETS CARBON
"""

import json
import os
import re
import subprocess
import sys
import tempfile

IMPORTS = 'import "std/k8s"\nimport "std/postgres"\n'
REPLICAS = "input replicas : int = 1\n"
WEB = "resource web : k8s.Deployment { spec = { replicas = 1, selector = {}, template = {} } }\n"
# What a snippet speaks of; `%s` is its place where that is not a line of the file.
AROUND = {
    "import": "%s",
    "import schema": "%s",
    "use": "component WebService { input name : string }\n",
    "environment": REPLICAS,
    "patch": WEB + "environment dev {\n%s}\n",
    "check": REPLICAS,
    "test": REPLICAS + "environment prod { replicas = 3 }\n",
    "moved": "resource new : k8s.ConfigMap { metadata = { name = \"old\" } }\n",
    "text": "let a = %s\n",
}
WIDGETS = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
"""
PLACEHOLDER = re.compile(r"\$\{(\d+)(?::((?:\\.|[^\\{}$]|\$\{\d+:[^{}]*\}|\{)*)|\|([^,|]*)[^|]*\|)?\}|\$(\d+)")


def inserted(body):
    """The text that is there when nothing is typed: each placeholder with its default or first choice."""
    text = "\n".join(body)
    defaults = {}

    def put(match):
        number = match[1] or match[4]
        if match[2] is not None:
            defaults.setdefault(number, PLACEHOLDER.sub(put, match[2]))
        elif match[3] is not None:
            defaults.setdefault(number, match[3])
        return defaults.get(number, "")

    # An escaped character is no part of a placeholder: it becomes one of its own until all are put in.
    hidden = re.sub(r"\\([$}\\])", lambda match: chr(0xE000 + ord(match[1])), text)
    out = PLACEHOLDER.sub(put, hidden)
    return re.sub("[\ue000-\ue0ff]", lambda match: chr(ord(match[0]) - 0xE000), out)


def run(carbon, folder, *arguments):
    environment = dict(os.environ, NO_COLOR="1")
    done = subprocess.run([carbon, *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
    return "" if done.returncode == 0 else done.stdout


def fault(carbon, name, text):
    around = AROUND.get(name, "")
    if "%s" in around:
        prefix = "" if name.startswith("import") else IMPORTS
        text = "".join("  " + line + "\n" for line in text.splitlines()) if name == "patch" else text
        whole = prefix + around.replace("%s", text)
    else:
        whole = IMPORTS + around + text
    with tempfile.TemporaryDirectory(prefix="carbon-snippet-") as folder:
        os.mkdir(os.path.join(folder, "crds"))
        with open(os.path.join(folder, "crds/widget.yaml"), "w") as file:
            file.write(WIDGETS)
        with open(os.path.join(folder, "main.carbon"), "w") as file:
            file.write(whole)
        wrong = run(carbon, folder, "check")
        if wrong:
            return "does not check:\n%s\n%s" % (whole, wrong)
        # What stands around it is no part of the question: the snippet's own lines must stay as they are.
        run(carbon, folder, "fmt", "main.carbon")
        with open(os.path.join(folder, "main.carbon")) as file:
            formatted = file.read()
        return "" if text.strip() in formatted else "is not in canonical style:\n%s\nbut\n%s" % (text, formatted)


def main():
    with open(sys.argv[1]) as file:
        snippets = json.load(file)
    carbon = os.path.realpath(sys.argv[2])
    faults = []
    prefixes = [each["prefix"] for each in snippets.values()]
    if len(set(prefixes)) != len(prefixes):
        faults.append("two snippets have the same prefix")
    for name, each in snippets.items():
        wrong = fault(carbon, name, inserted(each["body"]))
        if wrong:
            faults.append("%s %s" % (name, wrong))
    faults += ["there is no snippet %s" % name for name in AROUND if name not in snippets]
    print("\n".join(faults))
    print("snippets: %d, %d faults" % (len(snippets), len(faults)))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
