"""What every type `via http` must do, for all types of a system, by the shipped binary against a server that is held to the
vendor's description (spec_server). A system is a table in systems/: samples of each type, and how its server behaves.

usage: conformance.py CARBON SYSTEM…
"""

import copy
import glob
import importlib
import json
import os
import re
import shutil
import sys
import tempfile
import zlib

import carbon_folder
from spec_server.server import EXTRA, SpecServer

HERE = os.path.dirname(os.path.abspath(__file__))
SPECS, TABLES = os.path.join(HERE, "specs"), os.path.join(HERE, "systems")
STANDARD = os.path.join(HERE, "..", "..", "stdlib")
FAULTS = ("drop after", 429, 500, "drop before", 503)


class Object:
    """One declared object: a row's samples, with another value in one field, or in none."""

    def __init__(self, row, field=None, number=""):
        self.row, self.field = row, field
        self.name = "%s_%s%s" % (row.type.split(".")[1].lower() + row.variant, field or "base", number)
        self.own = {"n": self.name, "h": self.name.replace("_", "-"), "i": zlib.crc32(self.name.encode())}

    def needs(self):
        return self.row.needs.format(**self.own)

    def text(self, changed=False, adopt=None):
        fields = dict(self.row.base)
        if changed and self.field:
            fields[self.field] = self.row.changed[self.field]
        lines = ["  %s = %s" % (name, value.format(**self.own)) for name, value in fields.items()]
        if self.row.using:
            lines.insert(0, "  using " + self.row.using.format(**self.own))
        if adopt is not None:
            lines.insert(0, "  adopt %s" % adopt)
        return "resource %s : %s {\n%s\n}" % (self.name, self.row.type, "\n".join(lines))


class Suite:
    def __init__(self, binary, name):
        self.table = importlib.import_module("systems." + name)
        self.folder = tempfile.mkdtemp()
        self.env = carbon_folder.environment(self.folder, os.path.abspath(binary))
        self.secrets = {word: "%s-%s" % (word.lower(), os.urandom(8).hex())
                        for word in ("CONFORMANCE_SECRET", "CONFORMANCE_VALUE", "CONFORMANCE_OTHER")}
        self.env.update(self.secrets)
        self.server = SpecServer(self.table.system(self.secrets["CONFORMANCE_SECRET"]), SPECS)
        self.rows = self.table.ROWS
        self.source = os.path.join(STANDARD, name, name + ".carbon")
        if not os.path.exists(self.source):  # types that carbon does not come with
            self.source = os.path.join(TABLES, name + ".carbon")
            os.mkdir(os.path.join(self.folder, name))
            shutil.copy(self.source, os.path.join(self.folder, name))
        self.said = b""
        self.counts = {row.type: {} for row in self.rows}
        self.words = {row.type: self.fields_of(row.type) for row in self.rows}
        self.objects = [Object(row, field) for row in self.rows for field in (None, *row.changed)]

    def close(self):
        self.server.close()
        shutil.rmtree(self.folder)

    def carbon(self, *words, expected=0):
        code, out, error = carbon_folder.run(["carbon", *words], self.folder, self.env, 120)
        self.said += out + error
        text = (out + error).decode()
        assert code == expected, "carbon %s: exit %d\n%s\n%s" % (" ".join(words), code, text, "\n".join(self.server.violations))
        return text

    def fields_of(self, kind):
        """The words behind each field that can be written; all fields must be in the table."""
        with open(self.source, encoding="utf-8") as file:
            text = re.search(r"^type %s via (?:http|s3) \{\n(.*?)^\}" % kind.split(".")[1], file.read(), re.M | re.S).group(1)
        found = dict(re.findall(r"^  (\w+) +: (.*)$", text, re.M))
        found = {name: words for name, words in found.items() if not re.search(r"\bcomputed\b", words)}
        sampled = {name for row in self.rows if row.type == kind for name in (*row.changed, *row.identity)}
        assert set(found) == sampled, "%s: the table has other fields: %s" % (kind, set(found) ^ sampled)
        return found

    def has(self, each, word):
        return each.field is not None and re.search(r"\b%s\b" % word, self.words[each.row.type][each.field]) is not None

    def declare(self, objects, changed=False, adopted=None, only_needs=False):
        texts = [self.table.PROVIDER % self.server.url, *(each.needs() for each in objects)]
        if not only_needs:
            texts += [each.text(changed) for each in objects]
        text = "\n".join(["platform conformance { world live }", *texts, ""])
        for name, adopt in (adopted or {}).items():
            text = re.sub(r"(resource %s : [\w.]+ \{)" % name, lambda match: "%s\n  adopt %s\n" % (match.group(1), adopt), text)
        with open(os.path.join(self.folder, "all.carbon"), "w", encoding="utf-8") as file:
            file.write(text)
        self.declared = len(re.findall("^resource ", text, re.M))

    def count(self, each, what):
        counts = self.counts[each.row.type]
        counts[what] = counts.get(what, 0) + 1

    def allowed(self):
        return [word for row in self.rows for word in ("--allow-delete", row.type)]

    def apply(self, expected=0):
        return self.carbon("apply", "--yes", *self.allowed(), expected=expected)

    def nothing_is_left(self):
        before = len(self.server.writes())
        self.carbon("plan", "--detailed-exitcode")
        assert len(self.server.writes()) == before, "a plan wrote"
        assert not self.server.violations, "\n".join(self.server.violations)
        assert not self.server.faults, self.server.faults

    def planned(self):
        """The changes of a plan, by address."""
        text = self.carbon("plan", "--format", "json", *self.allowed())
        return {each["address"]: each for each in json.loads(text)["changes"]}

    def run(self):
        for check in (self.check_life, self.check_undo, self.check_adoption, self.check_end, self.check_faults, self.check_race,
                      self.check_refused, self.check_secrets):
            check()

    def check_life(self):
        """Made, nothing left to do; each field changed, drifted and taken back; members that nobody knows ignored."""
        self.declare(self.objects)
        self.apply()
        self.nothing_is_left()
        made = self.server.snapshot()
        self.declare(self.objects, changed=True)
        self.expect_each(self.planned(), "changed", {"declared", "unknown"})
        self.apply()
        self.nothing_is_left()
        self.server.drift(made)
        self.expect_each(self.planned(), "drifted", {"drift"})
        self.apply()
        self.nothing_is_left()
        self.server.extra = EXTRA
        self.nothing_is_left()
        self.server.extra = {}
        self.declare(self.objects)
        self.apply()
        self.nothing_is_left()
        self.expect_defaults(made)

    def expect_defaults(self, made, unordered=lambda value: value):
        """What is no longer written is what it was before it was written."""
        stays = {name for row in self.rows for name in row.stays}
        nothing = (None, "", [], {})
        for key, then in made.items():
            now = self.server.objects.get(key)
            if now is None or not isinstance(then, dict):
                continue
            own = {*self.server.collections[key[0]].server_set, *stays}
            other = {name: (then.get(name), now.get(name)) for name in {*then, *now} - own
                     if unordered(then.get(name)) != unordered(now.get(name)) and not (then.get(name) in nothing and now.get(name) in nothing)}
            assert not other, "%s is not as it was made: %s" % (key, other)

    def expect_each(self, plans, what, causes):
        for each in self.objects:
            plan = plans.get(each.name, {"action": "none", "fields": []})
            fields = {field["path"]: field["cause"] for field in plan["fields"]}
            about = "%s is not %s: %s of %s" % (each.name, what, plan["action"], fields)
            unseen = what == "drifted" and (self.has(each, "write_only") or each.field in each.row.unseen)
            if each.field is None or unseen:
                assert plan["action"] == "none", about
                if unseen:
                    self.count(each, "unseen")
                continue
            immutable = self.has(each, "immutable")
            assert plan["action"] == ("replace" if immutable else "update"), about
            named = {path: cause for path, cause in fields.items() if re.match(r"%s\b" % each.field, path)}
            # Who changed a reference is not told.
            told = causes | {"unknown"} if re.match("[A-Z]", self.words[each.row.type][each.field]) else causes
            assert named and set(named.values()) <= told and set(fields) == set(named), about
            self.count(each, what)
            if immutable and what == "changed":
                self.count(each, "replaced")

    def check_undo(self):
        """A run that changes every field is taken back: all is as it was, but for what was secret, which is told."""
        made = self.server.snapshot()
        self.declare(self.objects, changed=True)
        self.apply()
        text = self.carbon("undo", "--yes", *self.allowed())
        told = set(re.findall(r"C0916\]: `(\w+)` is not undone", text))
        self.declare(self.objects)
        left = self.planned()
        # What a server keeps was there before it was declared again: nothing of it was changed.
        kept = {each.name for each in self.objects if each.row.stays and each.name in left
                and all(field.get("after") is None and not field["secret"] for field in left[each.name]["fields"])}
        assert set(left) - kept == told, "undone but for %s, and told but for %s" % (sorted(left), sorted(told))
        secret = {each.name for each in self.objects if re.search(r"\bsecret\b|\bwrite_only\b", " ".join(self.words[each.row.type].values()))}
        assert told <= secret, "not undone: %s" % sorted(told - secret)
        self.count_all("undone", [each for each in self.objects if each.field and each.name not in told])
        self.apply()
        self.nothing_is_left()
        # What has no order may come back in another one.
        self.expect_defaults(made, lambda value: sorted(json.dumps(each, sort_keys=True) for each in value)
                             if isinstance(value, list) else value)

    def check_adoption(self):
        """What is there already is refused until it is adopted, and then is as it was."""
        for path in glob.glob(os.path.join(self.folder, ".carbon", "*.db*")):
            os.remove(path)
        before = self.server.snapshot()
        told = json.JSONDecoder().raw_decode(self.carbon("plan", "--format", "json", expected=1))[0]["errors"]
        adopted = {each["address"]: '"%s"' % re.fullmatch(r"\S+ (.*) exists already and is not carbon's", each["message"]).group(1)
                   for each in told}
        assert len(adopted) == self.declared, "%d of %d are refused" % (len(adopted), self.declared)
        self.declare(self.objects, adopted=adopted)
        actions = {each["action"] for each in self.planned().values()}
        assert actions == {"adopt"}, actions
        self.apply()
        self.nothing_is_left()
        for key, there in before.items():  # but for what cannot be read, and is written once more
            now = self.server.objects[key]
            if isinstance(there, dict):
                own = self.server.collections[key[0]].server_set
                changed = {name for name in there if there[name] != now[name] and name not in own and not name.startswith("updat")}
                assert not changed, "adopting %s changed %s: %s -> %s" % (key, changed, there, now)
        self.count_all("adopted")

    def count_all(self, what, objects=None):
        for each in objects or self.objects:
            self.count(each, what)

    def check_end(self):
        """Deleted though the reply is lost, and though somebody was faster; then there is nothing to delete."""
        self.server.faults = [[None, "", "drop after"] for _ in self.objects]
        self.carbon("destroy", "--yes", *self.allowed())
        assert not self.server.objects, self.server.objects
        assert not carbon_folder.addresses(self.folder)
        assert not self.server.faults
        self.declare(self.objects)
        self.apply()
        self.server.objects.clear()
        self.carbon("destroy", "--yes", *self.allowed())
        assert not carbon_folder.addresses(self.folder)
        self.carbon("destroy", "--yes", *self.allowed())
        self.count_all("deleted twice")

    def check_faults(self):
        """Whatever becomes of a request or its reply, there is one object in the end, and it is as declared."""
        objects = [Object(row, number=str(number)) for row in self.rows for number in range(len(FAULTS))]
        self.declare(objects)
        self.server.faults = [[*row.create, what] for row in self.rows for what in FAULTS]
        self.apply()
        self.nothing_is_left()
        assert len(self.server.objects) == self.declared, list(self.server.objects)
        self.count_all("faults of a create", objects)
        changed = [Object(row, next((name for name in row.changed if not self.has(Object(row, name), "immutable")), None), number)
                   for row in self.rows for number in map(str, range(len(FAULTS)))]
        for each, old in zip(changed, objects):
            each.name, each.own = old.name, old.own
        self.declare(changed, changed=True)
        mutable = [each for each in changed if each.field is not None]
        self.server.faults = [[None, "", what] for what in FAULTS for _ in range(len(mutable) // len(FAULTS))]
        self.apply()
        self.nothing_is_left()
        self.count_all("faults of an update", mutable)
        self.carbon("destroy", "--yes", *self.allowed())
        assert not self.server.objects, self.server.objects

    def check_race(self):
        """What somebody makes between the plan and the apply is not overwritten."""
        objects = [Object(row) for row in self.rows]
        self.declare(objects)
        self.apply()
        made = self.server.snapshot()
        self.carbon("destroy", "--yes", *self.allowed())
        self.declare(objects, only_needs=True)
        self.apply()
        self.declare(objects)
        self.carbon("plan", "-o", "raced.cplan")
        self.server.objects = copy.deepcopy(made)
        text = self.carbon("apply", "raced.cplan", expected=6)
        assert self.server.objects == made, "overwritten"
        told = set(re.findall(r"^error\[C0416\]: .*\n(?:  .*\n)*?    = resource: (\w+)$", text, re.M))
        # Making a link that is there changes nothing.
        links = {each.name for each in objects if each.row.create[0] == "PUT" and not each.row.changed}
        assert told | links == {each.name for each in objects}, "%s are told\n%s" % (told, text)
        self.count_all("raced", objects)

    def check_refused(self):
        """A server that repeats credentials in its refusal does not make carbon repeat them."""
        secret = self.env["CONFORMANCE_SECRET"]
        self.env["CONFORMANCE_SECRET"] = self.secrets["REFUSED"] = "refused-" + os.urandom(8).hex()
        text = self.carbon("plan", expected=1)
        assert getattr(self.table, "REFUSED", "C0703") in text and "not admitted" in text, text
        self.env["CONFORMANCE_SECRET"] = secret

    def check_secrets(self):
        for secret in self.secrets.values():
            assert secret.encode() not in self.said, "a secret was printed"
            for name, content in carbon_folder.files(self.folder).items():
                assert secret.encode() not in content, name
            for directory, _, names in os.walk(os.path.join(self.folder, ".carbon")):
                for name in names:
                    with open(os.path.join(directory, name), "rb") as file:
                        assert secret.encode() not in file.read(), name


def main(binary, *names):
    for name in names:
        suite = Suite(binary, name)
        try:
            suite.run()
        finally:
            suite.close()
        for kind, counts in suite.counts.items():
            print("%-24s %s" % (kind, ", ".join("%d %s" % (number, word) for word, number in counts.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
