"""Running the shipped binary in a folder of its own, and seeing what a run has changed."""

import glob
import json
import os
import re
import signal
import sqlite3
import subprocess

# What the sandbox makes by itself while time passes is nobody's change.
SCENERY = re.compile(r"^(events|leases|endpoints|endpointslices|nodes|csinodes|storageclasses|priorityclasses)(\.|$)")


def environment(folder, binary):
    """Only what a run needs, so that nothing of the machine shows in its output."""
    programs = os.path.join(folder, ".programs")
    os.makedirs(programs, exist_ok=True)
    if not os.path.exists(os.path.join(programs, "carbon")):
        os.symlink(binary, os.path.join(programs, "carbon"))
    return {
        "PATH": programs + ":" + os.environ["PATH"],
        "HOME": folder,
        "CARBON_STATE_DIR": os.path.join(folder, ".keys"),
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
    }


def run(command, folder, env, timeout=120):
    """(exit code, stdout, stderr) as bytes. What takes longer is killed: an exit code of -9."""
    with subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, start_new_session=True) as process:
        try:
            out, error = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, error = process.communicate()
    return process.returncode, out, error


def inventories(folder):
    """The rows of every inventory that holds any."""
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, ".carbon", "*.db"))):
        try:
            database = sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=0.1)
            rows = database.execute("SELECT address, entry FROM inventory ORDER BY address").fetchall()
            database.close()
            if rows:
                found[os.path.basename(path)] = rows
        except sqlite3.DatabaseError as error:
            found[os.path.basename(path)] = "unreadable: %s" % error
    return found


def addresses(folder):
    return sorted(row[0] for rows in inventories(folder).values() if isinstance(rows, list) for row in rows)


def sandbox_objects(folder, own=()):
    """Every object of the sandbox's API server, without what its controllers report in it. `own` are those (by storage,
    namespace and name) that every sandbox has."""
    path = os.path.join(folder, ".carbon", "sandbox", "kubernetes.db")
    if not os.path.isfile(path):
        return []
    database = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    rows = database.execute(
        "SELECT storage, namespace, name, deleted, object FROM objects WHERE revision IN "
        "(SELECT max(revision) FROM objects GROUP BY storage, namespace, name) ORDER BY 1, 2, 3").fetchall()
    database.close()
    kept = []
    for storage, namespace, name, deleted, text in rows:
        if deleted or SCENERY.search(storage) or (storage, namespace, name) in own:
            continue
        document = json.loads(text)
        document.pop("status", None)
        for field in ("resourceVersion", "managedFields"):
            document.get("metadata", {}).pop(field, None)
        kept.append((storage, namespace, name, json.dumps(document, sort_keys=True)))
    return kept


def files(folder):
    """Everything that is not carbon's own, with its content."""
    found = {}
    for directory, below, names in os.walk(folder):
        below[:] = [name for name in below if name not in (".carbon", ".keys", ".programs")]
        for name in names:
            path = os.path.join(directory, name)
            with open(path, "rb") as data:
                found[os.path.relpath(path, folder)] = data.read()
    return found


def of_every_sandbox(folder, binary):
    """The objects that a sandbox has before anything is applied to it; `folder` is made for this."""
    os.makedirs(folder)
    with open(os.path.join(folder, "input.carbon"), "w") as text:
        text.write("platform fresh { world sandbox }\n")
    code, out, error = run(["carbon", "list"], folder, environment(folder, binary))
    assert code == 0, out + error
    return {tuple(row[:3]) for row in sandbox_objects(folder)}


def snapshot(folder, own=()):
    return {"inventory": inventories(folder), "sandbox": sandbox_objects(folder, own), "files": files(folder)}
