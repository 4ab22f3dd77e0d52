"""Cloudflare: an envelope around every reply, ids that no client chooses, tunnels that stay in lists when they are deleted, one
document of rules a tunnel that no DELETE takes away, records that come back in another form, pages that are counted."""

import re

from spec_server.collections import Collection, Kept, Setting
from spec_server.server import Refused, Reply, System
from systems.row import Row

ACCOUNT, ZONE = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
OF_ACCOUNT = "/accounts/{account_id}"
TUNNELS, APPS, POLICIES = OF_ACCOUNT + "/cfd_tunnel", OF_ACCOUNT + "/access/apps", OF_ACCOUNT + "/access/policies"
TUNNEL = TUNNELS + "/{tunnel_id}"
RECORDS = "/zones/{zone_id}/dns_records"
DAY = "2026-01-01T00:00:00Z"
NO_RULES = [{"service": "http_status:503"}]
POLICY_DEFAULTS = {"approval_required": False, "isolation_required": False, "purpose_justification_required": False,
                   "session_duration": "24h", "exclude": [], "require": []}
APP_DEFAULTS = {"session_duration": "24h", "app_launcher_visible": True, "auto_redirect_to_identity": False, "tags": [],
                "enable_binding_cookie": False, "http_only_cookie_attribute": True, "allowed_idps": [], "policies": []}


def change(document):
    """What the description leaves out or says wrongly."""
    schemas = document["components"]["schemas"]
    for path, item in document["paths"].items():
        failure = {"$ref": "#/components/schemas/%s_api-response-common-failure" % of_path(path)}
        for method, operation in item.items():
            for code in [code for code in operation["responses"] if code.upper() == "4XX"]:
                # A failure, and not a success at the same time.
                operation["responses"][code] = {"content": {"application/json": {"schema": failure}}}
            if method == "delete" and path.startswith("/zones"):
                del operation["requestBody"]  # the vendor's own example has none
    # What the server makes is needed in a reply, not in a request.
    record = schemas["dns-records_dns-record"]
    schemas["record_sent"] = {word: part for word, part in record.items() if word != "required"}
    for path, method in ((RECORDS, "post"), (RECORDS + "/{dns_record_id}", "patch")):
        sent = document["paths"][path][method]["requestBody"]["content"]["application/json"]
        sent["schema"] = {"$ref": "#/components/schemas/record_sent"}
    # The vendor's pages on tunnels: the last rule has no hostname; a tunnel that is there was not deleted.
    schemas["tunnel_ingressRule"]["required"] = ["service"]
    schemas["tunnel_deleted_at"]["nullable"] = True
    schemas["dns-records_comment"]["nullable"] = True
    # Newer descriptions have the pages of these.
    for path in (APPS, POLICIES):
        document["paths"][path]["get"]["parameters"] += [
            {"in": "query", "name": name, "schema": {"type": "integer", "minimum": 1, "maximum": 1000}}
            for name in ("page", "per_page")]


def of_path(path):
    return "access" if "/access/" in path else "tunnel" if "tunnel" in path else "dns-records" if "dns" in path else "zones"


def envelope(result, **more):
    return {"success": True, "errors": [], "messages": [], "result": result, **more}


def error(status, message):
    """The code of a refusal stands before its words."""
    code = re.match(r"(\d{4,5}) ", message)
    number = int(code.group(1)) if code else {401: 10000, 404: 7003}.get(status, 1000 + status)
    return {"success": False, "errors": [{"code": number, "message": message}], "messages": [], "result": None}


def page(_server, objects, query):
    """Those that the filters leave, a page of them."""
    objects = [each for each in objects if all(each[name] == query[name] for name in ("name", "type") if name in query)]
    size, number = int(query.get("per_page", 20)), int(query.get("page", 1))
    shown = objects[(number - 1) * size:number * size]
    return Reply(200, shown, {"info": {"page": number, "per_page": size, "count": len(shown), "total_count": len(objects)}})


class Enveloped(Collection):
    def place(self, server, values):
        if values.get("account_id", ACCOUNT) != ACCOUNT or values.get("zone_id", ZONE) != ZONE:
            raise Refused(404, "7003 could not route, perhaps your object identifier is invalid?")
        return ()

    def answer(self, server, *request):
        reply = super().answer(server, *request)
        info = reply.headers.pop("info", None)
        return Reply(reply.status, envelope(reply.body, **({"result_info": info} if info else {})))

    def delete(self, server, key):
        there = server.objects[key]
        super().delete(server, key)
        return Reply(self.done, {"id": there["id"]})


class Tunnels(Enveloped):
    """One that is deleted is shown unless only those are asked for that are not; its name is free."""

    def answer(self, server, method, template, values, query, *request):
        self.deleted = getattr(self, "deleted", [])
        self.with_deleted = query.get("is_deleted") != "false"
        return super().answer(server, method, template, values, query, *request)

    def listed(self, server, objects, query):
        return page(server, objects + (self.deleted if self.with_deleted else []), query)

    def delete(self, server, key):
        there = server.objects[key]
        self.deleted.append({**tunnel_shown(server, there), "deleted_at": DAY})
        super().delete(server, key)
        return Reply(200, self.deleted[-1])


def uuid(server):
    return "11111111-2222-3333-4444-%012x" % server.now()


def tunnel(server, body, _place):
    return {"name": body["name"], "id": uuid(server), "created_at": DAY,
            "remote_config": body.get("config_src", "local") == "cloudflare", "secret": body.get("tunnel_secret", "made up")}


def tunnel_shown(_server, there):
    """Its secret is not."""
    shown = {name: value for name, value in there.items() if name != "secret"}
    return {**shown, "account_tag": ACCOUNT, "deleted_at": None, "connections": [], "status": "inactive", "tun_type": "cfd_tunnel"}


def tunnel_changed(_server, there, body):
    return {**there, "secret": body["tunnel_secret"]} if "tunnel_secret" in body else there


class Configurations(Setting):
    """Its last rule must take everything, and only that one. Nobody says what there is before the first PUT, so it is null for
    one tunnel and 404 for another."""

    def place(self, server, values):
        key, there = server.collections[TUNNELS].find(server, (), values["tunnel_id"])
        if not there["remote_config"]:
            raise Refused(400, "1055 this tunnel is configured locally")
        return (key[2],)

    def answer(self, server, method, template, values, query, headers, body):
        key = (self.path, self.place(server, values), "")
        if method == "PUT":
            rules = body["config"]["ingress"]
            takes_all = [not rule.get("hostname") and not rule.get("path") for rule in rules]
            if takes_all.index(True) != len(rules) - 1:
                raise Refused(400, "1056 bad configuration: only the last rule matches everything")
            if rules == NO_RULES:
                server.objects.pop(key, None)
            else:
                server.objects[key] = body["config"]
        config = server.objects.get(key)
        if config is None and method == "GET" and values["tunnel_id"][-1] in "02468ace":
            raise Refused(404, "1002 tunnel configuration not found")
        if config is None and method == "PUT":
            config = {"ingress": NO_RULES}
        if config is not None:
            config = {**config, "ingress": [{"originRequest": {}, **rule} for rule in config["ingress"]]}
        return Reply(200, envelope({"tunnel_id": values["tunnel_id"], "version": server.now(), "config": config, "source": "cloudflare"}))


class Zones(Kept):
    def templates(self):
        return ("/zones",)

    def answer(self, _server, _method, _template, _values, query, *_):
        nothing = dict.fromkeys(("original_name_servers", "original_registrar", "original_dnshost", "activated_on"))
        zone = {"id": ZONE, "name": "example.com", "development_mode": 0, "owner": {}, "account": {"id": ACCOUNT}, "meta": {},
                "name_servers": [], "created_on": DAY, "modified_on": DAY, "status": "active", **nothing}
        found = [each for each in [zone] if query.get("name", each["name"]) == each["name"]]
        return Reply(200, envelope(found, result_info={"page": 1, "per_page": 20, "count": len(found), "total_count": len(found)}))


class Records(Enveloped):
    def find(self, server, place, name):
        try:
            return super().find(server, place, name)
        except Refused:
            raise Refused(404, "81044 Record does not exist.") from None

    def refuse_equal(self, server, place, there, own):
        """A CNAME stands alone, and no two are the same."""
        for key, other in server.objects.items():
            if key == own or key[0] != self.path or other["name"] != there["name"]:
                continue
            if "CNAME" in (other["type"], there["type"]):
                raise Refused(400, "81053 An A, AAAA, or CNAME record with that host already exists.")
            if (other["type"], other["content"]) == (there["type"], there["content"]):
                raise Refused(400, "81058 An identical record already exists.")


def record(server, body, _place):
    return record_changed(server, {"id": "%032x" % server.now(), "created_on": DAY, "tags": [], "comment": None}, body)


def record_changed(_server, there, body):
    """Texts are quoted, hosts in small letters, an empty comment is none, and what is proxied has no ttl."""
    there = {**there, **body, "modified_on": DAY, "meta": {}, "proxiable": body["type"] in ("A", "AAAA", "CNAME"), "settings": {}}
    there["proxied"] = there.get("proxied", False)
    there["comment"] = there["comment"] or None
    there["ttl"] = 1 if there["proxied"] else there["ttl"]
    if there["type"] == "TXT":
        there["content"] = '"%s"' % there["content"].strip('"')
    else:
        there["content"] = there["content"].lower().rstrip(".")
    return there


def policy(server, body, _place):
    return {**POLICY_DEFAULTS, **body, "id": uuid(server), "created_at": DAY, "updated_at": DAY, "reusable": True,
            "app_count": 0}


def replaced(defaults, *kept):
    """PUT leaves nothing of what is not in it."""
    return lambda _server, there, body: {**defaults, **body, **{name: there[name] for name in ("id", "created_at", "updated_at", *kept)}}


def reversed_rules(_server, there):
    return {**there, **{name: there[name][::-1] for name in ("include", "exclude", "require")}}


def app(server, body, _place):
    return {**APP_DEFAULTS, **body, "id": uuid(server), "aud": "%064x" % server.clock, "created_at": DAY, "updated_at": DAY}


def app_shown(server, there):
    """With its policies as a whole, in their order."""
    found = [server.collections[POLICIES].find(server, (), each)[1] for each in there["policies"]]
    return {**there, "allowed_idps": there["allowed_idps"][::-1],
            "policies": [{**each, "precedence": number + 1} for number, each in enumerate(found)]}


class Apps(Enveloped):
    def refuse_equal(self, server, place, there, own):
        for key, other in server.objects.items():
            if key != own and key[0] == self.path and other["domain"] == there["domain"]:
                raise Refused(409, "11010 access.api.error.application_already_exists")


class Policies(Enveloped):
    """Two may have the same name."""

    def refuse_equal(self, *_):
        pass


def system(secret):
    by_id = {"named": ("id",), "page": page, "changes": ("PUT",)}
    tunnels = Tunnels(TUNNELS, item=TUNNEL, named=("id",), key=lambda there: there["name"], made=tunnel, shown=tunnel_shown,
                      changed=tunnel_changed, created=200, done=200, server_set=("id", "created_at"))
    tunnels.page = tunnels.listed
    return System(
        spec="cloudflare.json", base="/client/v4", change=change, error=error,
        admitted=lambda headers: headers.get("authorization") == "Bearer " + secret,
        collections=[
            Zones("/zones"), tunnels, Configurations(TUNNEL + "/configurations"),
            Records(RECORDS, item=RECORDS + "/{dns_record_id}", named=("id",), page=page, created=200, done=200,
                    key=lambda there: "%(type)s %(name)s %(id)s" % there, made=record, changed=record_changed,
                    server_set=("id", "created_on", "modified_on")),
            Policies(POLICIES, item=POLICIES + "/{policy_id}", key=lambda there: there["name"], made=policy, shown=reversed_rules,
                     changed=replaced(POLICY_DEFAULTS, "reusable", "app_count"), done=202,
                     server_set=("id", "created_at", "updated_at"), **by_id),
            Apps(APPS, item=APPS + "/{app_id}", key=lambda there: there["domain"], made=app, shown=app_shown,
                 changed=replaced(APP_DEFAULTS, "aud"), done=202, server_set=("id", "aud", "created_at", "updated_at"), **by_id)])


PROVIDER = """import "std/cloudflare"
provider edge : cloudflare.Account {
  url   = "%%s/client/v4"
  id    = "%s"
  token = secret.env("CONFORMANCE_SECRET")
}
resource staff : cloudflare.AccessPolicy { name = "staff", include = [{ everyone = {} }] }
resource guests : cloudflare.AccessPolicy { name = "guests", include = [{ everyone = {} }] }
""" % ACCOUNT

ROWS = [
    Row("cloudflare.Tunnel", ("name",), ("POST", "/cfd_tunnel$"),
        {"name": '"{h}"', "secret": 'secret.env("CONFORMANCE_VALUE")'},
        {"configured_by": '"local"', "secret": 'secret.env("CONFORMANCE_OTHER")'}),
    Row("cloudflare.TunnelConfig", ("tunnel",), ("PUT", "/configurations$"),
        {"tunnel": "tunnel_{n}", "ingress": '[{{ hostname = "{h}.example.com", service = "http://web:8080" }}, '
                                            '{{ service = "http_status:404" }}]'},
        {"ingress": '[{{ hostname = "{h}.example.com", path = "/api", service = "http://api", origin = {{ noTLSVerify = true }} }}, '
                    '{{ hostname = "{h}.example.com", service = "http://web:8080" }}, {{ service = "http_status:404" }}]',
         "origin": "{{ connectTimeout = 5 }}", "private_network": "true"},
        needs='resource tunnel_{n} : cloudflare.Tunnel {{ name = "of-{h}" }}'),
    Row("cloudflare.Record", ("zone", "name", "type", "which"), ("POST", "/dns_records$"),
        {"zone": '"example.com"', "name": '"{h}.example.com"', "type": '"CNAME"', "content": '"old.example.com"'},
        {"content": '"new.example.com"', "proxied": "true", "ttl": "5min", "comment": '"of the shop"'}),
    Row("cloudflare.Record", ("zone", "name", "type", "which"), ("POST", "/dns_records$"),
        {"zone": '"%s"' % ZONE, "name": '"txt-{h}.example.com"', "type": '"TXT"', "which": '".*v=spf1.*"', "content": '"v=spf1 -all"'},
        {"content": '"v=spf1 mx -all"'}, variant="_txt"),
    Row("cloudflare.AccessPolicy", ("name",), ("POST", "/policies$"),
        {"name": '"{h}"', "include": '[{{ email_domain = {{ domain = "example.com" }} }}, {{ ip = {{ ip = "10.0.0.0/8" }} }}]'},
        {"decision": '"deny"', "include": '[{{ everyone = {{}} }}]', "exclude": '[{{ email = {{ email = "ada@example.com" }} }}]',
         "require": '[{{ ip = {{ ip = "10.0.0.0/8" }} }}]', "settings": '{{ session_duration = "1h" }}'}),
    Row("cloudflare.AccessApplication", ("domain",), ("POST", "/apps$"),
        {"domain": '"{h}.example.com"', "name": '"Wiki"', "policies": "[staff.id, guests.id]"},
        {"name": '"Handbook"', "type": '"ssh"', "policies": "[guests.id, staff.id]", "allowed_idps": '["idp-1", "idp-2"]',
         "settings": '{{ session_duration = "1h", app_launcher_visible = false }}'}),
]
