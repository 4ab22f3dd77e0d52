"""The cases: each takes the contenders and gives rows of the table, and puts what it measured into `raw`."""
import math
import subprocess
from dataclasses import dataclass, field

import jsonnet
import manifests
from carbon import Carbon, parse_speeds
from generate import generate
from measure import Failed, interleaved, run
from report import NINJA_NO_OP, Row
from rival import LARGEST_APPLIED, Rival


FULL = 10_000  # the size that P1, P2 and P11 are about


@dataclass
class Suite:
    carbon: Carbon
    rival: Rival
    repeats: int
    quick: bool
    raw: dict = field(default_factory=dict)

    def measure(self, case, commands, memory=True, repeats=None):
        found = interleaved(commands, repeats or self.repeats, memory)
        self.raw[case] = {name: series.raw() for name, series in found.items()}
        return found


def _time(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _megabytes(size):
    return f"{size / 1e6:.0f} MB"


def _compared(target, case, show, ours, rival, same=True):
    ratio = rival / ours if ours else None
    return Row(target, case, show(ours) if ours else "", show(rival), ratio, ratio if same else None, same)


def no_op_plan(suite, size, state):
    """P1 of one size; P2 and P11 too where the size is theirs. Every command is in one interleaved run.

    The rival is taken at whichever of its two settings is better, for time and for memory each. State None: no rival.
    """
    names = {"applied": "applied", "written": "state file written for it", "absent": "nothing applied", None: "none"}
    case = f"{size:,} layered, rival {names[state]}"
    same = state != "absent"
    commands = suite.rival.no_op_plans(suite.rival.platform("layered", size, state), "rival") if state else {}
    if suite.carbon.there:
        folder, _ = suite.carbon.platform("layered", size)
        commands["carbon"] = suite.carbon.plan(folder)
        if same and size == FULL:
            commands["carbon one core"] = suite.carbon.plan(folder, one_core=True)
    found = suite.measure(f"no-op plan, {case}", commands)
    rivals = [found[name] for name in found if name.startswith("rival")]
    ours = found.get("carbon")
    rows = []
    if rivals:
        wall, peak = min(one.wall for one in rivals), min(one.peak for one in rivals)
        rows.append(_compared("P1", f"no-op plan, {case}", _time, ours and ours.wall, wall, same))
        if same and size == FULL:
            rows.append(_compared("P11", f"peak memory, {case}", _megabytes, ours and ours.peak, peak))
    if same and size == FULL:
        each, text, ratio = None, "", None
        if ours:
            alone = found["carbon one core"]
            each, busy = (seconds * 1e6 / size for seconds in (alone.wall, alone.processor))
            text, ratio = f"{each:.1f} us, processor {busy:.1f}", NINJA_NO_OP / each
        rows.append(Row("P2", f"no-op plan, {size:,} layered, one core", text, f"ninja {NINJA_NO_OP} us", ratio, each))
    return rows


def no_op_plans(suite):
    """Really applied sizes first; then 10,000, whose state the rival's own apply does not reach in reasonable time."""
    rows = no_op_plan(suite, 1000, "applied")
    if suite.quick:  # one round of the rival at 10,000 takes most of a minute
        return rows + no_op_plan(suite, FULL, None)
    rows += no_op_plan(suite, LARGEST_APPLIED, "applied")
    if not suite.rival.states_agree("layered", 1000):
        raise Failed("the written state file of 1,000 is not what the rival's apply leaves: see terraform_state.py")
    return rows + no_op_plan(suite, FULL, "written") + no_op_plan(suite, FULL, "absent")


def slope(points):
    """Least squares of log(y) on log(x)."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)


def growth(suite, shapes):
    """P9, carbon alone. The line over all sizes is judged, and the steepest step between two is shown beside it: the
    fixed cost of a start flattens the line, and must not hide a bad last step."""
    if not suite.carbon.there:
        return [Row("P9", "growth of every shape", "", "N log N: 1.11", None, None)]
    rows = []
    for shape in shapes:
        times, peaks = [], []
        for size in [1000, 3000, FULL] if suite.quick else [1000, 3000, FULL, 30_000, 100_000]:
            folder, resources = suite.carbon.platform(shape, size)
            plan = suite.measure(f"growth, {shape}, {size}", {"carbon": suite.carbon.plan(folder)})["carbon"]
            times.append((resources, plan.wall))
            peaks.append((resources, plan.peak))
        for what, points in (("time", times), ("memory", peaks)):
            steepest = max(slope(pair) for pair in zip(points, points[1:]))
            text = f"{slope(points):.2f}, steepest step {steepest:.2f}"
            rows.append(Row("P9", f"{what}, {shape}, to {points[-1][0]:,}", text, "N log N: 1.11", None, slope(points)))
    return rows


def evaluation(suite):
    """P14: from text to the JSON of all objects. First that both render the same objects. go-jsonnet at a size at which
    it takes seconds, not minutes: its text formatting is interpreted."""
    rows = []
    for name, size in (("jrsonnet", 3000), ("go-jsonnet", 100)):
        program = jsonnet.there().get(name)
        if program is None or not suite.carbon.there:
            rows.append(Row(f"P14 {name}", "evaluation: not built here", "", "", None, None))
            continue
        folder = suite.carbon.work / f"manifests-{size}"
        manifests.write(folder, size)
        render = suite.carbon.command(folder, "render", "--world", "sandbox", "-o", "json")
        ours = subprocess.run(render.arguments, cwd=folder, capture_output=True, text=True, check=True).stdout
        if not manifests.same(ours, jsonnet.output(program, folder)):
            raise Failed(f"carbon and {name} do not render the same objects")
        found = suite.measure(f"evaluation, {name}", {"carbon": render, name: jsonnet.command(program, folder)})
        case = f"render {3 * size:,} objects, {name}"
        rows.append(_compared(f"P14 {name}", case, _time, found["carbon"].wall, found[name].wall))
    return rows


def parse(suite):
    """P15, twice: what the grammar alone costs, and with the tree that everything else reads."""
    speeds = parse_speeds()
    suite.raw["parse"] = {f"{name}, median MB/s": speed for name, speed in speeds.items()}
    rows = []
    for target, name, case in (("P15", "recognise", "recognise, one core"), ("P15 tree", "parse", "parse to a tree, one core")):
        speed = speeds.get(name)
        rows.append(Row(target, case, f"{speed:.0f} MB/s" if speed else "", "", None, speed))
    return rows


def start(suite):
    """P17. Without the memory wrapper, whose own start would be a good part of the number."""
    commands = {"rival version": suite.rival.command("/", "version")}
    if suite.carbon.there:
        commands["version"] = suite.carbon.command("/", "version")
        commands["empty"] = suite.carbon.plan(suite.carbon.empty())
    found = suite.measure("start", commands, memory=False, repeats=50)
    rows = []
    for name, case in (("version", "carbon version"), ("empty", "plan of an empty project")):
        wall = found[name].wall if name in found else None
        rival = found["rival version"].wall if name == "version" else None
        rows.append(
            Row(
                f"P17 {name}", case, _time(wall) if wall else "", _time(rival) if rival else "",
                rival / wall if rival and wall else None, wall and wall * 1000,
            )
        )
    return rows


def views(suite):
    """P20: a saved plan as its reader gets it. Reading the plan file is included."""
    if not suite.carbon.there:
        return []
    folder = suite.carbon.work / "views"
    made = generate("carbon", "wide", 10_000, folder).resources
    run(suite.carbon.plan(folder, "--detailed-exitcode", expect=2))
    formats = ("text", "markdown", "html", "json")
    found = suite.measure("views", {name: suite.carbon.command(folder, "show", "bench.cplan", "--format", name) for name in formats})
    rows = []
    for name in formats:
        wall = found[name].wall
        rows.append(Row(f"P20 {'text' if name == 'text' else 'page'}", f"plan of {made:,} creates as {name}", _time(wall), "", None, wall * 1000))
    return rows
