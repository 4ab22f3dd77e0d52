#!/usr/bin/env python3
"""What shells complete of carbon's words, asked of the shells themselves, and the manual page, read by groff.

    completion.py CARBON      a shell that is not there is named and left out; bash is
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

EXIT_CODES = pathlib.Path(__file__).resolve().parents[2] / "docs/reference/exit-codes.md"
CARBON = str(pathlib.Path(sys.argv[1]).resolve())
# What is typed, what is offered among others, what is not.
CASES = (
    ("carbon pl", {"plan"}, {"apply"}),
    ("carbon plan --wo", {"--world"}, {"--yes"}),
    ("carbon plan --world ", {"live", "sandbox"}, {"--world"}),
    ("carbon apply --progress j", {"json"}, {"tty"}),
    ("carbon sandbox ", {"serve"}, {"plan"}),
    ("carbon sandbox serve --f", {"--faults"}, {"--fix"}),
    ("carbon completion ", {"bash", "zsh", "fish"}, {"plan"}),
    ("carbon check --fi", {"--fix"}, {"--faults"}),
)


def run(*words, **rest):
    return subprocess.run(words, capture_output=True, text=True, **rest)


def printed(*words):
    done = run(CARBON, *words)
    assert done.returncode == 0 and not done.stderr, done
    return done.stdout


def bash(script, line):
    words = line.split(" ")
    body = f"""source {script}
COMP_WORDS=({" ".join(repr(word) for word in words)}); COMP_CWORD={len(words) - 1}
compopt() {{ :; }}
_carbon
printf '%s\\n' "${{COMPREPLY[@]}}\""""
    done = run("bash", "-euo", "pipefail", "-c", body)
    assert done.returncode == 0 and not done.stderr, (line, done)
    return set(done.stdout.split())


def fish(script, line):
    home = {"HOME": str(script.parent), "PATH": "/usr/bin:/bin", "XDG_CONFIG_HOME": str(script.parent)}
    done = run("fish", "--no-config", "-c", f"source {script}; complete -C '{line}'", env=home)
    assert done.returncode == 0, (line, done)
    return {row.split("\t")[0] for row in done.stdout.splitlines()}


def zsh(script):
    """Its completion runs in its line editor only: the script is read, and every function that it calls is there."""
    done = run("zsh", "-f", "-c", f"autoload -Uz compinit; compinit -D; source {script}; print -l ${{(k)functions}} $_comps[carbon]")
    assert done.returncode == 0 and not done.stderr, done
    text = script.read_text()
    called = set(re.findall(r"(?m)^    [a-z]+\) (_carbon\w*) ;;", text)) | {"_carbon"}
    assert called <= set(done.stdout.split()), called - set(done.stdout.split())
    assert "--world[" in text.split("_carbon_plan() {")[1].split("\n}")[0]


def main():
    left_out = []
    commands = set(re.findall(r"(?m)^  ([a-z]+) ", run(CARBON, "--help").stdout.split("Subcommands:")[1]))
    with tempfile.TemporaryDirectory() as folder:
        for shell in ("bash", "fish", "zsh"):
            script = pathlib.Path(folder, f"carbon.{shell}")
            script.write_text(printed("completion", shell))
            if not shutil.which(shell):
                left_out.append(shell)
            elif shell == "zsh":
                zsh(script)
            else:
                ask = {"bash": bash, "fish": fish}[shell]
                for line, offered, other in CASES:
                    found = ask(script, line)
                    assert offered <= found and not other & found, (shell, line, found)
                assert commands <= ask(script, "carbon "), shell
        page = printed("manual")
        for command in commands:
            assert f".SS carbon {command}" in page, command
        documented = re.findall(r"(?m)^\| (\d+) \|", EXIT_CODES.read_text())
        assert documented == re.findall(r"(?m)^\.TP\n(\d+)$", page), "exit codes of the manual page and of its document"
        if shutil.which("groff"):
            done = run("groff", "-man", "-ww", "-Tascii", "-P-cbou", input=page)
            assert done.returncode == 0 and not done.stderr, done.stderr
            assert "--detailed-exitcode" in done.stdout and "EXIT STATUS" in done.stdout
        else:
            left_out.append("groff")
    print("ok" + (", not tested: " + ", ".join(left_out) if left_out else ""))


main()
