#!/usr/bin/env python3
"""`carbon console`: lines from a pipe, and on a terminal with completion and history.

    console.py CARBON
"""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

PLATFORM = """import "std/k8s"
platform p {}
input size : int = 2
let labels = { app = "web", tier = "front" }
let longest_of_all = 1
component C { output address : string = "x" }
use one : C {}
resource config : k8s.ConfigMap { data = { a = "1" } }
environment dev {}
environment prod { size = 5 }
"""


class Console:
    """The program on a terminal of its own."""

    def __init__(self, carbon, env, *arguments):
        self.seen = ""
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.execve(carbon, [carbon, "console", *arguments], env)

    def wait_for(self, pattern):
        """What has come since the last time, up to the end of the match."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.seen)
            found = re.search(pattern, plain)
            if found:
                self.seen = plain[found.end():]
                return plain[:found.end()]
            if not select.select([self.terminal], [], [], 0.1)[0]:
                continue
            try:
                self.seen += os.read(self.terminal, 4096).decode(errors="replace")
            except OSError:
                break
        raise AssertionError("no /%s/ in %r" % (pattern, self.seen))

    def send(self, text):
        os.write(self.terminal, text.encode())

    def line(self, text, pattern):
        """What is typed at the prompt; a key that comes before it would go to a terminal that is not edited yet."""
        self.wait_for(r"\r?(dev|\.\.\.)> $")
        self.send(text)
        self.wait_for(pattern)

    def end(self):
        self.wait_for(r"\r?(dev|\.\.\.)> $")
        self.send("\x04")
        _, status = os.waitpid(self.child, 0)
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(status)


def piped(carbon, env, lines, *arguments):
    done = subprocess.run([carbon, "console", *arguments], input=lines, capture_output=True, text=True, env=env, check=False)
    return done.returncode, done.stdout, done.stderr


def check_pipe(carbon, env):
    lines = "size * 2\nlet twice = size * 2\n[\n  twice,\n  1 +\n    1,\n]\nfn add(a : int, b : int) : int = a + b\nadd(twice, 1)\n"
    assert piped(carbon, env, lines, "-e", "prod") == (0, "10\n10\n[10, 2]\n11\n", ""), piped(carbon, env, lines, "-e", "prod")
    code, out, error = piped(carbon, env, "nothing\nsize\n", "-e", "dev")
    assert code == 1 and out == "2\n" and "C0302" in error and "<expression>:1" in error, (code, out, error)
    # A name can be given anew; one that is wrong leaves the former.
    code, out, error = piped(carbon, env, "let a = 1\nlet a = 2\nlet a = nothing\na\n", "-e", "dev")
    assert code == 1 and out == "1\n2\n2\n", (code, out, error)
    code, out, error = piped(carbon, env, ":type labels\n:env prod\nsize\n:quit\nsize\n", "-e", "dev")
    assert (code, out) == (0, "{ app : string, tier : string }\nprod\n5\n"), (code, out, error)
    # An open bracket at an empty line, and at the end, is an error and no hang.
    for lines in ("[1,\n\nsize\n", "[1,\n"):
        code, out, error = piped(carbon, env, lines, "-e", "dev")
        assert code == 1 and "C0101" in error, (code, out, error)
    assert piped(carbon, env, "", "-e", "dev") == (0, "", "")
    code, out, error = piped(carbon, env, '{ a = [1] }\n', "-e", "dev", "--json")
    assert code == 0 and out.split() == ["{", '"a":', "[", "1", "]", "}"], (code, out, error)
    code, out, error = piped(carbon, env, 'secret.env("HOME")\n', "-e", "dev")
    assert (code, out) == (0, "(secret)\n"), (code, out, error)
    # `eval` without an expression is the console.
    done = subprocess.run([carbon, "eval", "-e", "dev"], input="size\n", capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stdout) == (0, "2\n"), done


def check_terminal(carbon, env, state):
    console = Console(carbon, env, "-e", "dev")
    console.line("size + 40\n", r"\n42\r\n")
    # One name is completed, several are listed, fields come from the type.
    console.line("longe\t + 1\n", r"\n2\r\n")
    console.line("labels.\t", r"labels\.app +labels\.tier")
    console.send("t\t\n")
    console.wait_for(r'\n"front"\r\n')
    console.line("config.metad\t.na\t\n", r'\n"config"\r\n')
    console.line("one.ad\t\n", r'\n"x"\r\n')
    # Several lines, and text that is not ASCII.
    console.line("[\n", r"\n(?=\.\.\.> )")
    console.line('"häuser",\n', r"\n(?=\.\.\.> )")
    console.line("]\n", r'\n\["häuser"\]\r\n')
    # Ctrl-C takes away what was begun, and the next line stands alone.
    console.line("[\n", r"\n(?=\.\.\.> )")
    console.line("\x03", r"\n(?=dev> )")
    console.line("size\n", r"\n2\r\n")
    console.line(" size * 100\n", r"\n200\r\n")
    console.line("nothing\n", "C0302")
    assert console.end() == 0, "a mistake that was seen is no failure of the console"
    history = os.path.join(state, "console-history")
    with open(history, encoding="utf-8") as lines:
        kept = lines.read()
    assert "longest_of_all" in kept and "100" not in kept, kept
    assert os.stat(history).st_mode & 0o777 == 0o600, oct(os.stat(history).st_mode)
    # The next console has the history.
    console = Console(carbon, env, "-e", "dev")
    console.line("\x1b[A\x1b[A\n", r"\n2\r\n")
    assert console.end() == 0


def main():
    carbon = os.path.realpath(sys.argv[1])
    signal.alarm(120)
    with tempfile.TemporaryDirectory(prefix="carbon-console-") as work:
        os.chdir(work)
        state = os.path.join(work, "state")
        env = dict(os.environ, HOME=work, CARBON_STATE_DIR=state, TERM="xterm", NO_COLOR="1")
        env.pop("CARBON_ENV", None)
        with open("p.carbon", "w", encoding="utf-8") as out:
            out.write(PLATFORM)
        check_pipe(carbon, env)
        check_terminal(carbon, env, state)
    print("all as expected")
    return 0


if __name__ == "__main__":
    sys.exit(main())
