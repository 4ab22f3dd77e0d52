"""Makes the files of a version, with its binary.

usage: make.py CARBON FOLDER
"""

import os
import sqlite3
import subprocess
import sys
import tempfile

PLATFORM = """import "std/k8s"

platform shop {}
provider cluster : k8s.Cluster { namespace = "default" }
input text : string = "one"
input old : bool = true

resource settings : k8s.ConfigMap { data = { text = text } }
resource login : k8s.Secret { stringData = { password = secret.env("SHOP_PASSWORD") } }
resource made : k8s.GeneratedSecret { keys = { password = { length = 24 } } }
resource web : k8s.Service { after settings, protect, spec = { ports = [{ port = 80 }] } }
resource former : k8s.ConfigMap if old { data = { text = "goes" } }
resource page : k8s.ConfigMap if not old { after web, data = { text = text, of = settings.metadata.uid } }
"""


def dump(database, out, replaced=()):
    connection = sqlite3.connect(database)
    text = "\n".join(connection.iterdump()) + "\n"
    connection.close()
    for old, new in replaced:
        text = text.replace(old, new)
    with open(out, "w", encoding="utf-8") as file:
        file.write(text)


def main(binary, folder):
    binary, folder = os.path.abspath(binary), os.path.abspath(folder)
    os.makedirs(os.path.join(folder, "keys"))
    with tempfile.TemporaryDirectory() as work:
        env = {"PATH": os.environ["PATH"], "HOME": work, "CARBON_STATE_DIR": os.path.join(work, "keys"), "USER": "ana",
               "SHOP_PASSWORD": "of the shop", "LC_ALL": "C.UTF-8"}

        def carbon(*words):
            subprocess.run([binary, *words, "--world", "sandbox"], cwd=work, env=env, check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)

        with open(os.path.join(work, "p.carbon"), "w", encoding="utf-8") as file:
            file.write(PLATFORM)
        carbon("apply", "--yes")
        second = ("--set", "text=two", "--set", "old=false")
        carbon("plan", "-o", os.path.join(folder, "saved.cplan"), *second)
        carbon("apply", "--yes", *second)
        inventory = os.path.join(work, ".carbon", "shop.default.sandbox.db")
        # As after a kill: the row of its last object is written, the result is not.
        journal = sqlite3.connect(inventory)
        last = journal.execute("SELECT max(sequence) FROM journal WHERE kind = 'intent'").fetchone()[0]
        journal.execute("DELETE FROM journal WHERE sequence > ?", (last,))
        journal.commit()
        who = journal.execute("SELECT detail FROM journal WHERE kind = 'begin'").fetchone()[0].split('"by":"')[1].split('"')[0]
        journal.close()
        dump(inventory, os.path.join(folder, "inventory.sql"), [(who, "ana@laptop")])
        dump(os.path.join(work, ".carbon", "sandbox", "kubernetes.db"), os.path.join(folder, "sandbox.sql"))
        for name in os.listdir(os.path.join(work, "keys")):
            with open(os.path.join(work, "keys", name), "rb") as key, \
                    open(os.path.join(folder, "keys", name + ".hex"), "w", encoding="ascii") as out:
                out.write(key.read().hex() + "\n")
    with open(os.path.join(folder, "p.carbon"), "w", encoding="utf-8") as file:
        file.write(PLATFORM)


if __name__ == "__main__":
    main(*sys.argv[1:])
