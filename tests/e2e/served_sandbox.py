"""A sandbox that is served while a test runs, changes by hand to its objects, and outputs without what varies."""

import pathlib
import re
import signal
import subprocess
import time

# What differs from run to run, in the order of replacement.
VARYING = (
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "UID"),
    (r"\buid \d{19}\b", "uid UID"),
    (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", "TIME"),
    (r"\d+\.\d+ \(Debian [^)]*\)", "VERSION"),
    (r"\binventory generation \d+", "inventory generation N"),
    (r"\b(?:run|plan|id) [0-9a-f]{6,64}\b", "ID"),
    (r"\b\d+(?:\.\d+)? m?s\b", "DURATION"),
    # `carbon runs`
    (r"^[0-9a-f]{16}  TIME", "ID  TIME"),
    (r" +\d+\.\ds  ", "  DURATION  "),
    (r"\bpl-[0-9a-f]{16}\b", "PLAN"),
    (r"[\w.-]+@[\w.-]+$", "WHO"),
)


def comparable(lines):
    """Lines of an output with words for what differs from run to run."""
    out = []
    for line in lines:
        for pattern, word in VARYING:
            line = re.sub(pattern, word, line)
        out.append(line.rstrip())
    return out


class ServedSandbox:
    """`carbon sandbox serve` in a platform's folder, with the environment that a run there has. `log` is its output."""

    def __init__(self, work, environment, log):
        self.work, self.environment, self.log = work, environment, pathlib.Path(log)
        with open(log, "w") as out:
            self.server = subprocess.Popen(["carbon", "sandbox", "serve"], cwd=work, env=environment,
                                           stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        self.printed("Ctrl-C")

    def printed(self, pattern):
        """What the server has said by now, or will within half a minute."""
        for _ in range(600):
            found = re.search(pattern, self.log.read_text(), re.M)
            if found:
                return found
            if self.server.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError("the sandbox did not say %s: %s" % (pattern, self.log.read_text()))

    def stop(self):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait()

    def run(self, text):
        done = subprocess.run(["bash", "-c", text], cwd=self.work, env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            raise RuntimeError("`%s` ends with %d:\n%s" % (text, done.returncode, done.stdout + done.stderr))

    def request(self, method, target, content_type, body):
        config = pathlib.Path(self.work, ".carbon/sandbox/kubeconfig").read_text()
        server, token = (re.search(r"%s: *(\S+)" % word, config)[1] for word in ("server", "token"))
        self.run("curl -sSk --fail-with-body -X %s -H 'Authorization: Bearer %s' -H 'Content-Type: %s' -d '%s' "
                 "'%s%s?fieldManager=kubectl-%s'" % (method, token, content_type, body, server, target, method.lower()))

    def patch(self, target, body):
        """A change of a Kubernetes object, as kubectl makes it."""
        self.request("PATCH", target, "application/merge-patch+json", body)

    def post(self, target, body):
        """A new Kubernetes object."""
        self.request("POST", target, "application/json", body)

    def delete(self, target):
        """An object that somebody takes away."""
        self.request("DELETE", target, "application/json", "{}")

    def sql(self, statement):
        """A statement in the first PostgreSQL that is served."""
        self.run("%s -qc '%s'" % (self.printed(r"^(.*psql.*?) *# ")[1], statement))
