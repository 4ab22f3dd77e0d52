"""A real kube-apiserver with etcd for the benchmarks, and a platform of many objects for it."""
import os
import pathlib
import re
import ssl
import subprocess
import tempfile
import urllib.request

from carbon import ROOT
from measure import Command, Failed

SCRIPT = ROOT / "tests/real/cluster"
KINDS = (
    ("configmaps", "/api/v1", "v1"),
    ("services", "/api/v1", "v1"),
    ("deployments", "/apis/apps/v1", "apps/v1"),
)

PLATFORM = """import "std/k8s"

platform bench {}
provider cluster : k8s.Cluster { kubeconfig = "@KUBECONFIG@", namespace = "@SPACE@" }

component App {
  input name : string
  let labels = { app = name, "app.kubernetes.io/part-of" = "bench" }

  resource config : k8s.ConfigMap {
    metadata = { name = name, labels = labels }
    data     = { for i in range(0, 5) : ["key-${i}"] = "${name}/${i}" }
  }
  resource service : k8s.Service {
    metadata = { name = name, labels = labels }
    spec     = { clusterIP = "None", selector = labels, ports = [{ name = "http", port = 80, targetPort = 8080 }] }
  }
  resource deployment : k8s.Deployment {
    metadata = { name = name, labels = labels }
    spec = {
      replicas = 0
      selector = { matchLabels = labels }
      template = {
        metadata = { labels = labels }
        spec     = { containers = [{ name = "main", image = "registry.example.com/${name}:1.2.3", ports = [{ containerPort = 8080 }], env = [for i in range(0, 4) : { name = "SETTING_${i}", value = "${name}-${i}" }] }] }
      }
    }
  }
}
use apps : App for i in range(0, @APPS@) by "${i}" { name = "app-${i}" }
"""


class Cluster:
    """One control plane without controllers: what they write is not what is measured. Services have no address, since
    there are not enough of them. Ends with the `with` that it is opened by."""

    def __init__(self):
        checked = subprocess.run([str(ROOT / "tests/real/setup"), "--path"], capture_output=True, text=True)
        if checked.returncode != 0:
            raise Failed("the real servers are not built: run tests/real/setup")
        self.programs = checked.stdout.strip()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="carbon-bench-cluster-"))

    def _script(self, *words):
        done = subprocess.run([str(SCRIPT), words[0], str(self.folder), *words[1:]], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"tests/real/cluster {' '.join(words)}: {done.stderr}")

    def __enter__(self):
        self._script("start")
        self._script("kill", "controller-manager")
        return self

    def __exit__(self, *_):
        self._script("stop")
        subprocess.run(["rm", "-rf", str(self.folder)], check=False)

    @property
    def kubeconfig(self):
        return self.folder / "kubeconfig-token"

    @property
    def url(self):
        return (self.folder / "url").read_text().strip()

    def kubectl(self, *words, **rest):
        program = next(pathlib.Path(one) / "kubectl" for one in self.programs.split(":") if "kubernetes" in one)
        return Command((str(program), "--kubeconfig", str(self.kubeconfig), *words), "/", **rest)

    def ask(self, method, path, body=None, content="application/json"):
        trust = ssl.create_default_context(cafile=str(self.folder / "ca.crt"))
        request = urllib.request.Request(self.url + path, method=method, data=body and body.encode())
        request.add_header("Authorization", "Bearer " + (self.folder / "token").read_text().strip())
        request.add_header("Content-Type", content)
        with urllib.request.urlopen(request, context=trust, timeout=600) as reply:
            return reply.read()

    def make_space(self, name):
        self.ask("POST", "/api/v1/namespaces", '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"%s"}}' % name)

    def empty(self, space):
        for kind, base, _ in KINDS:
            self.ask("DELETE", f"{base}/namespaces/{space}/{kind}", '{"propagationPolicy":"Background"}')

    def count(self, space):
        found = 0
        for kind, base, _ in KINDS:
            head = self.ask("GET", f"{base}/namespaces/{space}/{kind}?limit=1").decode()
            rest = re.search(r'"remainingItemCount":(\d+)', head)
            found += (1 if '"uid"' in head else 0) + (int(rest[1]) if rest else 0)
        return found

    def bare(self, verb, *words, **rest):
        program = os.environ.get("CARBON_BENCH_BARE", str(ROOT / "build-bench/bench/bench-bare"))
        return Command((program, verb, self.url, str(self.folder / "ca.crt"), str(self.folder / "token"), *words), "/", **rest)

    def lists(self, space):
        return [f"{base}/namespaces/{space}/{kind}" for kind, base, _ in KINDS]


def write_platform(folder, cluster, space, apps):
    folder.mkdir(parents=True, exist_ok=True)
    text = PLATFORM.replace("@KUBECONFIG@", str(cluster.kubeconfig)).replace("@SPACE@", space)
    (folder / "platform.carbon").write_text(text.replace("@APPS@", str(apps)), encoding="utf-8")


def pages(apps, page=500):
    """The least possible requests of a no-op plan: each kind's pages."""
    return len(KINDS) * -(-apps // page)

