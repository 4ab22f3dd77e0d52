"""A system that carbon knows from a `.carbon` file alone: the shipped binary against the service of beacon.py, whose types
are in beacon.carbon. Plans, applies, drift, replacement, adoption, refusals, lost replies, kills, and no secret anywhere.

usage: via_http.py CARBON
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import beacon
import carbon_folder

KEY = "sesame-key-%s" % os.urandom(6).hex()
PASSWORD = "pass\"word/%s" % os.urandom(6).hex()
SETTLED = 60  # seconds, for what takes one


class World:
    """A platform in a folder of its own, and the service that it is about."""

    def __init__(self, binary):
        self.folder = tempfile.mkdtemp()
        self.env = carbon_folder.environment(self.folder, os.path.abspath(binary))
        self.env.update({"BEACON_KEY": KEY, "BEACON_PASSWORD": PASSWORD})
        self.service = beacon.Beacon(KEY)
        self.said = b""
        os.mkdir(os.path.join(self.folder, "beacon"))
        types = os.path.join(os.path.dirname(os.path.abspath(__file__)), "beacon.carbon")
        shutil.copy(types, os.path.join(self.folder, "beacon"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.service.close()
        shutil.rmtree(self.folder)

    def declare(self, *lines):
        with open(os.path.join(self.folder, "uptime.carbon"), "w") as file:
            file.write("\n".join(['import "beacon"', "platform uptime { world live }",
                                  'provider watch : beacon.Service { url = "%s", key = secret.env("BEACON_KEY") }'
                                  % self.service.url, *lines, ""]))

    def carbon(self, *words, expected=0):
        code, out, error = carbon_folder.run(["carbon", *words], self.folder, self.env, SETTLED)
        self.said += out + error
        assert code == expected, "carbon %s: exit %d\n%s\n%s" % (" ".join(words), code, out.decode(), error.decode())
        return out.decode() + error.decode()

    def apply(self, expected=0):
        return self.carbon("apply", "--yes", "--allow-delete", "beacon.Monitor", expected=expected)

    def expect_no_changes(self):
        before = len(self.service.writes())
        self.carbon("plan", "--detailed-exitcode")
        assert len(self.service.writes()) == before, "a plan wrote"

    def ids(self, name):
        return [number for number, each in self.service.monitors.items() if each["name"] == name]

    def started(self, *words):
        return subprocess.Popen(["carbon", *words], cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def says(pattern, text):
    assert re.search(pattern, text), "/%s/ is not in\n%s" % (pattern, text)


GROUPS = ('resource ops : beacon.Group { title = "Ops" }', 'resource web : beacon.Group { title = "Web", parent = ops }')


def monitor(name, more="", target="https://Shop.example.com", every="1min", tags='"b", "a"'):
    return 'resource %s : beacon.Monitor { name = "%s", target = "%s", every = %s, tags = [%s]%s }' % (
        name, name, target, every, tags, more and ", " + more)


def check_life(world):
    """From nothing to nothing: order by references, exact ids, empty second plans, drift by field, replacement."""
    service = world.service
    secret = 'group = web, password = secret.env("BEACON_PASSWORD")'
    world.declare(*GROUPS, monitor("shop", secret), "output id : int = shop.id")
    says(r"3 create", world.carbon("plan"))
    assert not service.writes()
    world.apply()
    number = world.ids("shop")[0]
    assert service.monitors[number]["password"] == PASSWORD and service.monitors[number]["group"] == "web"
    assert json.loads(world.carbon("get", "shop"))["id"] == number == beacon.FIRST_ID
    made = next(json.loads(body) for method, path, body in service.requests if (method, path) == ("POST", "/v1/groups"))
    assert made == {"slug": "ops", "title": "Ops"}, "what is not written was sent: %s" % made
    world.expect_no_changes()

    service.monitors[number]["every"] = 300
    says(r"(?s)~ shop .*because: drift.*every +5min -> 1min", world.carbon("plan"))
    world.apply()
    assert service.monitors[number]["every"] == 60
    world.expect_no_changes()

    world.declare(GROUPS[0], 'resource web : beacon.Group { title = "The web", slug = "web" }', monitor("shop", secret))
    del service.requests[:]
    world.apply()
    writes = [(method, path) for method, path, _ in service.writes()]
    assert writes == [("PUT", "/v1/groups/web"), ("POST", "/v1/groups/web/move")], writes
    assert service.groups["web"] == {"title": "The web", "parent": None, "version": 3}
    world.expect_no_changes()

    world.declare(*GROUPS, monitor("shop", 'kind = "tcp", ' + secret))
    says(r"-/\+ shop .*because: immutable", world.carbon("plan"))
    world.apply()
    assert world.ids("shop") == [number + 1], "not replaced: %s" % service.monitors
    world.expect_no_changes()

    # Somebody was faster with one of them; the rest goes.
    service.monitors.clear()
    world.carbon("destroy", "--yes", "--allow-delete", "beacon.Monitor")
    assert not service.groups
    says("Nothing|No changes", world.carbon("destroy", "--yes"))


def check_rotation(world):
    """A password that cannot be read back is compared by its keyed digest."""
    world.declare(monitor("shop", 'password = secret.env("BEACON_PASSWORD")'))
    world.apply()
    world.expect_no_changes()
    world.env["BEACON_PASSWORD"] = PASSWORD + "-2"
    says(r"password +\(secret, changed\)", world.carbon("plan"))
    world.apply()
    assert world.service.monitors[world.ids("shop")[0]]["password"] == PASSWORD + "-2"
    world.expect_no_changes()
    world.env["BEACON_PASSWORD"] = PASSWORD


def check_list(world):
    """One list for all monitors, whatever their number, and nothing is planned from half of one."""
    world.declare(*[monitor("m%d" % i) for i in range(5)])
    world.apply()
    del world.service.requests[:]
    world.expect_no_changes()
    paths = [path for _, path, _ in world.service.requests]
    assert len(paths) == 3 and all("?limit=2" in path for path in paths), paths
    for what, code in (("html", "C0706"), (403, "C0704"), ("redirect", "C0706")):
        world.service.faults.append(("GET", "/v1/monitors?limit=2&after", what))
        text = world.carbon("plan", expected=1)
        says(code, text)
        assert " delete " not in text and " create" not in text, text
    world.service.faults.append(("GET", "/v1/monitors", 503))
    world.expect_no_changes()


def check_adoption(world):
    """What somebody else made is left alone until the file says otherwise."""
    service = world.service
    service.make({"name": "shop", "target": "https://shop.example.com", "every": 60, "tags": ["a", "b"], "kind": "http"})
    number = world.ids("shop")[0]
    world.declare(monitor("shop"))
    says(r"(?s)C0416.*adopt \"shop\"", world.carbon("plan", expected=1))
    with open(os.path.join(world.folder, "uptime.carbon")) as file:
        text = file.read()
    with open(os.path.join(world.folder, "uptime.carbon"), "w") as file:
        file.write(text.replace("Monitor { name", 'Monitor { adopt "%d"\n  name' % number))
    says(r"= shop", world.carbon("plan"))
    world.apply()
    assert world.ids("shop") == [number] and len(service.writes()) == 0
    world.expect_no_changes()
    # Deleted and made again by hand: the same name, another object.
    service.make({**service.monitors.pop(number), "group": None})
    says(r"C0416.*is not the object that carbon made", world.carbon("plan", expected=1))


def check_work(world):
    """What the service only begins is asked for until it is done, and never begun twice."""
    service = world.service

    def site(pages, more=""):
        world.declare('resource shop : beacon.Site { %sname = "shop", pages = %d }' % (more, pages))

    site(101)
    says(r"C0603.*101 pages", world.carbon("plan", expected=1))
    site(3)
    world.apply()
    assert service.sites == {"shop": 3} and service.jobs[0]["looks"] == 3
    world.expect_no_changes()
    site(13)
    says("C0708.*page 13 is unlucky", world.apply(expected=6))
    assert service.sites == {"shop": 3} and len(service.jobs) == 2
    site(4)
    world.apply()
    world.expect_no_changes()
    world.declare()
    world.apply()
    assert not service.sites
    site(13)
    says("C0708.*page 13 is unlucky", world.apply(expected=6))
    assert not service.sites and len(service.jobs) == 5
    site(5, "timeout 1s, ")
    service.looks_until_done = 1000
    says("(?s)C0803.*still works on", world.apply(expected=6))
    assert len(service.jobs) == 6, "begun twice"
    # It is done after all; the next apply finds it.
    service.looks_until_done = 1
    service.job(5)
    world.apply()
    assert service.sites == {"shop": 5} and len(service.jobs) == 6, "begun twice"
    world.expect_no_changes()


def check_refusals(world):
    """What the server objects to is told without what was sent; what somebody changed meanwhile is not overwritten."""
    service = world.service
    world.declare(*GROUPS)
    with open(os.path.join(world.folder, "uptime.carbon")) as file:
        text = file.read()
    with open(os.path.join(world.folder, "uptime.carbon"), "w") as file:
        file.write(text.replace(service.url, "http://beacon.example"))
    says("(?s)plain http.*`plain_http`", world.carbon("plan", expected=1))
    secret = 'password = secret.env("BEACON_PASSWORD")'
    world.declare(monitor("shop", secret, target="bad"))
    says(r"C0708.*422.*target is bad", world.apply(expected=6))
    world.declare(*GROUPS)
    world.apply()
    world.declare(GROUPS[0].replace('"Ops"', '"Operations", slug = "ops"'), GROUPS[1])

    def meanwhile():
        service.groups["ops"].update(title="Mine", version=7)

    # Behind the read of the apply: its version is stale when the PUT arrives.
    service.faults += [("GET", "/v1/groups/ops", ""), ("GET", "/v1/groups/ops", meanwhile)]
    says("C0801|C0807", world.apply(expected=6))
    assert service.groups["ops"]["title"] == "Mine"
    world.env["BEACON_KEY"] = "not-the-key-at-all"
    says("C0703", world.carbon("plan", expected=1))
    world.env["BEACON_KEY"] = KEY


def check_outcomes(world):
    """Replies that are lost, late or no answer: never a second object, never one forgotten."""
    service = world.service
    for number, what in enumerate(("drop after", "drop before", 500, 502, 429, 503)):
        world.declare(monitor("m%d" % number))
        service.faults.append(("POST", "/v1/monitors", what))
        world.apply()
        assert len(world.ids("m%d" % number)) == 1, (what, service.monitors)
        world.expect_no_changes()
        service.faults.append(("DELETE", "/v1/monitors", what))
        world.declare()
        world.apply()
        assert not service.monitors and carbon_folder.addresses(world.folder) == [], what
    # What cannot be read back is no reason to doubt that it is carbon's.
    service.faults.append(("POST", "/v1/monitors", "drop after"))
    world.declare(monitor("closed", 'password = secret.env("BEACON_PASSWORD")'))
    world.apply()
    world.expect_no_changes()
    world.declare()
    world.apply()
    world.declare(monitor("slow"))
    service.faults.append(("PATCH", "/v1/monitors", "drop after"))
    world.apply()
    world.declare(monitor("slow", every="2min"))
    world.apply()
    assert service.monitors[world.ids("slow")[0]]["every"] == 120
    world.expect_no_changes()


def check_readiness(world):
    """It waits until the service says so, and stops at once when waiting is vain."""
    world.declare(monitor("fine"))
    world.service.looks_until_up = 3
    world.apply()
    assert world.service.monitors[world.ids("fine")[0]]["state"] == "up"
    world.declare(monitor("fine"), monitor("lame", target="broken://x"))
    says(r"lame.*\n?.*the service says: no route", world.apply(expected=6))


def check_marks(world):
    """What cannot be undone, and what is interrupted, is said in the plan."""
    world.declare(monitor("shop", 'history = "kept"'))
    world.apply()
    world.declare(monitor("shop", 'history = "dropped"', target="https://elsewhere.example.com"))
    says(r"one-way +1 +shop", world.carbon("plan"))
    change = json.loads(world.carbon("plan", "--format", "json"))["changes"][0]
    assert (change["disruption"], change["reversibility"]) == ("reconnect", "one_way"), change


def check_kills(world):
    """Killed between the effect and the reply: the next run finds what was done."""
    service = world.service
    cases = [("POST", "apply", [monitor("shop")]), ("PATCH", "apply", [monitor("shop", every="5min")]),
             ("DELETE", "apply", [])]
    for method, command, lines in cases:
        world.declare(*lines)
        process = None

        def kill():
            process.send_signal(signal.SIGKILL)
            process.wait()

        service.faults.append((method, "/v1/monitors", kill))
        process = world.started(command, "--yes", "--allow-delete", "beacon.Monitor")
        assert process.wait() == -signal.SIGKILL, method
        world.apply()
        assert len(service.monitors) == len(lines), (method, service.monitors)
        world.expect_no_changes()
    assert len([1 for method, _, _ in service.requests if method == "POST"]) == 1


def check_saved_plan(world):
    """A plan that was saved applies without the files that its types came from."""
    world.declare(*GROUPS, monitor("shop", "group = web"))
    world.carbon("plan", "-o", "one.cplan")
    shutil.rmtree(os.path.join(world.folder, "beacon"))
    os.remove(os.path.join(world.folder, "uptime.carbon"))
    world.carbon("apply", "one.cplan")
    assert set(world.service.groups) == {"ops", "web"} and world.ids("shop")


def check_paths(world):
    """A value in a path is one segment, whatever is in it."""
    world.declare('resource odd : beacon.Monitor { name = "a/b?c", target = "x", every = 1min }')
    world.apply()
    world.expect_no_changes()
    os.makedirs(os.path.join(world.folder, "raw"))
    with open(os.path.join(world.folder, "raw", "raw.carbon"), "w") as file:
        file.write('type Service via connection { base self.url, header "X-Key" self.key, url : url, key : secret<string> }\n'
                   "type Group via http {\n  provider Service\n  slug : string identity\n"
                   '  read { get "/v1/groups/${self.slug}", absent when status == 404 }\n'
                   '  create { post "/v1/groups", send { slug = self.slug, title = "x" } }\n'
                   '  delete { delete "/v1/groups/${self.slug}" }\n}\n')
    for slug in ("..", "", "."):
        with open(os.path.join(world.folder, "uptime.carbon"), "w") as file:
            file.write('import "raw"\nplatform raw { world live }\nprovider s : raw.Service { url = "%s", key = '
                       'secret.env("BEACON_KEY") }\nresource g : raw.Group { slug = "%s" }\n' % (world.service.url, slug))
        del world.service.requests[:]
        says("another path", world.carbon("plan", expected=1))
        assert not world.service.requests, world.service.requests


def check_composed_identity(world):
    """Named by its group and its name within it; the group is a reference, and the file's order does not matter."""
    types = """type Part via http {
  provider Service
  identity group name
  assigned id
  id     : int computed
  group  : Group
  name   : string
  target : string
  read { get "/v1/monitors/${self.id}", absent when status == 404, take { id = body.id, target = body.target } }
  create {
    post "/v1/monitors"
    send { name = self.name, group = self.group.slug, target = self.target, every = 60, tags = [], kind = "tcp" }
    take { id = body.id }
  }
  update { patch "/v1/monitors/${self.id}", header "If-Match" "W/\\"1\\"", send { target = self.target } }
  delete { delete "/v1/monitors/${self.id}" }
  list {
    get "/v1/monitors?limit=99"
    each body.items by { name = item.name, group = item.group }
    complete when body.next == null
  }
}
"""
    with open(os.path.join(world.folder, "beacon", "part.carbon"), "w") as file:
        file.write(types)
    parts = ['resource p%d : beacon.Part { name = "p%d", group = web, target = "t" }' % (i, i) for i in range(2)]
    world.declare(*parts, *GROUPS)
    says(r"web/p1|\+ p1", world.apply())
    assert {each["group"] for each in world.service.monitors.values()} == {"web"}
    world.expect_no_changes()
    # Forgotten ids: the objects are found by their names, and adopted.
    shutil.rmtree(os.path.join(world.folder, ".carbon"))
    text = world.carbon("plan", expected=1)
    says(r"beacon.Part web/p0 exists already", text)
    world.declare(*[part.replace("{ name", "{ adopt \"\"\n  name") for part in parts],
                  *[group.replace("{ title", "{ adopt \"\"\n  title") for group in GROUPS])
    world.apply()
    assert len(world.service.monitors) == 2
    world.declare(*[part.replace('"t"', '"u"') for part in parts], *GROUPS)
    world.apply()
    assert {each["target"] for each in world.service.monitors.values()} == {"u"}
    world.declare(*GROUPS)
    world.apply()
    assert not world.service.monitors


def check_worked_example(world):
    """The page that teaches it is right."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    with open(os.path.join(root, "docs", "systems", "writing-a-type.md")) as file:
        block = re.search(r"(?s)```carbon\n(.*?)```", file.read())[1]
    os.mkdir(os.path.join(world.folder, "mine"))
    with open(os.path.join(world.folder, "mine", "mine.carbon"), "w") as file:
        file.write(block)

    def declare(every):
        with open(os.path.join(world.folder, "uptime.carbon"), "w") as file:
            file.write('import "mine"\nplatform uptime { world live }\nprovider watch : mine.Account { url = "%s", key = '
                       'secret.env("BEACON_KEY") }\n' % world.service.url)
            for i in range(3):
                file.write('resource c%d : mine.Check { name = "c%d", target = "Host%d", every = %s, tags = ["b", "a"], '
                           'password = secret.env("BEACON_PASSWORD") }\n' % (i, i, i, every))

    world.service.looks_until_up = 0
    declare("2min")
    world.apply()
    assert len(world.service.monitors) == 3
    world.expect_no_changes()
    declare("3min")
    says("3 update", world.carbon("plan"))
    world.apply()
    world.expect_no_changes()
    world.carbon("destroy", "--yes")
    assert not world.service.monitors


def check_sandbox(world):
    """The sandbox has no such server, and says so."""
    world.declare(monitor("shop"))
    says(r"the sandbox has no server for `beacon.Service`(.|\n)*C0110", world.carbon("plan", "--world", "sandbox", expected=1))


def check_secrets(world):
    """Neither the key nor a password is in anything that was said or kept."""
    for secret in (KEY.encode(), PASSWORD.encode(), json.dumps(PASSWORD)[1:-1].encode(), PASSWORD[-12:].encode()):
        assert secret not in world.said, "said: %r" % secret
        for directory, _, names in os.walk(world.folder):
            for name in names:
                with open(os.path.join(directory, name), "rb") as file:
                    assert secret not in file.read(), "%s holds %r" % (name, secret)


def main(binary):
    checks = [check_life, check_rotation, check_list, check_adoption, check_refusals, check_outcomes, check_readiness,
              check_marks, check_work, check_kills, check_saved_plan, check_paths, check_composed_identity, check_worked_example, check_sandbox]
    for check in checks:
        with World(binary) as world:
            check(world)
            check_secrets(world)
            print("%s: %d requests" % (check.__name__, len(world.service.requests)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
