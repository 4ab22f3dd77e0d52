"""carbon in the sandbox world: where the binary is, and platforms that it has fully applied there."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from generate import generate
from measure import Command, Failed, run

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Applies are not measured here, and a journal that is durable on disk makes a long chain wait for each of its links.
# So they run in memory, and the platform is moved to the disk, where its plans are measured.
MEMORY = pathlib.Path("/dev/shm")


class Carbon:
    def __init__(self, work):
        self.program = str(pathlib.Path(os.environ.get("CARBON", ROOT / "build-bench/cli/carbon")).resolve())
        self.work = pathlib.Path(work)

    @property
    def there(self):
        return os.access(self.program, os.X_OK)

    @property
    def version(self):
        if not self.there:
            return "not built"
        return subprocess.run([self.program, "version"], capture_output=True, text=True).stdout.strip() or "unknown"

    def command(self, folder, verb, *options, **rest):
        return Command((self.program, verb) + options, str(folder), **rest)

    def plan(self, folder, *options, **rest):
        """With the plan written to a file, as the rival does it."""
        return self.command(folder, "plan", "--world", "sandbox", "-o", "bench.cplan", *options, **rest)

    def empty(self):
        folder = self.work / "empty"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "platform.carbon").write_text("platform empty {}\n", encoding="utf-8")
        return folder

    def platform(self, shape, size):
        """A folder whose platform is applied in its sandbox. That the plan has changes before and none after is
        checked, so that a plan of nothing is not taken for a fast one. Not kept from one run of the suite to the next:
        another binary may store its sandbox in another way."""
        folder = self.work / f"{shape}-{size}"
        shutil.rmtree(folder, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix="carbon-bench-", dir=MEMORY if MEMORY.is_dir() else None) as scratch:
            applied = pathlib.Path(scratch, "platform")
            made = generate("carbon", shape, size, applied)
            run(self.plan(applied, "--detailed-exitcode", expect=2))
            run(self.command(applied, "apply", "--world", "sandbox", "--yes"))
            shutil.move(applied, folder)
        run(self.plan(folder, "--detailed-exitcode"))
        return folder, made.resources


def parse_speeds(build=ROOT / "build-bench"):
    """Median MB/s of the parser's own benchmark, by what it made: nothing, a tree. Empty where it is not built."""
    program = build / "bench/bench-parse"
    if not program.exists():
        return {}
    said = subprocess.run([program], capture_output=True, text=True)
    found = {name: float(speed) for name, speed in re.findall(r"(?m)^(\w+): .*median (\d+)", said.stdout)}
    if said.returncode != 0 or set(found) != {"recognise", "parse"}:
        raise Failed(f"{program}: exit {said.returncode}: {said.stdout}{said.stderr}")
    return found
