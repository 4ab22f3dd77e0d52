"""`carbon undo`: what the newest run changed is as it was before, and nothing that came after is overwritten.

usage: undo.py CARBON
"""

import json
import re
import signal
import sys

from resume import CHAIN, MAPS, has, run_cases

# Made, changed, replaced, deleted and moved in one run: the second text after the first.
BEFORE = """resource plain : k8s.ConfigMap { data = { text = "one", gone = "soon" } }
resource web : k8s.Service { spec = { selector = { app = "web" }, ports = [{ name = "http", port = 80 }, { name = "admin", port = 81 }] } }
resource frozen : k8s.ConfigMap { immutable = true, data = { text = "one" } }
resource leaves : k8s.ConfigMap { after plain, data = { text = "leaves" } }
resource called : k8s.ConfigMap { metadata = { name = "former" }, data = { text = "name" } }
resource same : k8s.ConfigMap { data = { text = "same" } }
resource job : k8s.CronJob {
  spec = { schedule = "0 2 * * *", jobTemplate = { spec = { template = { spec = { restartPolicy = "Never", containers = [
    { name = "a", image = "a:1", args = ["x", "y", "z"], resources = { limits = { memory = 64Mi } } },
    { name = "b", image = "b:1" },
  ] } } } } }
}
"""
AFTER = """resource plain : k8s.ConfigMap { data = { text = "two", new = "one" } }
resource web : k8s.Service { spec = { selector = { app = "web", tier = "front" }, ports = [{ name = "http", port = 8080 }, { name = "admin", port = 81 }] } }
resource frozen : k8s.ConfigMap { immutable = true, data = { text = "two" } }
resource called : k8s.ConfigMap { metadata = { name = "latter" }, data = { text = "name" } }
resource same : k8s.ConfigMap { data = { text = "same" } }
resource made : k8s.ConfigMap { after plain, data = { of = plain.metadata.uid } }
resource job : k8s.CronJob {
  spec = { schedule = "0 3 * * *", suspend = true, jobTemplate = { spec = { template = { spec = { restartPolicy = "Never", containers = [
    { name = "a", image = "a:2", args = ["x", "z"] },
    { name = "c", image = "c:1" },
  ] } } } } }
}
"""


def unordered(value):
    """Items that are told by their keys have no order: one that comes back stands behind the others."""
    if isinstance(value, dict):
        return {name: unordered(each) for name, each in value.items()}
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return sorted((unordered(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return value


def contents(shop):
    """Every object that carbon owns, without what the server counts and times."""
    out = {}
    for address in re.findall(r"^(\S+)  ", shop.carbon("list"), re.M):
        live = json.loads(shop.carbon("get", address, "--json"))
        meta = {name: live["metadata"].get(name) for name in ("name", "namespace", "labels")}
        rest = {name: unordered(value) for name, value in live.items() if name not in ("metadata", "status")}
        out[address] = json.dumps({**rest, "metadata": meta}, sort_keys=True)
    return out


def differing(before, after):
    return ["%s\n  %s\n  %s" % (name, before.get(name), after.get(name)) for name in sorted({*before, *after})
            if before.get(name) != after.get(name)]


def everything(shop):
    shop.declare(BEFORE)
    shop.carbon("apply", "--yes")
    before = contents(shop)
    shop.declare(AFTER)
    shop.carbon("apply", "--yes")
    after, run = contents(shop), shop.newest()
    text = shop.carbon("undo", "--preview")
    has(text, r"^~ plain .*because: undo of run " + run, r"^    data\.text +\"?two\"? -> \"?one", "^-/\\+ frozen", "^- made ",
        r"^\+ leaves", "^Plan: 1 create, 3 update, 2 replace, 1 delete", "The files still declare what run %s did" % run)
    assert contents(shop) == after, "a preview changes nothing"
    text = shop.carbon("undo", run, "--yes")
    has(text, "created leaves", "deleted made")
    shop.declare(BEFORE)
    back = contents(shop)
    assert not differing(before, back), "\n".join(differing(before, back))
    has(shop.carbon("runs", shop.newest()), "^takes back run " + run)
    has(shop.carbon("plan"), "^No changes")
    shop.declare(AFTER)
    # The opposite of the opposite.
    undo = shop.newest()
    has(shop.carbon("undo", "--yes"), "deleted leaves")
    again = contents(shop)
    # Who the new object belongs to is another object now.
    wrong = [each for each in differing(after, again) if not each.startswith(("made", "frozen"))]
    assert not wrong, "\n".join(wrong)
    has(shop.carbon("runs", shop.newest()), "^takes back run " + undo)
    has(shop.carbon("plan"), "^No changes")


def through_review(shop):
    """An undo is a plan: it can be saved, reviewed and applied as any other."""
    shop.declare(CHAIN % {"text": "one"})
    shop.carbon("apply", "--yes", "--max-delete", "99")
    shop.declare(CHAIN % {"text": "two"})
    shop.carbon("apply", "--yes")
    has(shop.carbon("undo", "-o", "undo.cplan"), "Apply with: +carbon apply undo.cplan", "^Plan: 4 update")
    shop.sandbox.patch(MAPS + "/d", '{"data": {"text": "somebody else"}}')
    has(shop.carbon("apply", "undo.cplan", expected=4), "C0807.*default/d")
    shop.sandbox.patch(MAPS + "/d", '{"data": {"text": "two"}}')
    has(shop.carbon("apply", "undo.cplan"), "updated a")
    has(shop.carbon("plan"), "^Plan: 4 update")
    has(shop.carbon("apply", "undo.cplan", expected=4), "C0903")


def changed_since(shop):
    shop.carbon("apply", "--yes")
    shop.sandbox.patch(MAPS + "/b", '{"data": {"text": "somebody else"}}')
    text = shop.carbon("undo", "--yes", expected=4)
    has(text, r"C0915.*`data.text` of `b` was changed after the run by kubectl-patch", "Nothing was changed")
    # What the run did not touch is nobody's matter here.
    shop.sandbox.patch(MAPS + "/b", '{"data": {"text": "two", "more": "text"}}')
    has(shop.carbon("undo", "--yes"), "updated b")
    has(shop.carbon("get", "b"), '"more": "text"', '"text": "one"')


def only_what_was_done(shop):
    """Of a run that failed in the middle, and of one that was killed."""
    shop.declare(CHAIN % {"text": "three"} + "resource e : k8s.ConfigMap { after b, data = { text = \"new\" } }\n"
                 "resource f : k8s.ConfigMap { after e, data = { text = \"new\" } }\n")
    shop.carbon("plan", "-o", "three.cplan")
    shop.squat("e")
    has(shop.carbon("apply", "three.cplan", expected=6), "C0416", "skipped f")
    text = shop.carbon("undo", "--yes")
    has(text, "^Plan: 4 update")
    assert " e " not in text and " f " not in text, text
    shop.sandbox.delete(MAPS + "/e")
    has(shop.carbon("get", "a"), '"text": "one"')
    # Killed: what was done is found out first.
    shop.declare(CHAIN % {"text": "one"} + "".join(
        'resource m%d : k8s.ConfigMap { after %s, data = { n = "%d" } }\n' % (n, "m%d" % (n - 1) if n else "d", n)
        for n in range(60)))
    run = shop.begin("apply", "--yes", "--progress", "plain")
    for line in run.stdout:
        if "created m7 " in line:
            run.send_signal(signal.SIGKILL)
    run.wait()
    text = shop.carbon("undo", "--yes")
    has(text, "had not ended; settled", "deleted m0", "deleted m7")
    assert not re.search(r"^m\d", shop.carbon("list"), re.M), shop.carbon("list")
    has(shop.carbon("get", "a"), '"text": "one"')


def what_cannot_be(shop):
    """A secret is in no journal, and a field that was somebody else's stays carbon's: both are said."""
    text = """resource login : k8s.Secret { stringData = { password = secret.env("%s"), user = "%s" } }
resource scaled : k8s.ConfigMap { data = { a = "1"%s } }
"""
    shop.env.update({"ONE": "first password", "TWO": "second password"})
    shop.declare(text % ("ONE", "one", ""))
    shop.carbon("apply", "--yes", "--max-delete", "99")
    shop.sandbox.patch(MAPS + "/scaled", '{"data": {"theirs": "x"}}')
    shop.declare(text % ("TWO", "two", ', theirs = "y"'))
    shop.carbon("apply", "--yes")
    out = shop.carbon("undo", "--yes")
    has(out, r"C0916.*`login` is not undone: `stringData.password`: what was secret or cannot be read is not kept",
        r"C0916.*`scaled` is not undone: `data.theirs`: it has its former value, but stays carbon's")
    assert "password\"" not in out and "first password" not in out and "second password" not in out, out
    has(shop.carbon("get", "scaled"), '"theirs": "x"')
    # A deleted Secret cannot be made again.
    shop.declare("")
    shop.carbon("apply", "--yes", "--max-delete", "99")
    has(shop.carbon("undo", "--yes"), r"C0916.*`login` is not undone", "created scaled")


def after_an_error(shop):
    """`--on-error undo`: either all of it, or nothing."""
    shop.declare(CHAIN % {"text": "one"})
    shop.carbon("apply", "--yes", "--max-delete", "99")
    before = contents(shop)
    shop.declare(CHAIN % {"text": "two"} + "resource e : k8s.ConfigMap { after c, data = { text = \"new\" } }\n"
                 "resource f : k8s.ConfigMap { after e, data = { text = \"new\" } }\n")
    shop.carbon("plan", "-o", "two.cplan")
    shop.squat("e")
    text = shop.carbon("apply", "two.cplan", "--on-error", "undo", expected=6)
    failed = shop.carbon("runs").splitlines()[1].split()[0]
    has(text, "C0416", "takes back what run " + failed, "^updated a|updated a ", "^Applied: [34] of [34] steps done")
    shop.declare(CHAIN % {"text": "one"})
    assert not differing(before, contents(shop)), "\n".join(differing(before, contents(shop)))
    has(shop.carbon("runs", shop.newest()), "^takes back run " + failed)
    has(shop.carbon("plan"), "^No changes")
    shop.sandbox.delete(MAPS + "/e")
    # From the files, and with what never becomes ready.
    shop.declare(CHAIN % {"text": "two"} + """resource web : k8s.Deployment { after a, spec = {
  selector = { matchLabels = { app = "web" } }, template = { metadata = { labels = { app = "web" } },
  spec = { containers = [{ name = "web", image = "web:1", envFrom = [{ secretRef = { name = "not-there" } }] }] } } } }
lookup not_there : k8s.Secret? { metadata = { name = "not-there" } }
""")
    text = shop.carbon("apply", "--yes", "--timeout", "2s", "--on-error", "undo", expected=6)
    has(text, "C0802", "deleted web", "updated a")
    shop.declare(CHAIN % {"text": "one"})
    has(shop.carbon("plan"), "^No changes")


def nothing(shop):
    shop.declare("resource scaled : k8s.ConfigMap { data = { a = \"2\", theirs = \"x\" } }\n")
    former = shop.newest()
    shop.carbon("apply", "--yes")
    assert shop.newest() != former
    has(shop.carbon("undo", former[:8], expected=4), "C0807", "only the newest run can be undone")
    has(shop.carbon("undo", "ffffffff", expected=1), "C1001")


def main(binary):
    return run_cases(binary, ["undo", "--yes"], (everything, through_review, changed_since, only_what_was_done, what_cannot_be,
                                                 nothing, after_an_error))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
