"""Grafana's HTTP API as its pages and its users describe it, as far as std/grafana needs it: not the real one.

Folders and dashboards have versions (412 to a stale one, with `status`), dashboards gain an id, a version and defaults in
every panel, data sources never show their secrets and answer PUT by replacing what is not sent, contact points are redacted,
answer 202 and have no GET of their own. Unknown members of a body are refused, as a test of what is sent.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

DEFAULTS = {"url": "", "user": "", "database": "", "basicAuth": False, "basicAuthUser": "", "withCredentials": False,
            "isDefault": False, "jsonData": {}}
SOURCE = {*DEFAULTS, "uid", "name", "type", "access", "secureJsonData", "version"}


class Grafana:
    def __init__(self, token):
        self.token = token
        self.folders, self.sources, self.dashboards, self.points = {}, {}, {}, {}
        self.requests = []
        self.lock = threading.RLock()
        grafana = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self):
                text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                with grafana.lock:
                    grafana.requests.append((self.command, self.path))
                    status, body = grafana.route(self, json.loads(text) if text else None)
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=UTF-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_DELETE = handle_one

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def route(self, handler, body):
        if handler.headers.get("Authorization") != "Bearer " + self.token:
            return 401, {"message": "Invalid API key"}
        words = [unquote(word) for word in urlsplit(handler.path).path.split("/")[2:]]
        method = handler.command
        if words[0] == "folders":
            return self.folder(method, words[1:], body)
        if words[0] == "datasources":
            return self.source(method, words[1:], body)
        if words[0] == "dashboards":
            return self.dashboard(method, words[1:], body)
        if words[:3] == ["v1", "provisioning", "contact-points"]:
            if method != "GET" and handler.headers.get("X-Disable-Provenance") != "true":
                return 409, {"message": "invalid provenance"}
            return self.point(method, words[3:], body)
        return 404, {"message": "Not found"}

    def folder(self, method, words, body):
        if method == "POST" and not words:
            assert set(body) <= {"uid", "title", "parentUid"}, body
            if body["uid"] in self.folders:
                return 412, {"message": "the folder has been changed by someone else", "status": "version-mismatch"}
            self.folders[body["uid"]] = {"title": body["title"], "parentUid": body.get("parentUid") or "", "version": 1}
            return 200, {"uid": body["uid"]}
        if not words or words[0] not in self.folders:
            return 404, {"message": "folder not found"}
        folder = self.folders[words[0]]
        if method == "POST":
            folder["parentUid"] = body["parentUid"]
        elif method == "PUT":
            if body["version"] != folder["version"]:
                return 412, {"message": "the folder has been changed by someone else", "status": "version-mismatch"}
            folder.update(title=body["title"], version=folder["version"] + 1)
        elif method == "DELETE":
            del self.folders[words[0]]
            return 200, {"message": "Folder deleted", "id": 1}
        shown = {"id": 1, "uid": words[0], "url": "/dashboards/f/%s" % words[0], "hasAcl": False, **folder}
        if not shown["parentUid"]:
            del shown["parentUid"]
        return 200, shown

    def shown_source(self, source):
        shown = {key: value for key, value in source.items() if key != "secureJsonData"}
        return {**shown, "id": 7, "orgId": 1, "typeLogoUrl": "x.svg", "readOnly": False,
                "secureJsonFields": {key: True for key in source["secureJsonData"]}}

    def source(self, method, words, body):
        if not words and method == "GET":
            return 200, [self.shown_source(source) for source in self.sources.values()]
        if method in ("POST", "PUT"):
            assert set(body) <= SOURCE, body
        if not words:
            if body["uid"] in self.sources:
                return 409, {"message": "data source with the same name already exists"}
            self.sources[body["uid"]] = {**DEFAULTS, "secureJsonData": {}, **body, "version": 1}
            return 200, {"id": 7, "message": "Datasource added", "name": body["name"]}
        uid = words[1]
        if uid not in self.sources:
            return 404, {"message": "Data source not found"}
        source = self.sources[uid]
        if method == "DELETE":
            del self.sources[uid]
            return 200, {"message": "Data source deleted"}
        if method == "PUT":
            if body["version"] != source["version"]:
                return 409, {"message": "Datasource has already been updated by someone else"}
            secrets = {**source["secureJsonData"], **(body.get("secureJsonData") or {})}
            self.sources[uid] = {**DEFAULTS, **body, "secureJsonData": secrets, "version": source["version"] + 1}
        return 200, self.shown_source(self.sources[uid])

    def dashboard(self, method, words, body):
        if method == "POST":
            assert set(body) <= {"dashboard", "folderUid", "overwrite", "message"}, body
            model = body["dashboard"]
            uid, there = model["uid"], self.dashboards.get(model["uid"])
            if there and model.get("version") != there["model"]["version"]:
                return 412, {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
            version = there["model"]["version"] + 1 if there else 1
            panels = [{"datasource": None, "gridPos": {"h": 8, "w": 12}, **panel} for panel in model.get("panels", [])]
            self.dashboards[uid] = {"folder": body.get("folderUid") or "", "model": {
                "editable": True, "timezone": "browser", **model, "panels": panels, "id": 31, "version": version}}
            return 200, {"uid": uid, "version": version, "status": "success"}
        if words[1] not in self.dashboards:
            return 404, {"message": "Dashboard not found"}
        there = self.dashboards[words[1]]
        if method == "DELETE":
            del self.dashboards[words[1]]
            return 200, {"message": "deleted"}
        return 200, {"dashboard": there["model"],
                     "meta": {"folderUid": there["folder"], "url": "/d/%s" % words[1], "slug": "x"}}

    def point(self, method, words, body):
        if method == "GET":
            redacted = [{**point, "settings": {key: "[REDACTED]" if key in ("password", "token") else value
                                               for key, value in point["settings"].items()}}
                        for point in self.points.values()]
            return 200, redacted
        if method == "POST":
            self.points[body["uid"]] = dict(body)
        elif words[0] not in self.points:
            return 404, {"message": "no such contact point"}
        elif method == "PUT":
            self.points[words[0]].update(body)
        else:
            del self.points[words[0]]
        return 202, {"message": "accepted"}
