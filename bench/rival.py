"""Terraform, or OpenTofu where Terraform is not installed: where it is, and platforms that it has fully applied.

Applied platforms are kept in the cache (CARBON_BENCH_CACHE, default ~/.cache/carbon/bench) under the hash of all that
they are made of, because an apply of 2,000 resources takes minutes.
"""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess

from generate import generate
from measure import Command, run
from shapes import SHAPES
from terraform_state import same_state, write_state
from terraform_text import terraform_files

CACHE = pathlib.Path(os.environ.get("CARBON_BENCH_CACHE", pathlib.Path.home() / ".cache/carbon/bench"))
LARGEST_APPLIED = 2000
OPTIONS = ("-input=false", "-no-color")


class Rival:
    def __init__(self):
        program = os.environ.get("CARBON_BENCH_RIVAL") or shutil.which("terraform") or str(CACHE / "tofu/tofu")
        CACHE.mkdir(parents=True, exist_ok=True)
        settings = CACHE / "empty.rc"  # the user's own settings, and a look for new versions, are not measured
        settings.touch()
        self.program = program
        self.environment = (("CHECKPOINT_DISABLE", "1"), ("TF_CLI_CONFIG_FILE", str(settings)))
        said = subprocess.run(
            [program, "version", "-json"], env=os.environ | dict(self.environment), capture_output=True, check=True
        )
        self.version = json.loads(said.stdout)["terraform_version"]

    def __str__(self):
        return f"{pathlib.Path(self.program).name} {self.version}"

    def command(self, folder, verb, *options, **rest):
        return Command((self.program, verb) + options, str(folder), self.environment, **rest)

    def no_op_plans(self, folder, name):
        """At its defaults, and tuned: no refresh, no lock, and a garbage collector that runs a quarter as often."""
        plan = (*OPTIONS, "-out=bench.tfplan")
        tuned = self.command(folder, "plan", *plan, "-refresh=false", "-lock=false")
        tuned = Command(tuned.arguments, tuned.folder, tuned.environment + (("GOGC", "400"),))
        return {f"{name} default": self.command(folder, "plan", *plan), f"{name} tuned": tuned}

    def _folder(self, shape, size, state):
        files = terraform_files(SHAPES[shape](size))
        digest = hashlib.sha256(json.dumps([files, state, self.version], sort_keys=True).encode()).hexdigest()
        return CACHE / f"{shape}-{size}-{state}-{digest[:12]}"

    def platform(self, shape, size, state):
        """A folder in `state`: "absent" (nothing applied), "applied" (by itself) or "written" (its state file was
        written by terraform_state). The last two are refused unless the rival itself then plans no change."""
        folder = self._folder(shape, size, state)
        if not folder.exists():
            part = folder.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            generate("terraform", shape, size, part)
            run(self.command(part, "init", *OPTIONS))
            if state == "applied":
                run(self.command(part, "apply", "-auto-approve", *OPTIONS))
            elif state == "written":
                write_state(SHAPES[shape](size), part / "terraform.tfstate", self.version)
            if state != "absent":
                run(self.command(part, "plan", "-detailed-exitcode", *OPTIONS))
            part.rename(folder)
        return folder

    def states_agree(self, shape, size):
        """Whether the written state file of this size is the one that the rival's own apply leaves behind."""
        applied, written = (self.platform(shape, size, state) / "terraform.tfstate" for state in ("applied", "written"))
        return same_state(applied, written)
