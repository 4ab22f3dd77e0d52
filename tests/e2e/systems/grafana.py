"""Grafana: uids of the client's choice and numbers of its own, versions, secrets that it does not show, alerting that is
written as a whole and comes back in another form, a header that says whose an object is, organisations by a header."""

import re
from dataclasses import dataclass

from spec_server.collections import Collection, Kept
from spec_server.server import Refused, Reply, System
from systems.row import Row

ALERTING = "/v1/provisioning"
GROUP = ALERTING + "/folder/{FolderUID}/rule-groups/{Group}"
DAY = "2026-01-01T00:00:00Z"
DEFAULT_TREE = {"receiver": "grafana-default-email", "group_by": ["grafana_folder", "alertname"]}
SOURCE_DEFAULTS = {"url": "", "user": "", "database": "", "basicAuth": False, "basicAuthUser": "", "withCredentials": False,
                   "isDefault": False, "jsonData": {}}
HIDDEN = ("password", "token")


def change(document):
    """What the description leaves out or says wrongly."""
    shapes = document["definitions"]
    # JSON's null is the empty value to Go.
    for shape, names in (("UpdateDataSourceCommand", ("url", "user", "database", "basicAuth", "basicAuthUser", "withCredentials",
                                                     "isDefault")), ("SaveDashboardCommand", ("folderUid",))):
        for name in names:
            part = shapes[shape]["properties"][name]
            shapes[shape]["properties"][name] = {**part, "x-nullable": True}
    refusal = {"schema": {"$ref": "#/definitions/PublicError"}}
    document["paths"][ALERTING + "/contact-points"]["post"]["responses"]["409"] = refusal
    document["paths"][ALERTING + "/contact-points/{UID}"]["delete"]["responses"]["404"] = refusal
    for path, method in (("/folders", "post"), ("/folders/{folder_uid}", "put")):
        document["paths"][path][method]["responses"]["412"] = {"schema": {"$ref": "#/definitions/ErrorResponseBody"}}


def error(status, message):
    """Some refusals are told apart by their messageId."""
    code = re.match(r"([\w.-]+\.\w+): ", message)
    return {"message": message, "messageId": code.group(1) if code else "api.error", "statusCode": status}


def uid_of(there):
    return there["uid"]


def go_duration(text):
    """As Grafana says them: 300s is 5m."""
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
    seconds = sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([smhdw])", text))
    said = ""
    for unit, length in (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        if seconds >= length and (unit not in "wd" or seconds % length == 0):
            said += "%d%s" % (seconds // length, unit)
            seconds %= length
    return said or "0s"


def heeds_provenance(server, method, headers):
    """What is written without the header can be changed with it no more."""
    if method != "GET" and headers.get("x-disable-provenance") != "true":
        server.violations.append("%s without X-Disable-Provenance" % method)


@dataclass
class Grafana(Collection):
    """`told` is what the reply to a write says, by method: (object) -> body. Some lists have a path of their own, `search`."""

    search: str = ""
    told: object = None
    alerting: bool = False
    put: int = 200  # the status of a change

    def templates(self):
        return (self.path, self.item, *([self.search] if self.search else []))

    def answer(self, server, method, template, values, query, headers, body):
        if self.alerting:
            heeds_provenance(server, method, headers)
        if template == self.search:
            template = self.path
        reply = super().answer(server, method, template, values, query, headers, body)
        if method in self.changes:
            reply = Reply(self.put, reply.body)
        told = (self.told or {}).get(method)
        return Reply(reply.status, told(reply.body)) if told else reply

    def delete(self, server, key):
        there = self.shown(server, server.objects[key])
        return Reply(super().delete(server, key).status, there)


class Folders(Grafana):
    """Versions are heeded; a move is a request of its own."""

    def templates(self):
        return (*super().templates(), self.item + "/move")

    def answer(self, server, method, template, values, query, headers, body):
        if template.endswith("/move"):
            there = self.find(server, (), values["folder_uid"])[1]
            if body["parentUid"]:
                self.find(server, (), body["parentUid"])
            there["parentUid"] = body["parentUid"]
            return Reply(200, self.shown(server, there))
        return super().answer(server, method, template, values, query, headers, body)


def folder(server, body, _place):
    return {"id": server.now(), "parentUid": "", "version": 1, "url": "/dashboards/f/" + body["uid"], "created": DAY, **body}


def folder_changed(_server, there, body):
    if body["version"] != there["version"]:
        raise Refused(412, "the folder has been changed by someone else")
    return {**there, "title": body["title"], "version": there["version"] + 1}


def without_nothing(_server, there):
    return {name: value for name, value in there.items() if name != "parentUid" or value}


def source(server, body, _place):
    there = {"id": server.now(), "orgId": 1, "typeLogoUrl": "", "readOnly": False, **SOURCE_DEFAULTS, "version": 1, **body}
    return alone(server, there)


def source_changed(server, there, body):
    """PUT leaves nothing of what is not in it, but secrets."""
    if body.get("version", there["version"]) != there["version"]:
        raise Refused(409, "Datasource has already been updated by someone else")
    kept = {name: there[name] for name in ("id", "orgId", "typeLogoUrl", "readOnly")}
    said = {name: value for name, value in body.items() if value is not None}
    secrets = {**there.get("secureJsonData", {}), **body.get("secureJsonData", {})}
    return alone(server, {**SOURCE_DEFAULTS, **said, **kept, "secureJsonData": secrets, "version": there["version"] + 1})


def alone(server, there):
    """One is the default of its organisation."""
    for key, other in server.objects.items():
        if there["isDefault"] and key[0] == "/datasources" and other["uid"] != there["uid"]:
            other["isDefault"] = False
    return there


def source_shown(_server, there):
    shown = {name: value for name, value in there.items() if name != "secureJsonData"}
    return {**shown, "secureJsonFields": dict.fromkeys(there.get("secureJsonData", {}), True)}


class Dashboards(Kept):
    """Made and changed by one POST, which says what it means by uid and version."""

    server_set = ("id", "version")

    def templates(self):
        return ("/dashboards/db", "/dashboards/uid/{uid}")

    def answer(self, server, method, _template, values, _query, _headers, body):
        uid = body["dashboard"]["uid"] if body else values["uid"]
        key = (self.path, (), uid)
        there = server.objects.get(key)
        if method != "POST" and there is None:
            raise Refused(404, "Dashboard not found")
        if method == "GET":
            return Reply(200, {"dashboard": {**there["model"], "id": there["id"], "version": there["version"]}, "meta": {
                "url": "/d/" + uid, "version": there["version"], **({"folderUid": there["folder"]} if there["folder"] else {})}})
        if method == "DELETE":
            del server.objects[key]
            return Reply(200, {"message": "deleted", "title": there["model"]["title"], "uid": uid})
        model = body["dashboard"]
        if there is not None and model.get("version") != there["version"]:
            raise Refused(412, "The dashboard has been changed by someone else")
        if body.get("folderUid"):
            server.collections["/folders"].find(server, (), body["folderUid"])
        panels = [{"datasource": None, "gridPos": {"h": 8, "w": 12}, **panel} for panel in model.get("panels", [])]
        version = there["version"] + 1 if there else 1
        plain = {name: value for name, value in model.items() if name not in ("id", "version")}
        server.objects[key] = {"model": {"editable": True, "timezone": "browser", **plain, "panels": panels}, "version": version,
                               "folder": body.get("folderUid") or "", "id": there["id"] if there else server.now()}
        return Reply(200, {"id": server.objects[key]["id"], "status": "success", "title": model["title"], "uid": uid,
                           "url": "/d/" + uid, "version": version})


def point(_server, body, _place):
    return {"disableResolveMessage": False, **body}


def point_changed(_server, there, body):
    hidden = {name: there["settings"][name] for name in HIDDEN if body["settings"].get(name) == "[REDACTED]"}
    return {"disableResolveMessage": False, **body, "uid": there["uid"], "settings": {**body["settings"], **hidden}}


def point_shown(_server, there):
    settings = {name: "[REDACTED]" if name in HIDDEN else value for name, value in there["settings"].items()}
    return {**there, "settings": settings, "provenance": ""}


class RuleGroups(Kept):
    """PUT makes or replaces a whole group; a rule is in one."""

    document = True

    def templates(self):
        return (GROUP,)

    def answer(self, server, method, _template, values, _query, headers, body):
        heeds_provenance(server, method, headers)
        key = (GROUP, self.place(server, values), values["Group"])
        if method == "PUT":
            others = {rule["uid"] for other, group in server.objects.items() if other[0] == GROUP and other != key
                      for rule in group["rules"]}
            if others & {rule["uid"] for rule in body["rules"]} or body["interval"] % 10:
                raise Refused(400, "invalid alert rule: it is in another group, or the interval is no multiple of 10 seconds")
            server.objects[key] = {**body, "rules": [self.filled(server, rule) for rule in body["rules"]]}
        elif key not in server.objects:
            raise Refused(404, "there is no such group")
        elif method == "DELETE":
            del server.objects[key]
            return Reply(204)
        return Reply(200, server.objects[key])

    def filled(self, server, rule):
        queries = [{**query, "queryType": "", "model": {"intervalMs": 1000, "maxDataPoints": 43200, **query["model"]}}
                   for query in rule["data"]]
        times = {name: go_duration(rule[name]) for name in ("for", "keep_firing_for")}
        return {**rule, "id": 7, "data": queries, "updated": DAY, "provenance": "", **times}


class Policies(Kept):
    """The tree of an organisation. Every receiver must be there."""

    document = True

    def templates(self):
        return (self.path,)

    def answer(self, server, method, _template, _values, _query, headers, body):
        heeds_provenance(server, method, headers)
        key = (self.path, (headers.get("x-grafana-org-id", "1"),), "")
        if method == "DELETE":
            server.objects.pop(key, None)
            return Reply(202, {})
        if method == "PUT":
            points = {each["name"] for each in server.of(ALERTING + "/contact-points").values()}
            missing = {each["receiver"] for each in [body, *body.get("routes", [])]} - points - {"grafana-default-email"}
            if missing:
                raise Refused(400, "receiver %s does not exist" % missing)
            times = {name: go_duration(body[name]) for name in body if name.endswith(("_wait", "_interval"))}
            server.objects[key] = {**body, **times, "group_by": body["group_by"][::-1]}
            return Reply(202, {})
        return Reply(200, {**server.objects.get(key, DEFAULT_TREE), "provenance": ""})


def timing(_server, body, _place):
    return {**body, "version": "1", "provenance": ""}


def team(server, body, _place):
    return {"id": server.now(), "uid": "t%d" % server.clock, "orgId": 1, "memberCount": 0, "isProvisioned": False, "email": "", **body}


def account(server, body, _place):
    return {"id": server.now(), "orgId": 1, "login": "sa-" + body["name"], "tokens": 0, "isDisabled": False, "role": "Viewer", **body}


def page(member):
    def found(_server, objects, query):
        size, number = int(query.get("perpage", 1000)), int(query.get("page", 1))
        return {"page": number, "perPage": size, "totalCount": len(objects), member: objects[(number - 1) * size:number * size]}
    return found


@dataclass
class CodeOfExisting(Grafana):
    """What is there already is a bad request, with a messageId of its own."""

    exists: str = ""

    def refuse_equal(self, server, place, there, own):
        try:
            super().refuse_equal(server, place, there, own)
        except Refused as refused:
            raise Refused(400, "%s: %s" % (self.exists, refused)) from None


def whole_list(_server, objects, _query):
    return objects


def said(*names, **more):
    return lambda there: {**{name: there[name] for name in names}, **more}


def system(secret):
    by_uid = {"named": ("uid",), "created": 200, "done": 200, "changes": ("PUT",), "page": whole_list}
    stored = {"POST": lambda there: {"datasource": there, "id": there["id"], "name": there["name"], "message": "Datasource added"},
              "DELETE": said(message="Data source deleted")}
    numbered = {"named": ("id",), "key": lambda there: there["name"], "done": 200}
    accounts = said("id", "name", message="Service account updated")
    return System(
        spec="grafana.json", base="/api", change=change, error=error, scope="x-grafana-org-id",
        admitted=lambda headers: headers.get("authorization") == "Bearer " + secret,
        collections=[
            Folders("/folders", item="/folders/{folder_uid}", made=folder, shown=without_nothing, changed=folder_changed,
                    told={"DELETE": said("id", "title", message="Folder deleted")}, server_set=("id", "version"), **by_uid),
            Grafana("/datasources", item="/datasources/uid/{uid}", unique=("name",), made=source, shown=source_shown,
                    changed=source_changed, told={**stored, "PUT": stored["POST"]}, server_set=("id", "version"), **by_uid),
            Dashboards("/dashboards/db"),
            Grafana(ALERTING + "/contact-points", item=ALERTING + "/contact-points/{UID}", made=point, shown=point_shown,
                    changed=point_changed, told={"PUT": said(message="updated")}, alerting=True, server_set=("uid",),
                    **{**by_uid, "created": 202, "done": 202}, put=202),
            RuleGroups(GROUP, {"FolderUID": "/folders"}),
            Policies(ALERTING + "/policies"),
            CodeOfExisting(ALERTING + "/mute-timings", exists="alerting.notifications.time-intervals.nameExists",
                           item=ALERTING + "/mute-timings/{name}", made=timing, alerting=True, put=202,
                    page=whole_list, changes=("PUT",), server_set=("name", "version")),
            Grafana("/teams", item="/teams/{team_id}", search="/teams/search", made=team, page=page("teams"), created=200,
                    changes=("PUT",), told={"POST": lambda there: {"teamId": there["id"], "uid": there["uid"], "message": "created"},
                                            "PUT": said(message="updated"), "DELETE": said(message="deleted")},
                    server_set=("id", "uid"), **numbered),
            CodeOfExisting("/serviceaccounts", exists="serviceaccounts.ErrAlreadyExists",
                           item="/serviceaccounts/{serviceAccountId}", search="/serviceaccounts/search", made=account,
                     page=page("serviceAccounts"), told={"PATCH": accounts, "DELETE": said(message="Service account deleted")},
                     server_set=("id", "login"), **numbered)])


PROVIDER = """import "std/grafana"
let server = "%s"
provider boards : grafana.Server { url = server, token = secret.env("CONFORMANCE_SECRET") }
resource shared : grafana.Folder { using boards, title = "Shared" }
resource other : grafana.Folder { using boards, title = "Other" }
resource pager : grafana.ContactPoint { using boards, name = "Pager", type = "webhook", settings = { url = "http://pager" } }
resource mail : grafana.ContactPoint { using boards, name = "Mail", type = "email", settings = { addresses = "ops@example.com" } }
"""

RULE = ('{{ uid = "{h}", title = "Up", condition = "A", queries = [{{ ref = "A", source = "prometheus", '
        'model = {{ expr = "up" }} }}] %s }}')

ROWS = [
    Row("grafana.Folder", ("uid",), ("POST", "/folders$"),
        {"uid": '"{h}"', "title": '"Folder {h}"'}, {"title": '"Renamed {h}"', "parent": "shared"}, using="boards"),
    Row("grafana.DataSource", ("uid",), ("POST", "/datasources$"),
        {"uid": '"{h}"', "name": '"{h}"', "type": '"prometheus"', "url": '"http://prometheus:9090"',
         "settings": '{{ timeInterval = "15s" }}', "secrets": '{{ basicAuthPassword = secret.env("CONFORMANCE_VALUE") }}'},
        {"name": '"other-{h}"', "type": '"loki"', "url": '"http://other:9090"', "access": '"direct"', "user": '"ada"',
         "database": '"metrics"', "basic_auth": "true", "basic_auth_user": '"grace"', "with_credentials": "true", "default": "true",
         "settings": '{{ timeInterval = "60s", httpMethod = "POST" }}',
         "secrets": '{{ basicAuthPassword = secret.env("CONFORMANCE_OTHER") }}'}, using="boards"),
    Row("grafana.Dashboard", ("uid",), ("POST", "/dashboards/db$"),
        {"uid": '"{h}"', "model": '{{ title = "Board {h}", panels = [{{ id = 1, type = "stat", title = "Up" }}] }}'},
        {"model": '{{ title = "Board {h}", description = "new", panels = [{{ id = 1, type = "stat", title = "Down" }}] }}',
         "folder": "shared"}, using="boards"),
    Row("grafana.ContactPoint", ("uid",), ("POST", "/contact-points$"),
        {"uid": '"{h}"', "name": '"{h}"', "type": '"webhook"', "settings": '{{ url = "http://hook" }}',
         "secrets": '{{ password = secret.env("CONFORMANCE_VALUE") }}'},
        {"name": '"other-{h}"', "type": '"slack"', "settings": '{{ url = "http://other", recipient = "#ops" }}',
         "secrets": '{{ password = secret.env("CONFORMANCE_OTHER") }}', "quiet_on_end": "true"}, using="boards"),
    Row("grafana.AlertRuleGroup", ("folder", "name"), ("PUT", "/rule-groups/"),
        {"folder": "shared", "name": '"{h}"', "rules": "[%s]" % (RULE % ", pending = 5min")},
        {"interval": "2min",
         "rules": "[%s, %s]" % ((RULE % ', pending = 90s, keep_firing = 1h, no_data = "OK", on_error = "Alerting", paused = true, '
                                 'labels = {{ team = "ops" }}, annotations = {{ summary = "down" }}, notify = {{ receiver = "Pager" }}'),
                                RULE.replace('"{h}"', '"{h}-2"').replace('"Up"', '"Also up"') % "")}, using="boards"),
    Row("grafana.NotificationPolicy", ("name",), ("PUT", "/policies$"),
        {"receiver": "pager.name"},
        {"receiver": 'mail.name', "group_by": '["team", "alertname"]', "group_wait": "45s", "group_interval": "10min",
         "repeat_interval": "1d", "routes": '[{{ receiver = "Pager", object_matchers = [["team", "=", "ops"]], continue = true }}]'},
        using="org_{n}",
        needs='provider org_{n} : grafana.Server {{ url = server, token = secret.env("CONFORMANCE_SECRET"), org = {i} }}'),
    Row("grafana.MuteTiming", ("name",), ("POST", "/mute-timings$"),
        {"name": '"{h}"', "times": '[{{ weekdays = ["saturday", "sunday"] }}]'},
        {"times": '[{{ times = [{{ from = "22:00", to = "24:00" }}], days = ["1:5", "-1"], months = ["june:august"], '
                  'years = ["2026"], location = "Europe/Berlin" }}, {{ weekdays = ["sunday"] }}]'}, using="boards"),
    Row("grafana.Team", ("name",), ("POST", "/teams$"), {"name": '"{h}"'}, {"email": '"{h}@example.com"'}, using="boards"),
    Row("grafana.ServiceAccount", ("name",), ("POST", "/serviceaccounts$"),
        {"name": '"{h}"'}, {"role": '"Editor"', "disabled": "true"}, using="boards"),
]
