#!/usr/bin/env python3
"""Makes pages to look at: plans of 10, 400 and 5,000 resources, of the hostile goldens, and one with errors.

    pages.py CARBON FOLDER
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
import carbon_folder  # noqa: E402

HEAD = 'import "std/k8s"\n\nplatform shop {}\n\nprovider cluster : k8s.Cluster { namespace = "default" }\n\n'
SERVICE = """component WebService {
  input app : string
  resource settings : k8s.ConfigMap { metadata = { name = "${app}-settings" }, data = { mode = "fast" } }
  resource deployment : k8s.Deployment {
    metadata = { name = app }
    spec = {
      selector = { matchLabels = { app = app } }
      template = {
        metadata = { labels = { app = app } }
        spec = {
          containers = [{ name = "app", image = "shop/${app}:1", envFrom = [{ configMapRef = { name = settings.metadata.name } }] }]
        }
      }
    }
  }
  resource service : k8s.Service {
    metadata = { name = deployment.metadata.name }
    spec = { selector = { app = app }, ports = [{ port = 80 }] }
  }
}
"""


def services(count):
    return HEAD + SERVICE + 'use web : WebService for n in range(0, %d) by string(n) { app = "web-${n}" }\n' % count


def small(replicas, extra):
    return HEAD + SERVICE + 'use shop : WebService { app = "shop" }\nuse admin : WebService { app = "admin" }\n' + extra + """
resource space : k8s.Namespace { metadata = { name = "shop-data" } }
resource jobs : k8s.ConfigMap {
  metadata = { namespace = space.metadata.name }
  data = { schedule = "%s" }
}
""" % replicas


PAGES = {
    "10": (small("hourly", 'resource old : k8s.ConfigMap { data = { a = "1" } }'), small("daily", ""), ["shop/shop:1", "shop/shop:2"]),
    "400": (None, services(133), None),
    "5000": (None, services(1667), None),
    "errors": (None, HEAD + 'resource space : k8s.Namespace { metadata = { name = "kube-public" } }\n'
               'resource a : k8s.ConfigMap { data = { a = "1" } }\n', None),
}


def main():
    carbon, out = os.path.realpath(sys.argv[1]), pathlib.Path(sys.argv[2])
    pages = dict(PAGES)
    for name in ("hostile-values", "embedded-json", "embedded-text"):
        folder = ROOT / "tests/golden/plan" / name
        pages[name] = ((folder / "before.carbon").read_text(), (folder / "after.carbon").read_text(), None)
    for name, (before, after, replaced) in pages.items():
        work = tempfile.mkdtemp(prefix="carbon-page-")
        env = carbon_folder.environment(work, carbon)
        file = pathlib.Path(work, "p.carbon")
        if before:
            file.write_text(before)
            subprocess.run(["carbon", "apply", "--world", "sandbox", "--yes", "--progress", "quiet"], cwd=work, env=env,
                           check=True, capture_output=True)
        file.write_text(after.replace('"shop/${app}:1"', '"shop/${app}:2"') if replaced else after)
        done = subprocess.run(["carbon", "plan", "--world", "sandbox", "--format", "html"], cwd=work, env=env,
                              capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1) or not done.stdout:
            sys.exit("%s: %s" % (name, done.stderr))
        (out / (name + ".html")).write_text(done.stdout)
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
