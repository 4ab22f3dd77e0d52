"""`carbon resume`: what a run did not do is done inside of the plan that was reviewed, after failures, Ctrl-C and kills, and
nothing else is.

usage: resume.py CARBON
"""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile

import carbon_folder
from served_sandbox import ServedSandbox

MAPS = "/api/v1/namespaces/default/configmaps"
HEAD = """import "std/k8s"
platform shop { world live, inventory sqlite "state" }
provider cluster : k8s.Cluster { kubeconfig = "%s", namespace = "default" }
"""
CHAIN = """resource a : k8s.ConfigMap { data = { text = "%(text)s" } }
resource b : k8s.ConfigMap { after a, data = { text = "%(text)s" } }
resource c : k8s.ConfigMap { after b, data = { text = "%(text)s" } }
resource d : k8s.ConfigMap { after c, data = { text = "%(text)s" } }
"""


class Shop:
    def __init__(self, binary):
        self.folder, cluster = tempfile.mkdtemp(), tempfile.mkdtemp()
        self.env = carbon_folder.environment(self.folder, os.path.abspath(binary))
        with open(os.path.join(cluster, "c.carbon"), "w", encoding="utf-8") as file:
            file.write("platform cluster { world sandbox }\n")
        self.sandbox = ServedSandbox(cluster, self.env, os.path.join(cluster, "log"))
        self.kubeconfig = os.path.join(cluster, ".carbon/sandbox/kubeconfig")

    def declare(self, text):
        with open(os.path.join(self.folder, "p.carbon"), "w", encoding="utf-8") as file:
            file.write(HEAD % self.kubeconfig + text)

    def carbon(self, *words, expected=0):
        code, out, error = carbon_folder.run(["carbon", *words], self.folder, self.env)
        text = (out + error).decode()
        assert code == expected, "carbon %s: exit %d\n%s" % (" ".join(words), code, text)
        return text

    def begin(self, *words):
        return subprocess.Popen(["carbon", *words], cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def newest(self):
        return self.carbon("runs").split()[0]

    def squat(self, name):
        """Somebody makes what the plan is to make."""
        self.sandbox.post(MAPS, '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s"}}' % name)


def has(text, *patterns):
    for pattern in patterns:
        assert re.search(pattern, text, re.M), "/%s/ is not in:\n%s" % (pattern, text)


def after_a_failure(shop):
    shop.declare(CHAIN % {"text": "one"})
    shop.carbon("plan", "-o", "one.cplan")
    shop.squat("b")
    text = shop.carbon("apply", "one.cplan", expected=6)
    has(text, "C0416", r"skipped c")
    failed = shop.newest()
    # The cause is still there.
    has(shop.carbon("resume", expected=6), "1 of its 4 changes are done", "C0416")
    shop.sandbox.delete(MAPS + "/b")
    # What the files say by now is another review's matter.
    shop.declare(CHAIN % {"text": "two"})
    has(shop.carbon("resume", failed, expected=4), "C0807", "came after run " + failed)
    text = shop.carbon("resume")
    has(text, r"goes on with run [0-9a-f]{16}: 0 of its 3 changes are done", r"created b", r"created d")
    assert "created a" not in text, text
    has(shop.carbon("runs", shop.newest()), "^goes on with run ")
    has(shop.carbon("plan"), "^Plan: 4 update; 0 unchanged")
    has(shop.carbon("resume"), "Nothing is left to do: run %s did all" % shop.newest())


def when_it_moved_on(shop):
    """What a step of the plan used is another thing now: nothing is done blindly, also not the rest."""
    shop.declare(CHAIN % {"text": "two"})
    shop.carbon("apply", "--yes")
    shop.declare((CHAIN % {"text": "three"}).replace("after c", "after e") + "resource e : k8s.ConfigMap { after a }\n")
    shop.carbon("plan", "-o", "three.cplan")
    shop.squat("e")
    has(shop.carbon("apply", "three.cplan", expected=6), "updated c", "skipped d")
    shop.sandbox.delete(MAPS + "/e")
    shop.sandbox.patch(MAPS + "/a", '{"data": {"text": "somebody else"}}')  # done already: no matter
    shop.sandbox.patch(MAPS + "/d", '{"data": {"text": "somebody else"}}')
    text = shop.carbon("resume", expected=4)
    has(text, "C0807.*default/d", "written by kubectl-patch")
    assert "created e" not in text, text
    shop.sandbox.patch(MAPS + "/d", '{"data": {"text": "two"}}')
    has(shop.carbon("resume"), "created e", "updated d")
    has(shop.carbon("plan"), "^~ a .*drift", "^Plan: 1 update")
    shop.carbon("apply", "--yes")


def after_ctrl_c(shop):
    shop.declare("".join('resource m%d : k8s.ConfigMap { %s data = { n = "%d" } }\n'
                         % (n, "after m%d," % (n - 1) if n else "", n) for n in range(120)))
    run = shop.begin("apply", "--yes", "--max-delete", "9", "--progress", "plain")
    seen = ""
    for line in run.stdout:
        seen += line
        if "created m5 " in line:
            run.send_signal(signal.SIGINT)
    assert run.wait() == 130, seen
    left = len(re.findall(r"not begun|skipped", seen))
    assert left > 0, seen
    has(shop.carbon("resume"), r"goes on with run [0-9a-f]{16}: \d+ of its 125 changes are done")
    has(shop.carbon("plan"), "^No changes")


def after_a_kill(shop):
    shop.declare("".join('resource m%d : k8s.ConfigMap { %s data = { n = "x%d" } }\n'
                         % (n, "after m%d," % (n - 1) if n else "", n) for n in range(120)))
    run = shop.begin("apply", "--yes", "--progress", "plain")
    for line in run.stdout:
        if "updated m7 " in line:
            run.kill()
    run.wait()
    has(shop.carbon("plan"), "C0909")
    has(shop.carbon("resume"), "had not ended; settled", r"of its 120 changes are done")
    has(shop.carbon("plan"), "^No changes")


def without_its_plan(shop):
    database = sqlite3.connect(os.path.join(shop.folder, "state", "shop.default.live.db"))
    database.execute("DELETE FROM kept_plan")
    database.commit()
    database.close()
    has(shop.carbon("resume", expected=1), "C0914", shop.newest())


def stopped_by_an_error(shop):
    """`--on-error stop` begins nothing new; without it what does not need the failed step is done."""
    # One at a time, so that the failure comes before the rest: each needs the lock of the first.
    text = "".join('resource n%d : k8s.ConfigMap { %s data = { n = "%d" } }\n'
                   % (n, "after n%d," % (n - 1) if n > 1 else "", n) for n in range(40))
    shop.declare(text)
    shop.carbon("plan", "--max-delete", "200", "-o", "n.cplan")
    shop.squat("n0")
    stopped = shop.carbon("apply", "n.cplan", "--on-error", "stop", expected=6)
    has(stopped, "C0416", r"another step failed \(`--on-error`\)")
    shop.sandbox.delete(MAPS + "/n0")
    has(shop.carbon("resume"), "created n39")
    has(shop.carbon("plan"), "^No changes")


def until_it_is_ready(shop):
    """What the first run made and what was not ready then: nothing that needs it is begun before it is."""
    text = """resource web : k8s.Deployment { spec = {
  selector = { matchLabels = { app = "web" } }, template = { metadata = { labels = { app = "web" } },
  spec = { containers = [{ name = "web", image = "web:1", envFrom = [{ secretRef = { name = "late" } }] }] } } } }
lookup late : k8s.Secret? { metadata = { name = "late" } }
resource behind : k8s.ConfigMap { after web, data = { a = "1" } }
"""
    shop.declare(text)
    has(shop.carbon("apply", "--yes", "--max-delete", "200", expected=6), "C0802", "skipped behind")
    has(shop.carbon("resume", expected=6), "1 of its", "C0802", "skipped behind")
    shop.sandbox.post("/api/v1/namespaces/default/secrets",
                      '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "late"}}')
    has(shop.carbon("resume"), "created behind")
    has(shop.carbon("plan"), "^No changes")


def run_cases(binary, nothing_yet, cases):
    """All of them in one shop, each where the former has left it; `nothing_yet` is a command that has nothing to do before."""
    shop = Shop(binary)
    try:
        shop.declare("")
        has(shop.carbon(*nothing_yet), "Nothing has been applied yet")
        for case in cases:
            case(shop)
            print("ok    %s" % case.__name__.replace("_", " "))
    finally:
        shop.sandbox.stop()
    return 0


def main(binary):
    return run_cases(binary, ["resume"], (after_a_failure, when_it_moved_on, after_ctrl_c, after_a_kill, without_its_plan,
                                          stopped_by_an_error, until_it_is_ready))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
