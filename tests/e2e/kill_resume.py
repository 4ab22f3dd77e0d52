"""The shipped binary, killed with SIGKILL when its journal holds the k-th record: the next apply, or in every second turn
`carbon resume`, finishes the work without duplicates or orphans, and the plan after it is empty. Kubernetes objects and PostgreSQL ones, creates, updates, moves and
deletes.

usage: kill_resume.py CARBON [KILLS]
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import carbon_folder

MAPS = 34


def platform(version):
    """Some 60 resources; the second version changes, moves, removes and adds some."""
    second = version == 2
    text = ['import "std/k8s"', 'import "std/postgres"', "platform shop {}",
            'provider cluster : k8s.Cluster { context = "here" }',
            'provider db : postgres.Server { host = "db.shop", password = secret.env("PGPASSWORD_OF_SHOP") }',
            'resource space : k8s.Namespace { metadata = { name = "shop" } }']
    for i in range(MAPS + (4 if second else 0)):
        if second and i % 11 == 3:
            continue
        name = "renamed%d" % i if second and i % 7 == 2 else "map%d" % i
        value = "two" if second and i % 3 == 0 else "one"
        parent = "space.metadata.uid" if i < 4 else '"none"'
        text.append('resource %s : k8s.ConfigMap { metadata = { name = "map%d", namespace = space.metadata.name }, '
                    'data = { value = "%s", parent = %s } }' % (name, i, value, parent))
        if name != "map%d" % i:
            text.append("moved map%d -> %s" % (i, name))
    for i in range(6):
        text.append('resource token%d : k8s.GeneratedSecret { metadata = { name = "token%d", namespace = '
                    'space.metadata.name }, keys = { password = { length = 24 } } }' % (i, i))
    for i in range(4):
        text.append('resource web%d : k8s.Deployment { metadata = { name = "web%d", namespace = space.metadata.name }, '
                    'spec = { replicas = %d, selector = { matchLabels = { app = "web%d" } }, template = { metadata = { '
                    'labels = { app = "web%d" } }, spec = { containers = [{ name = "main", image = "example.com/web:%d" }] '
                    '} } } }' % (i, i, 2 if second else 1, i, i, version))
    for i in range(8):
        limit = 20 + i if second and i % 2 == 0 else 10
        text.append('resource role%d : postgres.Role { name = "role%d", connection_limit = %d }' % (i, i, limit))
    for i in range(5 if not second else 6):
        text.append('resource base%d : postgres.Database { name = "base%d", owner = role%d.name, connection_limit = %d }'
                    % (i, i, i, 30 if second and i == 1 else -1))
    return "\n".join(text) + "\n"


class Shop:
    def __init__(self, folder, binary):
        self.folder = folder
        self.env = carbon_folder.environment(folder, binary)
        self.env["PGPASSWORD_OF_SHOP"] = "swordfish"
        self.own = carbon_folder.of_every_sandbox(os.path.join(folder, "fresh"), binary)
        shutil.rmtree(os.path.join(folder, "fresh"))
        self.journal = os.path.join(folder, ".carbon", "shop.default.sandbox.db")

    def declare(self, version):
        with open(os.path.join(self.folder, "shop.carbon"), "w") as file:
            file.write(platform(version))

    def carbon(self, *words, expected=0):
        # What is deleted here holds nothing.
        budget = ["--max-delete", "1000"] if words[0] in ("apply", "plan") else []
        code, out, error = carbon_folder.run(["carbon", *words, "--world", "sandbox", *budget], self.folder, self.env)
        assert code == expected, "carbon %s: exit %d\n%s\n%s" % (" ".join(words), code, out.decode(), error.decode())
        return out.decode(), error.decode()

    def records(self):
        if not os.path.exists(self.journal):
            return 0
        try:
            database = sqlite3.connect("file:%s?mode=ro" % self.journal, uri=True, timeout=0.01)
            count = database.execute("SELECT coalesce(max(sequence), 0) FROM journal").fetchone()[0]
            database.close()
            return count
        except sqlite3.OperationalError:
            return -1  # not made yet, or busy at this moment

    def kill_at(self, record, *words):
        """Starts it, and kills it at that many records more; whether it was alive till then."""
        limit = max(self.records(), 0) + record
        budget = ["--max-delete", "1000"] if words[0] == "apply" else []
        process = subprocess.Popen(["carbon", *words, "--yes", "--world", "sandbox", *budget], cwd=self.folder,
                                   env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        while process.poll() is None and self.records() < limit:
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    def finish(self, *words, resume=False):
        """`resume`: by going on with the run that was killed, which needs no more than what it was begun with."""
        if resume:
            self.carbon("resume")
        else:
            self.carbon(*words, "--yes")
        out, _ = self.carbon("plan", *(["--destroy"] if words[0] == "destroy" else []), "--detailed-exitcode")
        assert "No changes" in out, out

    def expect(self, version):
        """Everything that is declared is there once, and nothing else."""
        declared = platform(version).count("\nresource ")
        owned = carbon_folder.addresses(self.folder)
        assert len(owned) == declared, "%d declared, %d owned" % (declared, len(owned))
        made = [row for row in carbon_folder.sandbox_objects(self.folder, self.own) if "carbon.dev/operation" in row[3]]
        top = [row for row in made if row[0] not in ("replicasets.apps", "pods")]
        wanted = declared - platform(version).count("postgres.") + 1  # but the provider
        assert len(top) == wanted, "%d objects of Kubernetes are declared, and %d are there" % (wanted, len(top))

    def expect_nothing(self):
        assert carbon_folder.addresses(self.folder) == []
        left = [row[:3] for row in carbon_folder.sandbox_objects(self.folder, self.own) if "carbon.dev/operation" in row[3]]
        assert left == [], left


def main(binary, kills):
    killed = 0
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(folder, os.path.abspath(binary))
        shop.declare(1)
        turn = 0
        while turn < kills:
            for version, words in ((1, ["apply"]), (2, ["apply"]), (0, ["destroy"])):
                if version:
                    shop.declare(version)
                # Spread over a run of some 120 records, each time elsewhere.
                record = 1 + (turn * 37 + version * 11) % 118
                before = shop.records()
                killed += shop.kill_at(record, *words)
                shop.finish(*words, resume=turn % 2 == 1 and shop.records() > before)
                if version:
                    shop.expect(version)
                else:
                    shop.expect_nothing()
                turn += 1
    print("%d of %d runs were killed, and the next one finished each" % (killed, turn))
    # A run that is over sooner than its kill proves nothing.
    return 0 if killed * 2 > turn else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 12))
