"""The life of every kind in kinds_table.py: create, re-plan empty, change, drift, replace, adopt, delete.

usage: kinds.py CARBON [--table definitions_table] [--kubeconfig FILE]

Without FILE: a sandbox of its own, which it serves. The other table has kinds of vendors' definitions, which are declared
in the same plan; on a real server no operator makes them ready, so nobody waits for that.

The same data and the same requests go to the sandbox and to a real API server. After every apply the next plan must be
empty, and must not have asked the server for a dry run.
"""

import argparse
import base64
import glob
import importlib
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import carbon_folder

NAMESPACE = "kinds"
DATA_BEARING = ["Namespace", "PersistentVolume", "PersistentVolumeClaim", "StatefulSet", "CustomResourceDefinition"]
ALLOWED = [word for kind in DATA_BEARING for word in ("--allow-delete", "k8s." + kind)]


class Ended(Exception):
    """Nothing that follows would say anything."""


class Server:
    """An API server as another client sees it, by the token of a kubeconfig."""

    def __init__(self, kubeconfig):
        with open(kubeconfig) as file:
            text = file.read()

        def said(name):
            return re.search(name + r": ['\"]?([^'\"\n]+)", text).group(1)

        self.url, self.token = said("server"), said("token")
        authority = base64.b64decode(said("certificate-authority-data")).decode()
        self.context = ssl.create_default_context(cadata=authority)

    def send(self, method, path, body=None, media="application/json"):
        headers = {"Authorization": "Bearer " + self.token, "Content-Type": media}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, context=self.context, timeout=30) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            text = error.read().decode()  # a group that is served no longer: "404 page not found"
            return error.code, json.loads(text) if text.startswith("{") else {"message": text}


class Life:
    def __init__(self, carbon, kubeconfig, folder, table, waiting):
        self.kinds = table.TABLE
        self.imports, self.first = getattr(table, "IMPORTS", []), getattr(table, "FIRST", [])
        self.beside = 1 + getattr(table, "DEFINITIONS", 0)
        self.waiting = waiting
        self.server = Server(kubeconfig)
        self.kubeconfig = kubeconfig
        self.carbon, self.folder = carbon, folder
        self.env = carbon_folder.environment(folder, carbon)
        self.problems = []

    def problem(self, step, kind, what):
        self.problems.append("%s: %s: %s" % (step, kind.address, what))

    def write(self, edits, more=""):
        """The platform with some of `change`, `replace` made in every kind, and `more` in every resource."""
        lines = [*self.imports, 'import "std/k8s"', "platform kinds {}",
                 'provider cluster : k8s.Cluster { kubeconfig = "%s", namespace = "default" }' % self.kubeconfig,
                 'resource home : k8s.Namespace { %s metadata = { name = "%s" } }' % (self.adopting("home", more), NAMESPACE)]
        lines += [text.replace("{\n", "{ adopt \"\"\n", 1) if more else text for text in self.first]
        for kind in self.kinds:
            text = kind.text(*(getattr(kind, edit) for edit in edits))
            lines.append(text.replace("{\n", "{ %s\n" % self.adopting(kind, more), 1) if more else text)
        with open(os.path.join(self.folder, "p.carbon"), "w") as out:
            out.write("\n".join(lines))

    def adopting(self, kind, more):
        if not more:
            return ""
        name = NAMESPACE if kind == "home" else (NAMESPACE + "/" if kind.namespaced else "") + kind.name
        return 'adopt "%s",' % name

    def run(self, verb, *arguments):
        command = [self.carbon, verb, "--world", "live", *arguments]
        return carbon_folder.run(command, self.folder, self.env, timeout=300)

    def plan(self, step):
        code, out, error = self.run("plan", "--json", *ALLOWED)
        if not out:
            raise Ended("%s: no plan, exit %d:\n%s" % (step, code, error.decode()))
        plan = json.loads(out)
        return {change["address"]: change for change in plan["changes"]}, plan, error.decode()

    def apply(self, step):
        code, out, error = self.run("apply", "--yes", *self.waiting, *ALLOWED)
        if code != 0:
            raise Ended("%s: apply ended with %d:\n%s" % (step, code, error.decode()[-6000:] or out.decode()[-6000:]))

    def settled(self, step):
        changes, plan, error = self.plan(step)
        for change in changes.values():
            paths = ", ".join(field["path"] for field in change["fields"])
            self.problems.append("%s, then plan: %s: %s of %s" % (step, change["address"], change["action"], paths))
        if plan["requests"].get("PATCH", 0):
            self.problems.append("%s, then plan: %d dry runs" % (step, plan["requests"]["PATCH"]))
        if error:
            self.problems.append("%s, then plan: %s" % (step, error))

    def expect(self, step, wanted):
        """Plans, and compares each kind's change: `wanted(kind)` is its action, and what a field of it must say."""
        changes, _, error = self.plan(step)
        for kind in self.kinds:
            action, path, writer = wanted(kind)
            change = changes.pop(kind.address, None)
            if change is None:
                if action:
                    self.problem(step, kind, "no change is planned")
                continue
            fields = {field["path"]: field for field in change["fields"]}
            if change["action"] != action:
                self.problem(step, kind, "%s is planned, not %s: %s" % (change["action"], action, ", ".join(fields)))
            elif path and not any(each == path or each.startswith((path + ".", path + "[")) for each in fields):
                self.problem(step, kind, "%s is not among %s" % (path, ", ".join(fields)))
            elif writer and not any(field["writer"].startswith(writer + " at ") for field in fields.values()):
                self.problem(step, kind, "nobody is named: %s" % [field["writer"] for field in fields.values()])
        changes.pop("home", None)
        for address in changes:
            beside = "CustomResourceDefinition" in address and step in ("create", "adopt")
            if not beside:
                self.problems.append("%s: %s is planned of %s" % (step, changes[address]["action"], address))
        if error:
            self.problems.append("%s: %s" % (step, error))

    def path(self, kind):
        return kind.path.replace("/NS/", "/%s/" % NAMESPACE) + "/" + kind.name

    def drift(self):
        for kind in self.kinds:
            status, body = self.server.send("PATCH", self.path(kind) + "?fieldManager=colleague", kind.drift,
                                            "application/merge-patch+json")
            if status != 200:
                self.problem("drift", kind, "the patch was answered with %d: %s" % (status, body.get("message")))

    def forget(self):
        for path in glob.glob(os.path.join(self.folder, ".carbon", "*.db*")):
            os.remove(path)

    def gone(self):
        for _ in range(100):
            left = [kind for kind in self.kinds if self.server.send("GET", self.path(kind))[0] != 404]
            if not left:
                return
            time.sleep(0.2)
        for kind in left:
            self.problem("delete", kind, "it is still there")

    def live(self):
        self.write([])
        self.expect("create", lambda kind: ("create", "", ""))
        self.apply("create")
        self.settled("create")

        self.write(["change"])
        self.expect("change", lambda kind: ("update", kind.changed, ""))
        self.apply("change")
        self.settled("change")

        self.drift()
        self.expect("drift", lambda kind: ("update", kind.drifted, "colleague"))
        self.apply("drift")
        self.settled("drift")

        self.write(["change", "replace"])
        self.expect("replace", lambda kind: ("replace", "", "") if kind.replace else ("", "", ""))
        self.apply("replace")
        self.settled("replace")

        self.forget()
        _, _, error = self.plan("refuse")
        refused = error.count("[C0416]") + sum(int(n) for n in re.findall(r"and (\d+) more errors", error))
        if refused != len(self.kinds) + self.beside:
            self.problems.append("refuse: %d of %d foreign objects: %s" % (refused, len(self.kinds) + self.beside, error))
        self.write(["change", "replace"], more="adopt")
        self.expect("adopt", lambda kind: ("adopt", "", ""))
        self.apply("adopt")
        self.settled("adopt")

        code, _, error = self.run("destroy", "--yes", *ALLOWED)
        if code != 0:
            self.problems.append("delete: destroy ended with %d: %s" % (code, error.decode()[-4000:]))
        self.gone()
        if carbon_folder.addresses(self.folder):
            self.problems.append("delete: still in the inventory: %s" % carbon_folder.addresses(self.folder))


def serve(carbon, folder):
    """A sandbox in the folder, served; gives the process."""
    process = subprocess.Popen([carbon, "sandbox", "serve"], cwd=folder, env=carbon_folder.environment(folder, carbon),
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in process.stdout:
        if line.startswith("serving https"):
            return process
    sys.exit("the sandbox does not serve")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("carbon", type=os.path.realpath)
    parser.add_argument("--kubeconfig", type=os.path.realpath)
    parser.add_argument("--table", default="kinds_table")
    given = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="carbon-kinds-")
    process = None
    try:
        kubeconfig = given.kubeconfig
        if kubeconfig is None:
            os.mkdir(os.path.join(folder, "sandbox"))
            process = serve(given.carbon, os.path.join(folder, "sandbox"))
            kubeconfig = os.path.join(folder, "sandbox", ".carbon", "sandbox", "kubeconfig")
        table = importlib.import_module(given.table)
        accepted = given.kubeconfig is not None and given.table != "kinds_table"
        life = Life(given.carbon, kubeconfig, folder, table, ["--wait", "accepted"] if accepted else [])
        try:
            life.live()
        except Ended as end:
            life.problems.append(str(end))
    finally:
        if process is not None:
            process.terminate()
            process.wait()
        shutil.rmtree(folder)
    for problem in life.problems:
        print(problem)
    print("%d kinds, %d of them replaced, %d problems" % (len(life.kinds), sum(bool(k.replace) for k in life.kinds), len(life.problems)))
    sys.exit(bool(life.problems))


if __name__ == "__main__":
    main()
