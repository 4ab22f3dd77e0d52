#!/usr/bin/env python3
"""Runs the benchmarks and prints one table. `scripts/bench` builds what it needs first.

usage: bench/run.py [--quick] [--repeats N] [--only P1,P9,...] [--shapes NAME,...] [--sizes N,...] [--write]
"""
import argparse
import json
import os
import sys
import tempfile
import time

import cases
import cluster_cases
from carbon import ROOT, Carbon
from measure import Failed
from report import document, machine, table, today
from rival import Rival
from shapes import SHAPES

# Cheap first. P2 and P11 are measured in the same runs as P1.
CASES = {"P15": cases.parse, "P17": cases.start, "P1": cases.no_op_plans, "P14": cases.evaluation, "P20": cases.views, "P9": None}
LIVE = ("P3", "P5", "P6", "P7", "P13")  # against a real API server; only where they are asked for
GROWTH = [shape for shape in SHAPES if shape != "layered"]  # P1's shape; P9 has a layered one of its own


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="growth to 10,000, the rival at 1,000 only, three repeats")
    parser.add_argument("--repeats", type=int, help="default 5, or 3 with --quick")
    parser.add_argument("--only", default=",".join(CASES), help="ids, of " + ", ".join([*CASES, *LIVE]))
    parser.add_argument("--sizes", default="1000,10000", help="of those against a real API server: numbers of objects")
    parser.add_argument("--shapes", default=",".join(GROWTH), help="of P9: " + ", ".join(GROWTH))
    parser.add_argument("--write", action="store_true", help="write bench/RESULTS.md")
    found = parser.parse_args()
    for given, known in ((found.only, [*CASES, *LIVE]), (found.shapes, SHAPES)):
        if unknown := set(given.split(",")) - set(known):
            parser.error(f"unknown: {', '.join(sorted(unknown))}")
    found.repeats = found.repeats or (3 if found.quick else 5)
    return found


def measure(options, work):
    suite = cases.Suite(Carbon(work), Rival(), options.repeats, options.quick)
    if not suite.carbon.there:
        print(f"{suite.carbon.program} is not there: only the rival is measured", file=sys.stderr)
    rows = []
    names = options.only.split(",")
    if live := set(names) & set(LIVE):
        print(f"{', '.join(sorted(live))} ...", file=sys.stderr)
        rows += cluster_cases.live(suite, live, [int(size) for size in options.sizes.split(",")])
    for name in names:
        if name in LIVE:
            continue
        print(f"{name} ...", file=sys.stderr)
        rows += cases.growth(suite, options.shapes.split(",")) if name == "P9" else CASES[name](suite)
    return suite, rows


def main():
    options = arguments()
    load, began = os.getloadavg()[0], time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="carbon-bench-") as work:
            suite, rows = measure(options, work)
    except Failed as failed:
        print(f"bench: {failed}", file=sys.stderr)
        return 1
    words = " ".join(word for word in sys.argv[1:] if word != "--write")
    facts = [
        ("date", today()),
        ("machine", machine()),
        ("load when it began and ended", f"{load:.1f}, {os.getloadavg()[0]:.1f} (its own included)"),
        ("carbon", suite.carbon.version),
        ("rival", f"{suite.rival}, the better of its defaults and its best tuning"),
        ("repeats", f"{options.repeats}, interleaved, medians"),
        ("to reproduce", f"`scripts/bench {words}`".replace(" `", "`")),
    ]
    results = ROOT / "bench/results"
    results.mkdir(exist_ok=True)
    raw = results / time.strftime("%Y%m%d-%H%M%S.json")
    raw.write_text(json.dumps({"facts": dict(facts), "rows": [vars(row) for row in rows], "runs": suite.raw}, indent=1))
    print(table(rows))
    print(f"\nraw data: {raw.relative_to(ROOT)}; {time.monotonic() - began:.0f} s", file=sys.stderr)
    if options.write:
        written = ROOT / "bench/RESULTS.md"
        former = written.read_text(encoding="utf-8") if written.exists() else ""
        written.write_text(document(rows, facts, former), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
