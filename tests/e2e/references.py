#!/usr/bin/env python3
"""References between objects, against a scripted API server: what is asked, how often, and what is no alarm.

    references.py CARBON
"""

import base64
import os
import sys
import tempfile

import api_server
import carbon_folder

HEAD = """import "std/k8s"
platform demo { world live }
provider cluster : k8s.Cluster { kubeconfig = "kubeconfig" }
"""


def pod(name, lines, volumes=""):
    return """resource %s : k8s.Deployment {
  spec = {
    replicas = 0
    selector = { matchLabels = { app = "%s" } }
    template = {
      metadata = { labels = { app = "%s" } }
      spec = { containers = [{ name = "app", image = "nginx:1.27", %s }]%s }
    }
  }
}
""" % (name, name, name, lines, volumes)


def variable(secret, key, more=""):
    return 'env = [{ name = "PW", valueFrom = { secretKeyRef = { name = "%s", key = "%s"%s } } }]' % (secret, key, more)


class Server(api_server.ApiServer):
    """Also remembers what was read."""

    def reply(self, method, target, body):
        if method == "GET":
            self.reads.append(target)
        return super().reply(method, target, body)


class World:
    def __init__(self, folder, binary, certificate):
        self.folder, self.faults = folder, []
        self.env = carbon_folder.environment(folder, binary)
        self.server = Server(folder, certificate)
        self.server.reads = []

    def put(self, plural, name, **content):
        version, kind = api_server.KINDS[plural]
        self.server.store.objects[(plural, "default", name)] = {
            "apiVersion": version, "kind": kind, **content,
            "metadata": {"name": name, "namespace": "default", "uid": api_server.UID % 77, "resourceVersion": "7"}}

    def carbon(self, source, *arguments):
        with open(os.path.join(self.folder, "main.carbon"), "w") as out:
            out.write(HEAD + source)
        self.server.reads.clear()
        code, _, error = carbon_folder.run(["carbon", *arguments], self.folder, self.env)
        return code, error.decode()

    def check(self, what, holds, found=""):
        if not holds:
            self.faults.append("%s\n%s" % (what, found))

    def plan(self, what, source, code, *texts):
        """A plan with this exit code that says all of these texts and, without texts, nothing."""
        exit_code, error = self.carbon(source, "plan")
        said = all(text in error for text in texts) if texts else error == ""
        self.check(what, exit_code == code and said, "exit code %d\n%s" % (exit_code, error))

    def reads_of(self, text):
        return [target for target in self.server.reads if text in target]


def main():
    api_server.KINDS.setdefault("serviceaccounts", ("v1", "ServiceAccount"))
    with tempfile.TemporaryDirectory(prefix="carbon-references-") as folder:
        world = World(folder, os.path.realpath(sys.argv[1]), api_server.make_certificate(folder))
        run(world)
        world.server.close()
    for fault in world.faults:
        print("FAILED " + fault)
    return 1 if world.faults else 0


def run(world):
    world.put("secrets", "db", data={"password": base64.b64encode(b"x").decode()}, type="Opaque")
    world.put("secrets", "registry-login", data={}, type="Opaque")
    web = pod("web", variable("db", "password"))

    world.plan("a Secret of the cluster will do", web, 0)
    world.check("it is read once, by name", world.reads_of("secrets") == ["/api/v1/namespaces/default/secrets/db"],
                str(world.server.reads))
    world.plan("two that name it", web + pod("api", variable("db", "password")), 0)
    world.check("are one request", len(world.reads_of("secrets")) == 1, str(world.server.reads))
    world.plan("the key is looked for too", pod("web", variable("db", "user")), 1, "C0423", "it has `password`")
    world.plan("a wrong name", pod("web", variable("dbx", "password")), 1, "C0422", "`default/dbx`", "main.carbon:")
    world.plan("names of the cluster are suggested", pod("web", variable("registry-logn", "x")), 1,
               "did you mean `registry-login`?")

    world.plan("optional is respected", pod("web", variable("gone", "x", ", optional = true")), 0)
    lookup = 'lookup gone : k8s.Secret? { metadata = { name = "gone", namespace = "default" } }\n'
    world.plan("an optional lookup is the way out", lookup + pod("web", variable("gone", "x")), 0)
    world.plan("without it", pod("web", variable("gone", "x")), 1, "C0422", "k8s.Secret? {")
    world.plan("what every namespace has", pod("web", 'envFrom = [{ configMapRef = { name = "kube-root-ca.crt" } }]'), 0)
    world.check("is not asked for", not world.reads_of("kube-root-ca.crt"), str(world.server.reads))
    world.plan("what is known only later is no alarm",
               "resource made : k8s.ConfigMap { data = { a = \"b\" } }\n" +
               pod("web", "envFrom = [{ configMapRef = { name = made.metadata.uid } }]"), 0)

    code, error = world.carbon(web, "apply", "--yes", "--wait", "accepted")
    world.check("it applies", code == 0, error)
    world.server.store.objects.pop(("secrets", "default", "db"))
    code, error = world.carbon(web, "plan", "--detailed-exitcode")
    world.check("a plan without changes asks for no reference", code == 0 and not world.reads_of("secrets"),
                error + str(world.server.reads))


if __name__ == "__main__":
    sys.exit(main())
