"""go-jsonnet and jrsonnet, the rivals of P14. scripts/bench builds them once into the cache: bench/jsonnet_setup."""
import os
import subprocess

from measure import Command
from rival import CACHE

PROGRAMS = {"go-jsonnet": CACHE / "jsonnet/bin/jsonnet", "jrsonnet": CACHE / "jsonnet/bin/jrsonnet"}


def there():
    """Name to program, of those that could be built."""
    return {name: str(path) for name, path in PROGRAMS.items() if os.access(path, os.X_OK)}


def command(program, folder):
    return Command((program, "manifests.jsonnet"), str(folder))


def output(program, folder):
    return subprocess.run([program, "manifests.jsonnet"], cwd=folder, capture_output=True, text=True, check=True).stdout
