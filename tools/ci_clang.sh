#!/usr/bin/env bash
# The second compiler's opinion: syntax only, every source, warnings as errors. Needs build-debug's list of commands.
set -euo pipefail
cd "$(dirname "$0")/.."

python3 - <<'PY' | xargs -0 -P "$(nproc)" -I{} bash -c '{}'
import json, shlex
keep = ("-I", "-D", "-std", "-isystem")
for entry in json.load(open("build-debug/compile_commands.json")):
    if "tests/" in entry["file"] or not entry["file"].endswith(".cpp"):
        continue
    words = [w for w in shlex.split(entry["command"]) if w.startswith(keep)]
    command = ["clang++-14", "-fsyntax-only", "-Wall", "-Wextra", "-Wno-unused-command-line-argument", "-Werror", "-fcoroutines-ts", *words]
    command.append(entry["file"])
    print(f"cd {shlex.quote(entry['directory'])} && {shlex.join(command)}", end="\0")
PY
echo "clang: every source compiles"
