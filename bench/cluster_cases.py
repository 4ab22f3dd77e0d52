"""P3, P5, P6, P7, P13: against a real kube-apiserver. Sizes are numbers of objects, a third of each kind."""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

from carbon import MEMORY
from cluster import KINDS, Cluster, pages, write_platform
from measure import Failed, Series, run
from report import Row

WINDOW = 64  # the most requests that carbon has in flight


def _live(carbon, folder, verb, *options, **rest):
    return carbon.command(folder, verb, "--world", "live", *options, **rest)


def _apply(carbon, folder):
    return _live(carbon, folder, "apply", "--yes", "--wait", "accepted", "--progress", "quiet", "--stats")


def _requests(carbon, folder, verb, *options):
    """What carbon says that it sent, phase by phase."""
    command = _live(carbon, folder, verb, *options, "--stats")
    said = subprocess.run(command.arguments, cwd=folder, capture_output=True, text=True, check=True).stderr
    phases = re.findall(r"^stats +(\w+): (.*?) requests", said, re.M)  # `5 GET, 2 PATCH`
    return {name: sum(int(count) for count in re.findall(r"\d+", counts)) for name, counts in phases}


def _bodies(carbon, folder, space):
    """The writes of a full create as lines for the bare writer: what carbon sends, object by object."""
    said = subprocess.run(_live(carbon, folder, "render", "-o", "json").arguments, cwd=folder, capture_output=True, text=True, check=True)
    bases = {"ConfigMap": KINDS[0], "Service": KINDS[1], "Deployment": KINDS[2]}
    lines = []
    for one in json.loads(said.stdout)["resources"]:
        body = one["object"]
        plural, base, _ = bases[body["kind"]]
        metadata = body["metadata"]
        metadata["resourceVersion"] = "1"
        metadata.setdefault("annotations", {})["carbon.dev/operation"] = "0" * 32
        target = f"{base}/namespaces/{space}/{plural}/{metadata['name']}?fieldManager=carbon&fieldValidation=Strict&force=false"
        lines.append("\t".join(("PATCH", target, "application/apply-patch+yaml", json.dumps(body, separators=(",", ":")))))
    return "\n".join(lines) + "\n"


def _manifests(carbon, folder, space):
    said = subprocess.run(_live(carbon, folder, "render", "-o", "yaml").arguments, cwd=folder, capture_output=True, text=True, check=True)
    path = folder / "objects.yaml"
    path.write_text(re.sub(r"^( +namespace:) .*$", rf"\1 {space}", said.stdout, flags=re.M), encoding="utf-8")
    return path


def _ratio_row(target, case, ours, limit, ratio):
    return Row(target, case, ours, limit, 1 / ratio if ratio else None, ratio)


def _seconds(value):
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


class LiveSuite:
    """All cases of one size share a cluster and a namespace that is emptied between creates."""

    def __init__(self, suite, cluster, objects):
        self.suite, self.cluster = suite, cluster
        self.apps = objects // len(KINDS)
        self.objects = self.apps * len(KINDS)
        self.space = f"bench-{objects}"
        cluster.make_space(self.space)

    def folder(self, name, where=None):
        folder = pathlib.Path(where or self.suite.carbon.work) / f"live-{self.objects}-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        write_platform(folder, self.cluster, self.space, self.apps)
        return folder

    def creates(self):
        """P7 and P13: carbon with its record on the disk, with its record in memory, and the bare writer, in turning order
        on an emptied namespace."""
        carbon = self.suite.carbon
        bodies = self.suite.carbon.work / f"bodies-{self.objects}"
        bodies.write_text(_bodies(carbon, self.folder("bodies"), self.space), encoding="utf-8")
        bare = self.cluster.bare("write", str(WINDOW))
        runs = {"carbon": [], "carbon, record in memory": [], "bare": []}
        with tempfile.TemporaryDirectory(prefix="carbon-bench-", dir=MEMORY) as memory:
            for repeat in range(self.suite.repeats + 1):
                names = list(runs) if repeat % 2 == 0 else list(reversed(runs))
                for name in names:
                    self.cluster.empty(self.space)
                    if name == "bare":
                        found = run(bare, input_file=bodies)
                    else:
                        found = run(_apply(carbon, self.folder("create", memory if "memory" in name else None)))
                    if self.cluster.count(self.space) != self.objects:
                        raise Failed(f"{name} did not make {self.objects} objects, but {self.cluster.count(self.space)}")
                    if repeat > 0:  # the first round warms the server
                        runs[name].append(found)
        series = {name: Series(tuple(found)) for name, found in runs.items()}
        self.suite.raw[f"create, {self.objects}"] = {name: one.raw() for name, one in series.items()}
        ours, memory, limit = (series[name].wall for name in runs)
        case = f"create of {self.objects:,} objects"
        cost = 100 * (ours - memory) / memory
        return [
            _ratio_row("P7", f"{case}, real API server", _seconds(ours), f"bare writer {_seconds(limit)}", ours / limit),
            Row("P13", f"{case}, durable journal", _seconds(ours), f"in memory {_seconds(memory)}", memory / ours, cost),
        ]

    def plans(self):
        """P3, P5, P6: a no-op plan of what was created, kubectl diff of the same objects, and the bare reader."""
        carbon = self.suite.carbon
        self.cluster.empty(self.space)
        folder = self.folder("plan")
        run(_apply(carbon, folder))
        run(_live(carbon, folder, "plan", "--detailed-exitcode"))
        sent = _requests(carbon, folder, "plan")["plan"]
        least = pages(self.apps)
        # The rival has what it has applied itself, in a namespace of its own.
        theirs = f"{self.space}-kubectl"
        manifests = _manifests(carbon, folder, theirs)
        self.cluster.make_space(theirs)
        run(self.cluster.kubectl("apply", "--server-side", "-n", theirs, "-f", str(manifests)))
        commands = {
            "carbon": _live(carbon, folder, "plan", "-o", "bench.cplan"),
            "bare": self.cluster.bare("read", *self.cluster.lists(self.space)),
        }
        rivals = {
            "kubectl diff": ("diff", "--server-side", "-f", str(manifests)),
            "kubectl diff, 16 at once": ("diff", "--server-side", "--concurrency=16", "-f", str(manifests)),
        }
        for name, words in rivals.items():
            commands[name] = self.cluster.kubectl(*words, "-n", theirs)
        found = self.suite.measure(f"no-op plan, live, {self.objects}", commands)
        case = f"no-op plan, {self.objects:,} objects, real API server"
        ours, bare = found["carbon"].wall, found["bare"].wall
        self.cluster.empty(theirs)
        rival = min(found[name].wall for name in rivals)
        return [
            Row("P3", case, _seconds(ours), f"kubectl diff {_seconds(rival)}", rival / ours, rival / ours),
            _ratio_row("P5", case, f"{sent} requests", f"least {least}", sent / least),
            _ratio_row("P6", case, _seconds(ours), f"bare reader {_seconds(bare)}", ours / bare),
        ]


def live(suite, wanted, sizes):
    """`wanted` are ids; the plans and the creates of a size are measured together."""
    rows = []
    with Cluster() as cluster:
        for size in sizes:
            one = LiveSuite(suite, cluster, size)
            if wanted & {"P7", "P13"}:
                rows += one.creates()
            if wanted & {"P3", "P5", "P6"}:
                rows += one.plans()
            cluster.empty(one.space)
    return [row for row in rows if row.target in wanted]
