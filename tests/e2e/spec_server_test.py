"""The server of spec_server refuses what its description does not have, and is caught when it lies itself.

usage: spec_server_test.py
"""

import json
import os
import sys
import urllib.error
import urllib.request

from spec_server.server import SpecServer
from systems import cloudflare, dns, grafana, harbor, lakefs

SPECS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "specs")


def ask(server, method, path, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.url + path, data, {"X-Key": "key", **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        return error.code


def refused(server, said, *request):
    """The request is a violation that names `said`, and has had no effect."""
    before = server.snapshot()
    status = ask(server, *request)
    assert status in (400, 405), (request, status)
    assert any(said in each for each in server.violations), (request, server.violations)
    assert server.objects == before, request
    server.violations.clear()


def check_requests(server):
    zone = {"name": "a", "kind": "primary", "ttl": 60}
    assert ask(server, "POST", "/v1/zones", zone) == 201 and not server.violations
    number = next(iter(server.of("/zones").values()))["id"]
    refused(server, "'colour' was unexpected", "POST", "/v1/zones", {**zone, "name": "b", "colour": "red"})
    refused(server, "'ttl' is a required", "POST", "/v1/zones", {"name": "b", "kind": "primary"})
    refused(server, "not of type 'integer'", "POST", "/v1/zones", {**zone, "name": "b", "ttl": "60"})
    refused(server, "less than the minimum", "POST", "/v1/zones", {**zone, "name": "b", "ttl": 1})
    refused(server, "is not one of", "POST", "/v1/zones", {**zone, "name": "b", "kind": "other"})
    refused(server, "does not allow 'z-7'", "POST", "/v1/zones", {**zone, "name": "b", "id": "z-7"})
    refused(server, "no query parameter is called `nam`", "GET", "/v1/zones?nam=a")
    refused(server, "path parameter `zone`", "GET", "/v1/zones/a")
    refused(server, "no such operation", "PUT", "/v1/zones/" + number, zone)
    refused(server, "a body is needed", "PATCH", "/v1/zones/" + number)
    assert ask(server, "POST", "/v1/zones/%s/records" % number, {"name": "x", "type": "A", "values": ["1"]}) == 201
    record = server.of("/zones/{zone}/records")["x/A"]
    refused(server, "no header parameter `if-match`", "PATCH", "/v1/records/%d" % record["id"], {"ttl": 60})
    assert ask(server, "PATCH", "/v1/records/%d" % record["id"], {"ttl": 60}, {"If-Match": '"stale"'}) == 412
    assert ask(server, "GET", "/v1/zones", None, {"X-Key": "other"}) == 401 and not server.violations


def check_replies(server):
    server.of("/zones")["a"]["ttl"] = "an hour"
    ask(server, "GET", "/v1/zones")
    assert len(server.violations) == 1 and "reply to GET" in server.violations[0], server.violations
    server.violations.clear()


def check_faults(server):
    server.faults = [["POST", "/zones$", 429], ["POST", "/zones$", "drop after"]]
    zone = {"name": "c", "kind": "primary", "ttl": 60}
    assert ask(server, "POST", "/v1/zones", zone) == 429 and "c" not in server.of("/zones")
    assert ask(server, "POST", "/v1/zones", zone) == 201, "one that is sent again has had its share"
    try:
        ask(server, "POST", "/v1/zones", {**zone, "name": "d"})
        raise AssertionError("a reply came")
    except (ConnectionError, OSError):
        assert "d" in server.of("/zones") and not server.faults


def main():
    server = SpecServer(dns.system("key"), SPECS)
    check_requests(server)
    check_replies(server)
    check_faults(server)
    server.close()
    for table in (cloudflare, grafana, harbor, lakefs):  # Swagger 2, and OpenAPI 3 with references in every place
        server = SpecServer(table.system("key"), SPECS)
        assert ask(server, "GET", "/") == 401 and len(server.document.operations) > 20
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
