"""A name service that carbon does not come with: its types are dns.carbon, its description is specs/dns.json.

It names zones and records by ids that no client chooses (those of records beyond 2^53), shows two zones a page and the next one
in a Link header, lists the records of one zone only, wants If-Match, and deletes a zone in a job.
"""

from spec_server.collections import Collection, Kept
from spec_server.server import Refused, Reply, System
from systems.row import Row

FIRST_ID = 9007199254740993


def zone(server, body, _place):
    return {"contact": None, **body, "id": "z-%d" % server.now()}


def record(server, body, _place):
    return etagged(server, {"ttl": None, **body, "id": FIRST_ID + server.now()}, {})


def etagged(server, there, body):
    there = {**there, **body, "etag": '"%d"' % server.now()}
    return {**there, "values": sorted(there["values"], reverse=True)}


def page(server, objects, query):
    """Those of a name, or two from behind `after`."""
    objects = [each for each in objects if all(each[name] == query[name] for name in ("name", "type") if name in query)]
    if "name" in query:
        return Reply(200, {"items": objects})
    objects = sorted((each for each in objects if each["name"] > query.get("after", "")), key=lambda each: each["name"])
    headers = {}
    if len(objects) > 2:
        headers["Link"] = '<%s/v1/zones?after=%s>; rel="next"' % (server.url, objects[1]["name"])
    return Reply(200, {"items": objects[:2]}, headers)


class Zones(Collection):
    def delete(self, server, key):
        """Only begins it; jobs says when it is done. The name is free at once."""
        super().delete(server, key)
        server.jobs = getattr(server, "jobs", [])
        server.jobs.append(2)
        return Reply(202, {"id": len(server.jobs), "state": "running"})


class Jobs(Kept):
    def templates(self):
        return ("/jobs/{job}",)

    def answer(self, server, _method, _template, values, *_):
        number = int(values["job"])
        if number > len(server.jobs):
            raise Refused(404, "no such job")
        server.jobs[number - 1] -= 1
        return Reply(200, {"id": number, "state": "running" if server.jobs[number - 1] > 0 else "done"})


def system(secret):
    return System(
        spec="dns.json", base="/v1",
        admitted=lambda headers: headers.get("x-key") == secret,
        error=lambda status, message: {"error": message},
        collections=[
            Zones("/zones", item="/zones/{zone}", named=("id",), key=lambda there: there["name"], made=zone, page=page),
            Collection("/zones/{zone}/records", {"zone": "/zones"}, item="/records/{record}", named=("id",),
                       key=lambda there: there["name"] + "/" + there["type"], made=record, changed=etagged, page=page,
                       etag="etag", server_set=("id", "etag")),
            Jobs("/jobs")])


PROVIDER = """import "dns"
provider names : dns.Account { url = "%s", key = secret.env("CONFORMANCE_SECRET") }
resource example : dns.Zone { name = "example.com" }
"""

ROWS = [
    Row("dns.Zone", ("name",), ("POST", "/zones$"),
        {"name": '"{h}.example.com"'},
        {"kind": '"secondary"', "ttl": "5min", "contact": '"ops@example.com"'}),
    Row("dns.Record", ("zone", "name", "type"), ("POST", "/records$"),
        {"zone": "example", "name": '"{h}"', "type": '"A"', "values": '["10.0.0.1", "10.0.0.2"]'},
        {"values": '["10.0.0.3", "10.0.0.1"]', "ttl": "2min"}),
]
