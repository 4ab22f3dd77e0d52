#!/usr/bin/env python3
"""examples/ci as a pipeline runs it: the script's jobs in order, against both forges.

    ci_recipes.py CARBON ROOT
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

from comment import COMMIT, Folder, config_map, own, variables
from forge_server import Forge


def job(folder, script, word, forge, code=0, **more):
    env = {**folder.env, **variables(forge), "FORGE": forge.kind, "WORLD": "sandbox", "COMMIT": COMMIT, **more}
    done = subprocess.run([script, word], cwd=folder.path, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=120, check=False)
    assert done.returncode == code, "%s: exit code %d instead of %d\n%s" % (word, done.returncode, code,
                                                                          done.stdout + done.stderr)
    return done.stdout + done.stderr


def pipeline(folder, script, forge):
    folder.write(config_map("settings", "1"))
    job(folder, script, "check", forge)
    assert pathlib.Path(folder.path, "carbon-tests.xml").exists()
    job(folder, script, "plan", forge, ARTIFACT="https://ci.example.com/1")
    assert len(own(forge)) == 1 and "1 create" in own(forge)[0] and "[full plan](https://ci.example.com/1)" in own(forge)[0]
    assert "<!doctype html>" in pathlib.Path(folder.path, "plan.html").read_text()
    assert "carbon/change" in forge.labels and forge.statuses[-1][0] == "success"
    job(folder, script, "drift", forge, code=2)  # nothing is applied yet
    job(folder, script, "apply", forge)
    job(folder, script, "drift", forge)
    job(folder, script, "apply", forge, code=4)  # a plan runs once
    folder.write('resource space : k8s.Namespace { metadata = { name = "kube-public" } }\n')
    job(folder, script, "plan", forge, code=1)
    assert len(own(forge)) == 1 and "This plan cannot be applied" in own(forge)[0]
    folder.write("resource broken\n")
    job(folder, script, "plan", forge, code=1)
    assert len(own(forge)) == 1 and "C0416" in own(forge)[0]  # what was there stays
    folder.write(config_map("settings", "1") + " \n")
    job(folder, script, "check", forge, code=1)


def recipes_call_the_script(root):
    import yaml
    script = (root / "examples/ci/carbon-ci").read_text()
    words = set(re.findall(r"^(\w+)\)$", script, re.M))
    for name in ("github-actions.yml", "gitlab-ci.yml"):
        text = (root / "examples/ci" / name).read_text()
        yaml.safe_load(text)
        called = set(re.findall(r"\./carbon-ci (\w+)", text))
        assert called == words, "%s calls %s of %s" % (name, sorted(called), sorted(words))


def main():
    carbon, root = os.path.realpath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    recipes_call_the_script(root)
    for kind in ("github", "gitlab"):
        folder, forge = Folder(carbon), Forge(kind)
        try:
            pipeline(folder, str(root / "examples/ci/carbon-ci"), forge)
            print("ok    " + kind)
        finally:
            forge.close()
            shutil.rmtree(folder.path, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
