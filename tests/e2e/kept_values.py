"""`keep FIELD in SECRET`: what a server says once, in one reply, is stored in the cluster before the write counts as done. Harbor's
robots, on a server that is held to Harbor's description; the cluster is `carbon sandbox serve`.

usage: kept_values.py CARBON
"""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

import carbon_folder
from served_sandbox import ServedSandbox
from spec_server.server import SpecServer
from systems import harbor

SPECS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "specs")
PLATFORM = """import "std/k8s"
import "std/harbor"
platform kept { world live, inventory sqlite "state" }
provider cluster : k8s.Cluster { kubeconfig = "%s", namespace = "default" }
provider hub : harbor.Server { url = "%s", password = secret.env("CONFORMANCE_SECRET") }
resource key : k8s.Secret { metadata = { name = "robot-key" } }
resource robot : harbor.Robot {
  keep secret in key
  name        = "ci"
  permissions = [{ project = "*", access = [{ resource = "repository", action = "pull" }] }]
}
resource login : k8s.Secret { metadata = { name = "login" }, stringData = { login = "ci:${robot.secret}" } }
"""
SECRETS = "/api/v1/namespaces/default/secrets/"


class Case:
    def __init__(self, binary):
        self.folder, self.cluster = tempfile.mkdtemp(), tempfile.mkdtemp()
        self.env = carbon_folder.environment(self.folder, os.path.abspath(binary))
        self.env["CONFORMANCE_SECRET"] = "harbor-admin-" + os.urandom(6).hex()
        with open(os.path.join(self.cluster, "c.carbon"), "w", encoding="utf-8") as file:
            file.write("platform cluster { world sandbox }\n")
        self.sandbox = ServedSandbox(self.cluster, self.env | {"PATH": self.env["PATH"]}, os.path.join(self.cluster, "log"))
        self.kubeconfig = os.path.join(self.cluster, ".carbon/sandbox/kubeconfig")
        self.server = SpecServer(harbor.system(self.env["CONFORMANCE_SECRET"]), SPECS)
        self.write(PLATFORM % (self.kubeconfig, self.server.url))
        self.said = b""

    def write(self, text):
        with open(os.path.join(self.folder, "p.carbon"), "w", encoding="utf-8") as file:
            file.write(text)

    def carbon(self, *words, expected=0):
        code, out, error = carbon_folder.run(["carbon", *words], self.folder, self.env)
        self.said += out + error
        text = (out + error).decode()
        assert code == expected, "carbon %s: exit %d\n%s\n%s" % (" ".join(words), code, text, "\n".join(self.server.violations))
        return text

    def held(self, name):
        """The data of a Secret of the cluster, decoded; None where it is not there."""
        config = open(self.kubeconfig, encoding="utf-8").read()
        server, token = (re.search(r"%s: *(\S+)" % word, config)[1] for word in ("server", "token"))
        done = subprocess.run(["curl", "-sSk", "-H", "Authorization: Bearer " + token, server + SECRETS + name],
                              capture_output=True, text=True, check=True)
        answer = json.loads(done.stdout)
        if answer["kind"] == "Status":
            return None
        return {key: base64.b64decode(value).decode() for key, value in answer.get("data", {}).items()}

    def settled(self, issued):
        """Nothing is left to do, and what is stored and used is what the server said last; `issued` secrets in all."""
        self.carbon("plan", "--detailed-exitcode")
        assert not self.server.violations, self.server.violations
        assert len(self.server.objects) == 1 and len(self.server.issued) == issued, (self.server.objects, self.server.issued)
        there = next(iter(self.server.objects.values()))
        assert there["secret"] == self.server.issued[-1]
        assert self.held("robot-key") == {"secret": there["secret"]}, self.held("robot-key")
        assert self.held("login") == {"login": "ci:" + there["secret"]}, self.held("login")

    def reissued(self, issued, *because):
        plan = self.carbon("plan")
        assert re.search(r"^~ robot +harbor.Robot +because: a kept value is lost \(`secret` is not in `key`\)$", plan, re.M), plan
        assert re.search(r"^~ login +k8s.Secret", plan, re.M) and "(secret, changed)" in plan, plan
        for words in because:
            assert re.search(words, plan, re.M), plan
        self.carbon("apply", "--yes")
        self.settled(issued)

    def run(self):
        plan = self.carbon("plan")
        assert re.search(r"^\+ robot", plan, re.M), plan
        self.carbon("apply", "--yes")
        self.settled(1)

        # Other fields change without another secret.
        text = PLATFORM.replace('"ci"\n', '"ci"\n  description = "of the pipeline"\n')
        self.write(text % (self.kubeconfig, self.server.url))
        self.carbon("apply", "--yes")
        self.settled(1)

        # Lost, overwritten, or gone with the Secret.
        self.sandbox.patch(SECRETS + "robot-key", '{"data": null}')
        self.reissued(2)
        self.sandbox.patch(SECRETS + "robot-key", '{"data": {"secret": "b3RoZXI="}}')
        self.reissued(3)
        self.sandbox.delete(SECRETS + "robot-key")
        self.reissued(4, r"^\+ key")

        # The Secret goes while the plan is reviewed: the value has no place, and the next plan says so.
        self.sandbox.patch(SECRETS + "robot-key", '{"data": null}')
        self.carbon("plan", "-o", "saved.cplan")
        self.sandbox.delete(SECRETS + "robot-key")
        text = self.carbon("apply", "saved.cplan", expected=6)
        assert "C0506" in text and "`secret` of `robot` is lost" in text, text
        self.reissued(6, r"^\+ key")

        self.carbon("destroy", "--yes", "--max-delete", "9")
        assert not self.server.objects and self.held("robot-key") is None and self.held("login") is None

        # The reply to the create does not come: there is one robot, whose secret nobody knows.
        self.server.faults = [["POST", "/robots$", "drop after"]]
        text = self.carbon("apply", "--yes", expected=6)
        assert "C0506" in text and len(self.server.objects) == 1, text
        self.apply_again(8)
        self.carbon("destroy", "--yes", "--max-delete", "9")

        self.killed()
        self.carbon("destroy", "--yes", "--max-delete", "9")
        assert not self.server.objects
        self.no_secret_shown()

    def apply_again(self, issued):
        plan = self.carbon("plan")
        assert re.search(r"^~ robot .*because: a kept value is lost", plan, re.M), plan
        self.carbon("apply", "--yes")
        self.settled(issued)

    def killed(self):
        """kill -9 between the reply that says the secret and the store."""
        before = len(self.server.issued)
        apply = subprocess.Popen(["carbon", "apply", "--yes"], cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(self.server.issued) == before:
            assert apply.poll() is None, "it ended before the robot was made"
            time.sleep(0.001)
        apply.kill()
        apply.wait()
        stored = self.held("robot-key")
        assert stored in ({}, {"secret": self.server.issued[-1]}), stored
        assert len(self.server.objects) == 1
        text = self.carbon("apply", "--yes")  # settles what the killed run left
        assert re.search(r"^~ robot .*because: a kept value is lost", text, re.M), text
        self.settled(before + 2)

    def no_secret_shown(self):
        for secret in [self.env["CONFORMANCE_SECRET"], *self.server.issued]:
            assert secret.encode() not in self.said, "a secret was printed"
            for directory, _, names in os.walk(self.folder):
                for name in names:
                    path = os.path.join(directory, name)
                    if os.path.islink(path):
                        continue
                    with open(path, "rb") as file:
                        content = file.read()
                    for spelling in (secret.encode(), base64.b64encode(secret.encode())):
                        assert spelling not in content, path


def main(binary):
    case = Case(binary)
    try:
        case.run()
    finally:
        case.server.close()
        case.sandbox.stop()
    print("%d secrets issued, each kept or issued anew" % len(case.server.issued))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
