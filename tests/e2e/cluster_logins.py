#!/usr/bin/env python3
"""Every way in that a kubeconfig has, against a server that looks at who asks.

    cluster_logins.py CARBON
"""

import os
import stat
import sys
import tempfile
import time

import api_server
import carbon_folder

PLATFORM = """import "std/k8s"
platform demo { world live }
provider cluster : k8s.Cluster { kubeconfig = "kubeconfig" }
resource a : k8s.ConfigMap { data = { text = "a" } }
"""
CREDENTIAL = """cat <<END
{"apiVersion": "client.authentication.k8s.io/%s", "kind": "ExecCredential",
 "status": {"token": "%s"%s}}
END
"""


class Server(api_server.ApiServer):
    """Lets in whoever has the token that is valid now; remembers the headers of the last request."""

    def handler(self):
        server, inner = self, super().handler()

        class Handler(inner):
            def answer(self):
                server.seen = self.headers
                server.asked += 1
                if self.headers.get("Authorization") == "Bearer " + server.valid:
                    return inner.answer(self)
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = b'{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Unauthorized","code":401}'
                self.send_response(401)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                return self.wfile.write(body)

            do_GET = do_PATCH = do_DELETE = do_POST = do_PUT = answer

        return Handler


class World:
    def __init__(self, folder, binary, certificate):
        self.folder, self.faults, self.authority = folder, [], certificate[1]
        self.env = carbon_folder.environment(folder, binary)
        Server.valid, Server.asked, Server.seen = "good", 0, {}
        self.server = Server(folder, certificate)
        self.plugin = os.path.join(folder, "login")
        os.makedirs(os.path.join(folder, ".config/carbon"))
        with open(os.path.join(folder, "main.carbon"), "w") as out:
            out.write(PLATFORM)
        self.allow(self.plugin)

    def allow(self, *paths):
        path = os.path.join(self.folder, ".config/carbon/exec-plugins")
        with open(path, "w") as out:
            out.write("# programs that carbon may run\n" + "".join(each + "\n" for each in paths))
        os.chmod(path, 0o600)

    def user(self, text, context="main"):
        with open(os.path.join(self.folder, "kubeconfig"), "w") as out:
            out.write(
                "current-context: %s\n"
                "contexts: [{name: main, context: {cluster: c, user: u}}, {name: other, context: {cluster: c, user: none}}]\n"
                "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:%d', certificate-authority: '%s'}}]\n"
                "users: [{name: u, user: {%s}}, {name: none, user: {token: bad}}]\n"
                % (context, self.server.port, self.authority, text))

    def exec(self, command=None, more="", version="v1"):
        self.user("exec: {apiVersion: client.authentication.k8s.io/%s, command: '%s', interactiveMode: Never%s}"
                  % (version, command or self.plugin, more))

    def program(self, script):
        with open(self.plugin, "w") as out:
            out.write("#!/bin/sh\n" + script)
        os.chmod(self.plugin, 0o700)

    def plan(self, what, code, *texts, arguments=()):
        Server.asked = 0
        got, out, error = carbon_folder.run(["carbon", "plan", *arguments], self.folder, self.env)
        error = (out + error).decode()
        for text in texts:
            self.check(what, text in error, error)
        self.check(what, got == code, "exit code %d\n%s" % (got, error))
        self.check(what + ": nothing that a program says is repeated", "s3cret" not in error, error)

    def check(self, what, holds, found=""):
        if not holds:
            self.faults.append("%s\n%s" % (what, found))


def tokens(world):
    world.user("token: good")
    world.plan("a token", 0, "1 create")
    world.user("token: bad")
    world.plan("a wrong one", 1, "C0703")
    with open(os.path.join(world.folder, "token"), "w") as out:
        out.write("good\n")
    world.user("tokenFile: token")
    world.plan("a token file", 0, "1 create")
    world.user("token: good", context="other")
    world.plan("the current context", 1, "C0703")
    world.plan("another context", 0, "1 create", arguments=["--context", "main"])
    world.plan("one that is not there", 1, "no context `gone`", arguments=["--context", "gone"])


def impersonation(world):
    world.user("token: good, as: kim, as-groups: [ops, dev], as-user-extra: {reason: [why]}")
    world.plan("as somebody", 0)
    seen = world.server.seen
    world.check("headers of the file", (seen["Impersonate-User"], seen.get_all("Impersonate-Group"),
                                        seen["Impersonate-Extra-reason"]) == ("kim", ["ops", "dev"], "why"), str(seen))
    world.plan("as somebody else", 0, arguments=["--as", "lee", "--as-group", "night"])
    seen = world.server.seen
    world.check("headers of the command line", (seen["Impersonate-User"], seen.get_all("Impersonate-Group"),
                                                seen["Impersonate-Extra-reason"]) == ("lee", ["night"], None), str(seen))
    world.plan("a group alone", 1, "C1001", arguments=["--as-group", "night"])


def programs(world):
    world.exec()
    world.program(CREDENTIAL % ("v1", "good", ""))
    world.plan("a program", 0, "1 create")
    world.exec(command="login", version="v1beta1")
    world.program(CREDENTIAL % ("v1beta1", "good", ""))
    world.plan("by its name alone, in the older version", 0, "1 create")
    world.exec(more=", args: [a b], env: [{name: WHO, value: kim}], provideClusterInfo: true")
    world.env["CANARY"] = "s3cret"
    world.program('[ "$1|$WHO|$CANARY" = "a b|kim|" ] || exit 9\ncase $KUBERNETES_EXEC_INFO in *127.0.0.1*) ;; *) exit 8;; esac\n'
                  + CREDENTIAL % ("v1", "good", ""))
    world.plan("with its arguments, its variables, the cluster and nothing else", 0, "1 create")
    world.exec()
    for what, script, text in [
            ("that fails", "echo s3cret; echo s3cret >&2; exit 1", "ended with exit code 1"),
            ("that prints garbage", "echo s3cret", "printed no JSON"),
            ("that prints too much", "yes s3cret", "printed more than 1 MiB"),
            ("that is killed", "kill -9 $$", "was ended by signal 9"),
            ("of another version", CREDENTIAL % ("v1beta1", "s3cret", ""), "printed no ExecCredential"),
            ("without a credential", CREDENTIAL % ("v1", "", ""), "gave neither a token nor a certificate")]:
        world.program(script)
        world.plan("a program " + what, 1, "C0703", text, "run it by hand")
        world.check("nobody was asked", Server.asked == 0)
    world.program("exit 0")
    os.chmod(world.plugin, stat.S_IRUSR)
    world.plan("a program that cannot be run", 1, "C0703", "could not be started")
    world.program("sleep 100 & sleep 100")
    began = time.monotonic()
    world.plan("a program that hangs", 1, "C0703", "did not end within 20 s")
    world.check("is given up after 20 s", time.monotonic() - began < 60)


def what_is_allowed(world):
    marker = os.path.join(world.folder, "ran")
    world.program("touch '%s'\n" % marker + CREDENTIAL % ("v1", "good", ""))
    world.allow("/usr/bin/other")
    world.exec()
    world.plan("a program that is not allowed", 1, "C0701", "is not allowed", "exec-plugins")
    world.exec(command="./login")
    world.plan("a relative path", 1, "C0701", "not absolute")
    world.allow(world.plugin)
    world.exec(more=", env: [{name: LD_PRELOAD, value: /tmp/x.so}]")
    world.plan("a variable that takes over the program", 1, "C0701", "LD_PRELOAD")
    os.chmod(os.path.join(world.folder, ".config/carbon/exec-plugins"), 0o666)
    world.exec()
    world.plan("a list that others may write", 1, "C0701", "others may write")
    world.check("none of them ran", not os.path.exists(marker))
    world.allow(world.plugin)


def renewal(world):
    """The server stops taking a token in the middle: one more run, and it goes on."""
    world.exec()
    count = os.path.join(world.folder, "count")
    world.program('echo x >>"%s"\n' % count + CREDENTIAL % ("v1", "$(wc -l <'%s')" % count, ""))
    Server.valid = "2"
    world.plan("a token that was taken back", 0, "1 create")
    with open(count) as lines:
        world.check("was got once more", len(lines.readlines()) == 2)
    Server.valid = "good"


def main():
    with tempfile.TemporaryDirectory(prefix="carbon-logins-") as folder:
        world = World(folder, os.path.realpath(sys.argv[1]), api_server.make_certificate(folder))
        for part in (tokens, impersonation, programs, what_is_allowed, renewal):
            part(world)
        world.server.close()
    for fault in world.faults:
        print("FAILED " + fault)
    return 1 if world.faults else 0


if __name__ == "__main__":
    sys.exit(main())
