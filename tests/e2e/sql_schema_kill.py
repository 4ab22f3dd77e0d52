"""A schema of some 200 statements, applied by the shipped binary that is killed with SIGKILL at random moments, on a server
that is restarted between some of them: every apply goes on, and in the end the catalogs are those of the files, the plan is
empty, and the rows are there.

usage: sql_schema_kill.py CARBON [KILLS]
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SERVER = os.path.join(ROOT, "tests", "real", "postgres")
TABLES = 60


def files(version):
    """Tables with keys, indexes and views; the second version changes every one of them."""
    text = []
    for i in range(TABLES):
        price = "numeric(10,2)" if version == 1 else "numeric(12,4)"
        extra = ", note%d text DEFAULT 'n'" % i if version == 2 else ""
        other = ", up bigint REFERENCES t%d" % (i - 1) if i > 0 else ""
        text.append("CREATE TABLE t%d (id bigint PRIMARY KEY, price %s NOT NULL%s%s);" % (i, price, other, extra))
        text.append("CREATE INDEX i%d ON t%d (price%s);" % (i, i, ", id" if version == 2 else ""))
        if i % 3 == version:
            text.append("CREATE VIEW v%d AS SELECT id FROM t%d;" % (i, i))
    return "\n".join(text)


class Shop:
    def __init__(self, folder, binary):
        self.folder, self.binary = os.path.join(folder, "platform"), binary
        self.server = os.path.join(folder, "postgres")
        os.mkdir(self.folder)
        os.chmod(folder, 0o755)
        subprocess.run([SERVER, "start", self.server], check=True, stderr=subprocess.DEVNULL)
        self.port = open(os.path.join(self.server, "port")).read().strip()
        self.env = dict(os.environ, CARBON_STATE_DIR=os.path.join(folder, "state"), NO_COLOR="1",
                        PGPASSWORD=open(os.path.join(self.server, "password")).read().strip(), PGHOST="127.0.0.1",
                        PGPORT=self.port, PGUSER="postgres", PGDATABASE="postgres")
        with open(os.path.join(self.folder, "p.carbon"), "w") as out:
            out.write('import "std/postgres"\nimport "shop.sql" as shop_sql : string\nplatform shop { world live }\n'
                      'provider db : postgres.Server { host = "127.0.0.1", port = %s, password = '
                      'secret.env("PGPASSWORD") }\n'
                      'resource shop : postgres.Schema { database = "postgres", name = "public", sql = [shop_sql] }\n'
                      % self.port)

    def declare(self, version):
        with open(os.path.join(self.folder, "shop.sql"), "w") as out:
            out.write(files(version))

    def command(self, *words):
        return [self.binary, *words, "-C", self.folder, "--allow-delete", "shop"]

    def carbon(self, *words, expected=(0,)):
        done = subprocess.run(self.command(*words), env=self.env, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        assert done.returncode in expected, "%s: exit %d\n%s%s" % (words, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def sql(self, text):
        return subprocess.run(["psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", text], env=self.env, check=True,
                              capture_output=True, text=True).stdout.strip()

    def killed_apply(self, seconds):
        """True when the apply ended by itself before its time was over."""
        with subprocess.Popen(self.command("apply", "--yes"), env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as process:
            try:
                process.wait(seconds)
                return True
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                return False

    def restart(self):
        subprocess.run([SERVER, "stop", self.server], check=True, stderr=subprocess.DEVNULL)
        subprocess.run([SERVER, "start", self.server], check=True, stderr=subprocess.DEVNULL)

    def close(self):
        subprocess.run([SERVER, "stop", self.server], stderr=subprocess.DEVNULL)


def shape(shop):
    """Columns, indexes and views, with what says that they are whole."""
    return shop.sql("SELECT c.relname, c.relkind, coalesce(i.indisvalid::text, ''), string_agg(a.attname || ' ' || "
                    "format_type(a.atttypid, a.atttypmod) || a.attnotnull, ',' ORDER BY a.attname) FROM pg_class c "
                    "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
                    "LEFT JOIN pg_index i ON i.indexrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace "
                    "GROUP BY 1, 2, 3 ORDER BY 1")


def main(binary, kills):
    chance = random.Random(20260101)
    with tempfile.TemporaryDirectory(prefix="carbon-e2e-", dir="/tmp") as folder:
        shop = Shop(folder, binary)
        try:
            wanted = {}
            for version in (1, 2):  # what an apply that nobody disturbs makes of each
                shop.declare(version)
                begun = time.monotonic()
                shop.carbon("apply", "--yes")
                took = time.monotonic() - begun
                wanted[version] = shape(shop)
                shop.carbon("plan", "--detailed-exitcode")
            shop.sql("INSERT INTO t0 VALUES (1, 2.5, 'kept')")
            deaths = 0
            while deaths < kills:
                version = 1 if deaths % 2 == 0 else 2
                shop.declare(version)
                for _ in range(50):
                    if deaths % 5 == 4:
                        shop.restart()
                    if shop.killed_apply(chance.uniform(0.05, took * 1.2)):
                        break
                    deaths += 1
                    broken = shop.sql("SELECT count(*) FROM t0 WHERE id = 1 AND price = 2.5")
                    assert broken == "1", "the row is gone"
                shop.carbon("apply", "--yes")
                assert shape(shop) == wanted[version], "the catalogs are not those of the files"
                shop.carbon("plan", "--detailed-exitcode")
            statements = len(shop.sql("SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace").split())
            print("ok: %d kills, %d relations, an apply takes %.1f s" % (deaths, statements, took))
        finally:
            shop.close()


if __name__ == "__main__":
    if not os.path.isdir("/usr/lib/postgresql"):
        print("skipped: there is no PostgreSQL")
        sys.exit(77)
    main(os.path.realpath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 12)
