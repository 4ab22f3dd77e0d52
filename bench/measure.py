"""Runs commands and measures them: wall time, processor time, peak memory.

Peak memory comes from GNU time, not from this process: a child's ru_maxrss starts at the resident size of whoever
forked it, so Python would put a floor of its own (measured: 110 MB after loading 100 MB) under every small program.
"""
import os
import pathlib
import statistics
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass


class Failed(Exception):
    """A command that must work did not; the message says which, how, and its last words."""


@dataclass(frozen=True)
class Command:
    arguments: tuple
    folder: str
    environment: tuple = ()  # of (name, value), added to this process's own
    one_core: bool = False
    expect: int = 0

    def full(self, memory_file=None):
        prefix = ("/usr/bin/time", "-f", "%M", "-o", memory_file) if memory_file else ()
        return prefix + (("taskset", "-c", "0") if self.one_core else ()) + self.arguments


@dataclass(frozen=True)
class Run:
    wall: float  # seconds
    processor: float  # seconds, user and system
    peak: int  # bytes; 0 if it was not measured


def run(command, memory=True, input_file=None):
    """One run. Output goes to a file, as in CI: drawing on a terminal is not what is measured."""
    with tempfile.TemporaryDirectory() as scratch:
        memory_file = f"{scratch}/peak" if memory else None
        arguments = command.full(memory_file)
        with open(f"{scratch}/output", "wb") as output, open(input_file or os.devnull, "rb") as given:
            begin = time.perf_counter()
            process = subprocess.Popen(
                arguments,
                cwd=command.folder,
                env=os.environ | dict(command.environment),
                stdin=given,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != command.expect:
            words = pathlib.Path(scratch, "output").read_text(encoding="utf-8", errors="replace")[-1500:]
            raise Failed(f"`{' '.join(command.arguments)}` in {command.folder}: exit {process.returncode}\n{words}")
        peak = int(pathlib.Path(memory_file).read_text().split()[-1]) * 1024 if memory else 0
    return Run(wall, usage.ru_utime + usage.ru_stime, peak)


@dataclass(frozen=True)
class Series:
    """All runs of one command; what is judged are medians."""

    runs: tuple

    @property
    def wall(self):
        return statistics.median(one.wall for one in self.runs)

    @property
    def processor(self):
        return statistics.median(one.processor for one in self.runs)

    @property
    def peak(self):
        return statistics.median(one.peak for one in self.runs)

    def raw(self):
        return [asdict(one) for one in self.runs]


def interleaved(commands, repeats, memory=True):
    """Name to Series. Every round runs every command, in turning order, so that a slow minute hits all of them."""
    for command in commands.values():
        run(command, memory)  # warms the page cache for all, and shows a failure before the long part
    runs = {name: [] for name in commands}
    for repeat in range(repeats):
        order = list(commands) if repeat % 2 == 0 else list(reversed(commands))
        for name in order:
            runs[name].append(run(commands[name], memory))
    return {name: Series(tuple(found)) for name, found in runs.items()}
