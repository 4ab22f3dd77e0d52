"""What std/cloudflare does that the rows of systems/cloudflare.py do not show: several records of one name, records that stand in
each other's way, a tunnel that is still connected, lists of several pages, and the checks of its types.

usage: std_cloudflare.py CARBON
"""

import glob
import os
import re
import shutil
import sys
import tempfile

import carbon_folder
from spec_server.server import Refused, SpecServer
from systems import cloudflare

HERE = os.path.dirname(os.path.abspath(__file__))
TOKEN = "cloudflare-%s" % os.urandom(8).hex()
ZONE = "zone = \"example.com\", name = \"example.com\""


class Edge:
    def __init__(self, binary):
        self.folder = tempfile.mkdtemp()
        self.env = carbon_folder.environment(self.folder, os.path.abspath(binary))
        self.env["CONFORMANCE_SECRET"] = TOKEN
        self.server = SpecServer(cloudflare.system(TOKEN), os.path.join(HERE, "specs"))

    def declare(self, *objects):
        provider = cloudflare.PROVIDER.split("\nresource")[0] % self.server.url
        with open(os.path.join(self.folder, "edge.carbon"), "w") as file:
            file.write("\n".join(["platform edge { world live }", provider, *objects, ""]))

    def carbon(self, *words, expected=0):
        code, out, error = carbon_folder.run(["carbon", *words], self.folder, self.env, 120)
        text = (out + error).decode()
        assert code == expected, "carbon %s: exit %d\n%s" % (" ".join(words), code, text)
        return text

    def apply(self, *objects):
        self.declare(*objects)
        self.carbon("apply", "--yes")
        self.carbon("plan", "--detailed-exitcode")
        assert not self.server.violations, "\n".join(self.server.violations)

    def records(self):
        return sorted((each["type"], each["content"]) for each in self.server.of(cloudflare.RECORDS).values())


def check_records(edge):
    objects = ['resource mail_%d : cloudflare.Record { %s, type = "MX", which = ".*mx%d.*", content = "%d mx%d.example.com" }'
               % (number, ZONE, number, 10 * number, number) for number in (1, 2)]
    objects += ['resource spf : cloudflare.Record { %s, type = "TXT", which = ".*v=spf1.*", content = "v=spf1 -all" }' % ZONE,
                'resource site : cloudflare.Record { %s, type = "TXT", which = ".*site.*", content = "\\"site=1\\"" }' % ZONE]
    edge.apply(*objects)
    assert edge.records() == [("MX", "mx1.example.com"), ("MX", "mx2.example.com"), ("TXT", '"site=1"'), ("TXT", '"v=spf1 -all"')]
    assert sorted(each.get("priority", 0) for each in edge.server.of(cloudflare.RECORDS).values()) == [0, 0, 10, 20]
    edge.apply(objects[0].replace('"10 ', '"30 '), *objects[1:])
    says(r"several records", edge_plan(edge, 'resource spf : cloudflare.Record { %s, type = "TXT", content = "v=spf1 -all" }' % ZONE))
    edge.apply()
    assert not edge.records()

    # One of another type stands in the way: Cloudflare's words, and nothing is changed.
    edge.server.objects[(cloudflare.RECORDS, (), "A")] = cloudflare.record(
        edge.server, {"name": "www.example.com", "type": "A", "content": "10.0.0.1", "ttl": 1}, ())
    edge.declare('resource www : cloudflare.Record { zone = "example.com", name = "www.example.com", type = "CNAME", content = "a.example.com" }')
    text = edge.carbon("apply", "--yes", expected=6)
    says("81053 An A, AAAA, or CNAME record", text)
    assert edge.records() == [("A", "10.0.0.1")]
    # Somebody was faster, with another content: no second record is made.
    edge.server.objects.clear()
    edge.declare('resource www : cloudflare.Record { zone = "example.com", name = "www.example.com", type = "A", content = "10.0.0.2" }')
    edge.carbon("plan", "-o", "raced.cplan")
    made = cloudflare.record(edge.server, {"name": "www.example.com", "type": "A", "content": "10.0.0.1", "ttl": 1}, ())
    edge.server.objects[(cloudflare.RECORDS, (), "A")] = made
    says("C0416", edge.carbon("apply", "raced.cplan", expected=6))
    assert edge.records() == [("A", "10.0.0.1")]
    # A server that does not heed the filter by name: what it gives is another record.
    records = edge.server.collections[cloudflare.RECORDS]
    records.page, filtered = lambda server, objects, query: cloudflare.page(server, objects, {}), records.page
    edge.declare('resource api : cloudflare.Record { zone = "example.com", name = "api.example.com", type = "A", content = "10.0.0.3" }')
    says("C0417.*(?s:.*)several records", edge.carbon("plan", expected=1))
    records.page = filtered
    # A zone that the token does not see is no absent record.
    edge.declare('resource www : cloudflare.Record { zone = "example.org", name = "www.example.org", type = "A", content = "10.0.0.1" }')
    says("C0417.*(?s:.*)could not route", edge.carbon("plan", expected=1))
    edge.server.objects.clear()


def edge_plan(edge, *objects):
    edge.declare(*objects)
    return edge.carbon("plan", expected=1)


def check_tunnel(edge):
    """Deleting waits for `cloudflared` to be gone; 120 tunnels are two pages."""
    edge.apply(*['resource tunnel : cloudflare.Tunnel for name in [for n in range(120) : "t-${n}"] by name { name = name }',
                 'resource www : cloudflare.Record { zone = "example.com", name = "www.example.com", type = "CNAME", proxied = true, '
                 'content = tunnel["t-7"].cname }'])
    number = edge.server.of(cloudflare.TUNNELS)["t-7"]["id"]
    assert edge.records() == [("CNAME", number + ".cfargotunnel.com")]
    del edge.server.requests[:]
    edge.carbon("plan", "--detailed-exitcode")
    pages = [target for _, target, _ in edge.server.requests if "/cfd_tunnel?" in target]
    assert [re.search(r"page=(\d+)$", target).group(1) for target in pages] == ["100", "2"], pages
    edge.carbon("destroy", "--yes")
    tunnels = edge.server.collections[cloudflare.TUNNELS]
    edge.apply('resource tunnel : cloudflare.Tunnel { name = "busy" }')
    connected, delete = [2], tunnels.delete

    def refusing(server, key):
        connected[0] -= 1
        if connected[0] >= 0:
            raise Refused(400, "1022 Cannot delete tunnel because it has active connections")
        return delete(server, key)

    tunnels.delete = refusing
    edge.apply()
    assert connected == [-1] and not edge.server.objects


def check_access(edge):
    """PUT replaces; what somebody set that the file does not say stays, and what the file does not say any more goes."""
    policy = 'resource staff : cloudflare.AccessPolicy { name = "staff", include = [{ everyone = {} }], %s }'
    app = 'resource wiki : cloudflare.AccessApplication { domain = "wiki.example.com", name = "%s", policies = [staff.id], %s }'
    edge.apply(policy % 'settings = { approval_required = true }', app % ("Wiki", 'settings = { custom_deny_url = "https://a", tags = ["x"] }'))
    there = next(iter(edge.server.of(cloudflare.APPS).values()))
    there.update(logo_url="https://logo", session_duration="1h")
    next(iter(edge.server.of(cloudflare.POLICIES).values()))["isolation_required"] = True
    edge.apply(policy % 'decision = "deny"', app % ("Handbook", 'settings = { tags = ["x"] }'))
    there = next(iter(edge.server.of(cloudflare.APPS).values()))
    assert (there["name"], there["logo_url"], there["session_duration"], there["tags"]) == ("Handbook", "https://logo", "1h", ["x"])
    assert "custom_deny_url" not in there
    there = next(iter(edge.server.of(cloudflare.POLICIES).values()))
    assert (there["decision"], there["isolation_required"], there["approval_required"]) == ("deny", True, False)
    # Two of one name: nobody can tell which is meant.
    edge.server.objects[(cloudflare.POLICIES, (), "staff again")] = {**there, "id": cloudflare.uuid(edge.server)}
    for path in glob.glob(os.path.join(edge.folder, ".carbon", "*.db*")):
        os.remove(path)
    says("2 objects of cloudflare.AccessPolicy are called", edge.carbon("plan", expected=1))
    edge.server.objects.clear()


def check_checks(edge):
    config = 'resource tunnel : cloudflare.Tunnel { name = "t" }\nresource config : cloudflare.TunnelConfig { tunnel = tunnel, ingress = [%s] }'
    rule, rest = '{ hostname = "a.example.com", service = "http://a" }', '{ service = "http_status:404" }'
    for rules, words in ((rule, "the last rule takes the rest"), (rest + ", " + rest, "no rule may stand behind"),
                         (rest.replace("404", "503"), "503 already")):
        edge.declare(config % rules)
        says("C0603.*" + words, edge.carbon("plan", expected=1))
    for fields, words in (('type = "A", content = "10.0.0.1", proxied = true, ttl = 5min', "chooses the ttl"),
                          ('type = "TXT", content = "x", proxied = true', "only an A, AAAA or CNAME"),
                          ('type = "CNAME", content = "a.example.com."', "without a dot"),
                          ('type = "MX", content = "mx.example.com"', "a number and a name"),
                          ('type = "A", content = "10.0.0.1", which = "10.0.0.2"', "not like `which`")):
        edge.declare("resource r : cloudflare.Record { %s, %s }" % (ZONE, fields))
        says("C0603.*" + words, edge.carbon("plan", expected=1))
    edge.declare('resource r : cloudflare.Record { zone = "other.com", name = "notother.com", type = "A", content = "10.0.0.1" }')
    says("C0603.*not in the zone", edge.carbon("plan", expected=1))


def says(pattern, text):
    assert re.search(pattern, text), "/%s/ is not in\n%s" % (pattern, text)


def main(binary):
    edge = Edge(binary)
    try:
        check_records(edge)
        check_tunnel(edge)
        check_access(edge)
        check_checks(edge)
    finally:
        edge.server.close()
        shutil.rmtree(edge.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
