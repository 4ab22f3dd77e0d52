"""What earlier versions have left is read by this one, or refused with a clear text; what a later one has written is refused.

usage: compat.py CARBON FOLDER        the folder has one of each version
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile


class Folder:
    """A platform's folder as a version left it."""

    def __init__(self, binary, source):
        self.work = tempfile.mkdtemp()
        self.binary, self.source = os.path.abspath(binary), source
        for inside in (".carbon/sandbox", "keys"):
            os.makedirs(os.path.join(self.work, inside), mode=0o700)
        os.chmod(os.path.join(self.work, ".carbon"), 0o700)
        for name in ("p.carbon", "saved.cplan"):
            shutil.copy(os.path.join(source, name), self.work)
        self.inventory = os.path.join(self.work, ".carbon", "shop.default.sandbox.db")
        self.restore("inventory.sql", self.inventory)
        self.restore("sandbox.sql", os.path.join(self.work, ".carbon", "sandbox", "kubernetes.db"))
        for name in os.listdir(os.path.join(source, "keys")):
            path = os.path.join(self.work, "keys", name[:-len(".hex")])
            with open(os.path.join(source, "keys", name), encoding="ascii") as text, open(path, "wb") as key:
                key.write(bytes.fromhex(text.read()))
            os.chmod(path, 0o600)
        self.env = {"PATH": os.environ["PATH"], "HOME": self.work, "CARBON_STATE_DIR": os.path.join(self.work, "keys"),
                    "SHOP_PASSWORD": "of the shop", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}

    def restore(self, name, path):
        connection = sqlite3.connect(path)
        with open(os.path.join(self.source, name), encoding="utf-8") as text:
            connection.executescript(text.read())
        connection.close()
        os.chmod(path, 0o600)

    def carbon(self, *words, expected=0):
        world = [] if words[0] == "show" else ["--world", "sandbox"]
        done = subprocess.run([self.binary, *words, *world], cwd=self.work, env=self.env, capture_output=True, text=True,
                              check=False, timeout=120)
        text = done.stdout + done.stderr
        assert done.returncode == expected, "carbon %s: exit %d\n%s" % (" ".join(words), done.returncode, text)
        return text

    def execute(self, statement):
        connection = sqlite3.connect(self.inventory)
        connection.execute(statement)
        connection.commit()
        connection.close()


def has(text, *patterns):
    for pattern in patterns:
        assert re.search(pattern, text, re.M), "/%s/ is not in:\n%s" % (pattern, text)


SECOND = ("--set", "text=two", "--set", "old=false")


def read(folder):
    """Everything is there, and nothing is to be done about it but what was begun."""
    has(folder.carbon("list"), "^login ", "^settings ", "^web ", "^made ")
    has(folder.carbon("runs"), " open ", " finished ")
    has(folder.carbon("show", "saved.cplan"), "^\\+ page ", "^- former ", "^Plan: 1 create, 1 update, 1 delete")
    has(folder.carbon("plan", *SECOND), "C0909")


def resumed(folder):
    """An upgrade in the middle of a run: what was begun is settled, and what is left is done."""
    has(folder.carbon("resume"), "had not ended; settled")
    has(folder.carbon("plan", *SECOND), "^No changes")


def applied(folder):
    has(folder.carbon("apply", "--yes", *SECOND), "had not ended; settled")
    has(folder.carbon("plan", *SECOND), "^No changes")
    # The saved plan has been overtaken; it says so and does nothing.
    has(folder.carbon("apply", "saved.cplan", expected=4), "C0807")
    has(folder.carbon("destroy", "--yes", "--max-delete", "9", expected=3), "C0405")  # web is protected
    with open(os.path.join(folder.work, "p.carbon"), encoding="utf-8") as file:
        text = file.read().replace(" protect,", "")
    with open(os.path.join(folder.work, "p.carbon"), "w", encoding="utf-8") as file:
        file.write(text)
    folder.carbon("apply", "--yes", *SECOND)
    folder.carbon("destroy", "--yes", "--max-delete", "9")
    has(folder.carbon("list"), "^0 objects")


def later_ones_refused(folder):
    folder.execute("UPDATE meta SET value = '2' WHERE key = 'format'")
    for words in (("list",), ("plan", *SECOND), ("apply", "--yes", *SECOND), ("resume",)):
        has(folder.carbon(*words, expected=1), "C0906", "its format is 2, and this carbon knows 1")
    with open(os.path.join(folder.work, "saved.cplan"), encoding="utf-8") as file:
        text = file.read()
    head, rest = text.split("\n", 1)
    with open(os.path.join(folder.work, "later.cplan"), "w", encoding="utf-8") as file:
        file.write(re.sub(r"^carbon-plan \d+", "carbon-plan 99", head) + "\n" + rest)
    has(folder.carbon("show", "later.cplan", expected=4), "C0901")


def main(binary, root):
    versions = sorted(name for name in os.listdir(root) if os.path.isdir(os.path.join(root, name)) and name[0].isdigit())
    assert versions, "no version"
    for version in versions:
        for case in (read, resumed, applied, later_ones_refused):
            folder = Folder(binary, os.path.join(root, version))
            case(folder)
            shutil.rmtree(folder.work)
            print("ok    %s of %s" % (case.__name__.replace("_", " "), version))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
