"""std/grafana against a server that behaves as Grafana's pages say (grafana_server.py): everything made, nothing left to do,
each field changed and drifted, adopted, refused, deleted; no secret in anything that is said or kept.

usage: std_grafana.py CARBON
"""

import json
import os
import re
import shutil
import sys
import tempfile

import carbon_folder
import grafana_server

TOKEN = "glsa_%s" % os.urandom(8).hex()
PASSWORD = "grafana-source-%s" % os.urandom(6).hex()
MODEL = {"id": 12, "uid": "trino", "version": 40, "title": "Trino", "schemaVersion": 39, "tags": ["sql"],
         "panels": [{"id": 1, "type": "stat", "title": "Workers", "targets": [{"refId": "A", "expr": "up"}]}]}
PLATFORM = """import "std/grafana"
import "trino.json" as trino : json

platform boards {{ world live }}
provider dash : grafana.Server {{ url = "{url}", token = secret.env("GRAFANA_TOKEN") }}
resource platform_folder : grafana.Folder {{ uid = "platform", title = "Platform" }}
resource alerts : grafana.Folder {{ title = "{alerts}", uid = "alerts", {parent} }}
resource prom : grafana.DataSource {{
  name     = "Prometheus"
  type     = "prometheus"
  url      = "http://prometheus:9090"
  settings = {{ timeInterval = "{interval}" }}
  secrets  = {{ basicAuthPassword = secret.env("SOURCE_PASSWORD") }}
}}
resource logs : grafana.DataSource {{ name = "Loki", type = "loki", url = "http://loki:3100" }}
resource board : grafana.Dashboard {{ {folder} model = trino }}
resource hook : grafana.ContactPoint {{
  name     = "Hook"
  type     = "webhook"
  settings = {{ url = "http://hook" }}
  secrets  = {{ password = secret.env("SOURCE_PASSWORD") }}
}}
"""


class Boards:
    def __init__(self, binary):
        self.folder = tempfile.mkdtemp()
        self.env = carbon_folder.environment(self.folder, os.path.abspath(binary))
        self.env.update({"GRAFANA_TOKEN": TOKEN, "SOURCE_PASSWORD": PASSWORD})
        self.grafana = grafana_server.Grafana(TOKEN)
        self.said = b""

    def declare(self, model=MODEL, interval="15s", alerts="Alerts", parent="parent = platform_folder",
                folder="folder = platform_folder, "):
        with open(os.path.join(self.folder, "trino.json"), "w") as file:
            json.dump(model, file)
        with open(os.path.join(self.folder, "boards.carbon"), "w") as file:
            file.write(PLATFORM.format(url=self.grafana.url, interval=interval, alerts=alerts, parent=parent, folder=folder))

    def carbon(self, *words, expected=0):
        code, out, error = carbon_folder.run(["carbon", *words], self.folder, self.env, 120)
        self.said += out + error
        assert code == expected, "carbon %s: exit %d\n%s\n%s" % (" ".join(words), code, out.decode(), error.decode())
        return out.decode() + error.decode()

    def apply_and_nothing_is_left(self):
        text = self.carbon("apply", "--yes")
        self.carbon("plan", "--detailed-exitcode")
        return text


def says(pattern, text):
    assert re.search(pattern, text), "/%s/ is not in\n%s" % (pattern, text)


def run(boards):
    grafana = boards.grafana
    boards.declare()
    says("6 create", boards.carbon("plan"))
    boards.apply_and_nothing_is_left()
    assert grafana.folders["alerts"]["parentUid"] == "platform"
    assert grafana.sources["prometheus"]["secureJsonData"] == {"basicAuthPassword": PASSWORD}
    assert grafana.dashboards["trino"]["folder"] == "platform" and grafana.dashboards["trino"]["model"]["id"] == 31
    assert grafana.points["hook"]["settings"] == {"url": "http://hook", "password": PASSWORD}

    # Each data source by its own GET, since the list of all leaves out a part, and a plan sends nothing but GETs.
    del grafana.requests[:]
    boards.carbon("plan", "--detailed-exitcode")
    assert len([path for _, path in grafana.requests if "/datasources/uid/" in path]) == 2
    assert not [each for each in grafana.requests if each[0] != "GET"], grafana.requests

    # Each by its own field: the panel of a dashboard, a member of a data source's settings, a title, a move.
    grafana.dashboards["trino"]["model"]["panels"][0]["title"] = "Edited"
    grafana.sources["prometheus"]["jsonData"]["timeInterval"] = "60s"
    text = boards.carbon("plan")
    says(r"(?s)~ board .*drift.*panels\[0\]\.title +\"Edited\" -> \"Workers\"", text)
    says(r"settings\.timeInterval +\"60s\" -> \"15s\"", text)
    boards.apply_and_nothing_is_left()
    model = json.loads(json.dumps(MODEL))
    model["panels"][0]["targets"][0]["expr"] = "sum(up)"
    boards.declare(model, "30s", "All alerts", "")
    boards.apply_and_nothing_is_left()
    assert grafana.folders["alerts"] == {"title": "All alerts", "parentUid": "", "version": 2}, grafana.folders
    assert grafana.sources["prometheus"]["jsonData"] == {"timeInterval": "30s"}
    assert grafana.sources["prometheus"]["secureJsonData"] == {"basicAuthPassword": PASSWORD}
    # An export of the same dashboard with another id and version says nothing new.
    boards.declare({**model, "id": 99, "version": 77}, "30s", "All alerts", "")
    boards.carbon("plan", "--detailed-exitcode")

    # What the file does not say is left where somebody put it, also when the rest is written anew.
    boards.declare(model, "30s", "All alerts", "", "")
    boards.apply_and_nothing_is_left()
    assert grafana.dashboards["trino"]["folder"] == ""
    grafana.dashboards["trino"]["folder"] = "alerts"
    grafana.sources["prometheus"].update(basicAuth=True, basicAuthUser="ada")
    boards.declare({**model, "title": "Trino again"}, "45s", "All alerts", "", "")
    says("2 update", boards.apply_and_nothing_is_left())
    assert grafana.dashboards["trino"]["folder"] == "alerts"
    assert grafana.sources["prometheus"]["basicAuthUser"] == "ada" and grafana.sources["prometheus"]["basicAuth"]

    # Made by hand meanwhile: refused until adopted.
    boards.carbon("destroy", "--yes")
    assert not (grafana.folders or grafana.sources or grafana.dashboards or grafana.points)
    grafana.folders["platform"] = {"title": "By hand", "parentUid": "", "version": 1}
    says("C0416", boards.carbon("plan", expected=1))
    boards.env["GRAFANA_TOKEN"] = "wrong"
    says("C0703", boards.carbon("plan", expected=1))
    says("C0110", boards.carbon("plan", "--world", "sandbox", expected=1))
    check_secrets(boards)


def check_secrets(boards):
    for secret in (TOKEN.encode(), PASSWORD.encode()):
        assert secret not in boards.said, secret
        for directory, _, names in os.walk(boards.folder):
            for name in names:
                with open(os.path.join(directory, name), "rb") as file:
                    assert secret not in file.read(), name


def main(binary):
    boards = Boards(binary)
    try:
        run(boards)
    finally:
        boards.grafana.close()
        shutil.rmtree(boards.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
