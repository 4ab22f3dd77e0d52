"""The results as one table: what was measured, what it is held against, and whether it holds."""
import datetime
import os
import pathlib
import platform
from dataclasses import dataclass

NINJA_NO_OP = 16  # microseconds an edge, ninja's no-op build: what P2 is compared with


@dataclass(frozen=True)
class Target:
    unit: str
    floor: float
    goal: float
    moonshot: float
    more_is_better: bool = False


TARGETS = {
    "P1": Target("x", 20, 100, 300, more_is_better=True),
    "P2": Target("us a resource", 60, 20, 8),
    "P3": Target("x", 10, 50, 200, more_is_better=True),
    "P5": Target("of the least", 2.0, 1.3, 1.05),
    "P6": Target("of the limit", 2.0, 1.3, 1.1),
    "P7": Target("of the limit", 1.5, 1.25, 1.1),
    "P9": Target("slope", 1.20, 1.12, 1.03),
    "P11": Target("x", 10, 50, 200, more_is_better=True),
    "P13": Target("%", 20, 8, 2),
    "P14 go-jsonnet": Target("x", 5, 16, 50, more_is_better=True),
    "P14 jrsonnet": Target("x", 0.5, 1, 3, more_is_better=True),
    "P15": Target("MB/s", 50, 200, 500, more_is_better=True),
    "P15 tree": Target("MB/s", 50, 80, 200, more_is_better=True),
    "P17 version": Target("ms", 10, 3, 1),
    "P17 empty": Target("ms", 30, 10, 4),
    "P20 text": Target("ms", 1000, 300, 100),
    "P20 page": Target("ms", 3000, 1000, 300),
}


@dataclass(frozen=True)
class Row:
    target: str  # a key of TARGETS
    case: str
    ours: str  # with its unit; "" where carbon was not measured
    rival: str
    ratio: float | None  # rival / ours, or ours / rival where more is better: above 1, carbon wins
    judged: float | None  # what is held against the target, in its unit; None where nothing was measured
    same: bool = True  # whether both did the same work; if not, the row is for information and has no verdict

    @property
    def verdict(self):
        target = TARGETS[self.target]
        if not self.same:
            return "not the same"
        if self.judged is None:
            return "not measured"
        sign = 1 if target.more_is_better else -1
        for name in ("moonshot", "goal", "floor"):
            if sign * self.judged >= sign * getattr(target, name):
                return name
        return "LOST"


HEAD = ("id", "case", "ours", "rival", "ratio", "floor", "goal", "moonshot", "verdict")


def _cells(row):
    target = TARGETS[row.target]
    times = "x" if target.unit == "x" else ""
    bounds = [f"{bound:g}{times}" for bound in (target.floor, target.goal, target.moonshot)]
    ratio = "" if row.ratio is None else f"{row.ratio:.3g}x"
    return [row.target.split()[0], row.case, row.ours or "-", row.rival or "-", ratio or "-", *bounds, row.verdict]


def kept_rows(former, rows):
    """Rows of a former table that were not measured now."""
    now = {(row.target.split()[0], row.case) for row in rows}
    lines = [line.strip().strip("|").split("|") for line in former.splitlines() if line.startswith("| P")]
    kept = [[cell.strip() for cell in line] for line in lines]
    return [cells for cells in kept if tuple(cells[:2]) not in now and len(cells) == len(HEAD)]


def table(rows, kept=()):
    """Markdown, with columns aligned so that it reads on a terminal too. Rows that were kept stand by their id."""
    def number(cells):
        return int(cells[0][1:])

    lines = [list(HEAD)] + sorted([_cells(row) for row in rows] + list(kept), key=number)
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines)


def _processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def machine():
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {cores} cores, {memory:.0f} GiB, Linux {platform.release()}"


def document(rows, facts, former=""):
    """bench/RESULTS.md. `facts` are lines of (what, value) about the run. Rows of a former document that were not
    measured now stay, with the date of their run."""
    kept = kept_rows(former, rows)
    if kept:
        ids = ", ".join(sorted({cells[0] for cells in kept}, key=lambda one: int(one[1:])))
        date = next((line.split(": ", 1)[1] for line in former.splitlines() if line.startswith("* date: ")), "unknown")
        rival = next((line.split(": ", 1)[1] for line in former.splitlines() if line.startswith("* rival: ")), "unknown")
        facts = [*facts, (f"rows of {ids} that were not measured now are of an earlier run", f"{date}, rival {rival}")]
    about = "\n".join(f"* {what}: {value}" for what, value in facts)
    lost = [row for row in rows if row.verdict == "LOST"]
    below = [f"* {row.target} {row.case}: {row.judged:.3g} {TARGETS[row.target].unit}" for row in lost]
    below += [f"* {cells[0]} {cells[1]}: {cells[2]}" for cells in kept if cells[-1] == "LOST"]
    return f"""# Benchmarks

Written by `scripts/bench --write`; not by hand. What each id means and how it is measured: bench/README.md.

{about}

{table(rows, kept)}

Cases below their floor:

{chr(10).join(below or ["* none"])}
"""


def today():
    return datetime.date.today().isoformat()
