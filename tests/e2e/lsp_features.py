#!/usr/bin/env python3
"""What `carbon lsp` says about a package of several files with an import, and what its edits make of it.

    lsp_features.py CARBON
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import lsp_client
from lsp_client import CASES, case, check, equal

CARBON = os.path.realpath(sys.argv[1])
FILES = {
    "platform.carbon": """import "std/k8s"
import "std/postgres"
import "lib/shop"
import "motd.txt" as motd : string

platform demo {
  title = "demo"
}
provider cluster : k8s.Cluster { namespace = "default" }
provider db : postgres.Server { host = "localhost", user = "postgres", password = secret.env("PGPASSWORD") }

## How many copies run.
input replicas : int(min=1, max=9) = 2
## What a majority of them is.
let quorum = shop.half(replicas) + 1

resource data : k8s.Namespace {}
resource config : k8s.ConfigMap {
  after data
  data = { quorum = "${quorum}", motd = motd }
}
resource orders : postgres.Database { name = "orders" }
use front : shop.Front { copies = quorum, tone = "loud" }
environment dev { replicas = 4 }
environment prod { replicas = 9 }
test "small" { environment dev, expect quorum == 3 }
""",
    "more.carbon": """import "std/k8s"

resource extra : k8s.ConfigMap { data = { of = config.metadata.name, url = front.url } }
""",
    "lib/shop/shop.carbon": """import "std/k8s"

## Half of it, rounded down.
fn half(n : int) : int = n / 2
type Tone = "loud" | "quiet"
## A front of so many copies.
component Front {
  ## How many.
  input copies : int
  input tone : Tone
  resource pods : k8s.ConfigMap {
    metadata = { name = "front" }
    data     = { copies = "${copies}", tone = tone }
  }
  output url : string = "http://${pods.metadata.name}"
}
""",
    "motd.txt": "hello\n",
}
# Of SymbolKind: platform, environment, policy and test have no name that anything refers to.
UNNAMED_SYMBOLS = (3, 4, 6, 24)
# How many declarations of the example are renamed; 0 is all.
SAMPLE = int(os.environ.get("CARBON_RENAME_SAMPLE", "12"))


def place(client, name, mark, behind=False):
    line, column = lsp_client.position_of(client.text(name), mark, behind)
    return client.at(name, line, column)


def names(client, locations):
    """`file:line` of each, from 1."""
    return sorted("%s:%d" % (each["uri"][len(client.uri("")) + 1:], each["range"]["start"]["line"] + 1) for each in locations)


def opened(client, *files):
    client.initialize()
    for name in files:
        uri = client.open(name)
        equal(client.settle(uri), [], "diagnostics of %s" % name)


def completed(client, name, text, mark="|"):
    """Labels in the order of an editor, and the items, at the mark of a text that is typed into the document."""
    at = text.index(mark)
    text = text[:at] + text[at + len(mark):]
    client.change(name, text)
    before = text[:at]
    line, column = before.count("\n"), len(before[before.rfind("\n") + 1:].encode())
    result = client.request("textDocument/completion", client.at(name, line, column))
    items = sorted(result["items"], key=lambda item: item["sortText"])
    return [item["label"] for item in items], {item["label"]: item for item in items}, text


@case
def diagnostics(client):
    """as you type, with code, remedy and related places, in every file of the package"""
    opened(client, "platform.carbon", "more.carbon")
    text = client.text("platform.carbon")
    client.change("platform.carbon", text.replace("resource config", "resource confug"))
    client.settle(client.uri("platform.carbon"))
    (found,) = client.diagnostics[client.uri("more.carbon")]
    equal((found["code"], found["severity"], found["source"]), ("C0302", 1, "carbon"), "diagnostic")
    check("did you mean `confug`?" in found["message"], found["message"])
    client.change("platform.carbon", text + "resource config : k8s.ConfigMap {}\n")
    (found,) = client.settle(client.uri("platform.carbon"))
    equal(found["code"], "C0309", "code")
    related = found["relatedInformation"]
    equal(names(client, [each["location"] for each in related]), ["platform.carbon:18"], "related")
    # evaluation speaks too: a value outside its limits, in the first environment
    client.change("platform.carbon", text.replace("replicas = 4", "replicas = 40"))
    (found,) = client.settle(client.uri("platform.carbon"))
    equal(found["code"], "C0207", "code")
    client.change("platform.carbon", text)
    equal(client.settle(client.uri("platform.carbon")), [], "diagnostics")
    equal(client.diagnostics[client.uri("more.carbon")], [], "diagnostics")


@case
def broken_declaration(client):
    """a declaration that does not parse is one error, not one more for every use of its name"""
    opened(client, "platform.carbon", "more.carbon")
    client.change("platform.carbon", client.text("platform.carbon").replace("resource config : k8s.ConfigMap {", "resource config : k8s. {"))
    (found,) = client.settle(client.uri("platform.carbon"))
    equal(found["code"], "C0102", "code")
    equal(client.diagnostics[client.uri("more.carbon")], [], "where the name is used")


@case
def unsaved_import(client):
    """an imported package is read as the editor has it, saved or not"""
    opened(client, "platform.carbon")
    uri = client.open("lib/shop/shop.carbon")
    client.settle(uri)
    client.change("lib/shop/shop.carbon", client.text("lib/shop/shop.carbon").replace("fn half", "fn part"))
    client.settle(uri)
    (found,) = client.diagnostics.get(client.uri("platform.carbon")) or client.settle(client.uri("platform.carbon"))
    equal(found["code"], "C0302", "code")
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    while client.settle(client.uri("platform.carbon")):
        pass


@case
def hover(client):
    """type, doc, value in the first environment and where it comes from"""
    opened(client, "platform.carbon")

    def says(mark, *texts):
        result = client.request("textDocument/hover", place(client, "platform.carbon", mark))
        check(result, "nothing about %s" % mark)
        for text in texts:
            check(text in result["contents"]["value"], "hover on %s: %s" % (mark, result["contents"]["value"]))

    says("quorum = shop", "let quorum : int", "What a majority of them is.", "In environment `dev`", "3")
    says("replicas : int", "input replicas : int(min=1, max=9)", "How many copies run.", "from platform.carbon:24", "4")
    says("half(", "fn half(n : int) : int", "Half of it, rounded down.")
    says("Front {", "component Front", "A front of so many copies.")
    says("ConfigMap {", "k8s.ConfigMap", "ConfigMap holds configuration data")
    says("config :", "resource config : k8s.ConfigMap")
    says("name = \"orders\"", "name : ", "required")
    says("copies = quorum", "copies : int")
    says("data = { quorum", "data : map<string>", '{ motd = "hello\\n", quorum = "3" }', "from platform.carbon:20")
    says("tone = \"loud\"", "\"loud\" | \"quiet\"")
    says("env(\"PG", "secret.env(", "secret<string>")
    equal(client.request("textDocument/hover", place(client, "platform.carbon", "title = ")), None, "hover on nothing known")


@case
def hover_in_environment(client):
    """the client may choose the environment"""
    client.initialize(options={"environment": "prod"})
    client.settle(client.open("platform.carbon"))
    result = client.request("textDocument/hover", place(client, "platform.carbon", "quorum = shop"))
    check("In environment `prod`" in result["contents"]["value"] and "5" in result["contents"]["value"], result)


@case
def definition(client):
    """across files and imported packages"""
    opened(client, "platform.carbon")
    client.settle(client.open("more.carbon"))

    def leads(name, mark, *wanted):
        found = client.request("textDocument/definition", place(client, name, mark))
        equal(names(client, found), sorted(wanted), "definition of %s" % mark)

    leads("platform.carbon", "replicas) + 1", "platform.carbon:13")
    leads("platform.carbon", "half(", "lib/shop/shop.carbon:4")
    leads("platform.carbon", "Front {", "lib/shop/shop.carbon:7")
    leads("platform.carbon", "copies = quorum", "lib/shop/shop.carbon:9")
    leads("platform.carbon", "lib/shop", "lib/shop/shop.carbon:1")
    leads("platform.carbon", "motd.txt", "motd.txt:1")
    leads("platform.carbon", "data\n  data", "platform.carbon:17")
    leads("platform.carbon", "replicas = 9", "platform.carbon:13")
    leads("more.carbon", "config.metadata", "platform.carbon:18")
    leads("more.carbon", "url }", "lib/shop/shop.carbon:15")
    leads("platform.carbon", "dev, expect", "platform.carbon:24")
    leads("platform.carbon", "ConfigMap {")  # no file holds it


@case
def references(client):
    """every use, in every file; the declaration if it is wanted"""
    opened(client, "platform.carbon")

    def used(mark, declaration, *wanted):
        params = place(client, "platform.carbon", mark)
        params["context"] = {"includeDeclaration": declaration}
        equal(names(client, client.request("textDocument/references", params)), sorted(wanted), "references of %s" % mark)

    used("replicas : int", True, "platform.carbon:13", "platform.carbon:15", "platform.carbon:24", "platform.carbon:25")
    used("replicas = 9", False, "platform.carbon:15", "platform.carbon:24", "platform.carbon:25")
    used("config :", True, "platform.carbon:18", "more.carbon:3")
    used("copies = quorum", True, "lib/shop/shop.carbon:9", "lib/shop/shop.carbon:13", "platform.carbon:23")
    used("title = ", True)


@case
def symbols_and_tokens(client):
    """declarations, those of components beneath them; tokens by meaning"""
    opened(client, "platform.carbon")
    client.settle(client.open("lib/shop/shop.carbon"))
    uri = client.uri("lib/shop/shop.carbon")
    symbols = client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    equal([each["name"] for each in symbols], ["half", "Tone", "Front"], "symbols")
    equal([each["name"] for each in symbols[2]["children"]], ["copies", "tone", "pods", "url"], "symbols of a component")
    legend = client.error("initialize", {}) and None
    equal(legend, None, "a second initialize")
    data = client.request("textDocument/semanticTokens/full", {"textDocument": {"uri": uri}})["data"]
    types = ["keyword", "namespace", "type", "function", "variable", "parameter", "property", "string", "number", "comment"]
    text = client.text("lib/shop/shop.carbon").split("\n")
    line = column = 0
    found = []
    for i in range(0, len(data), 5):
        line, column = line + data[i], data[i + 1] + (column if data[i] == 0 else 0)
        found.append((line, text[line][column:column + data[i + 2]], types[data[i + 3]]))
    for wanted in [(0, "import", "keyword"), (0, '"', "string"), (0, "std/k8s", "string"), (2, "## Half of it, rounded down.", "comment"),
                   (3, "fn", "keyword"), (3, "half", "function"), (3, "n", "parameter"), (3, "int", "type"), (3, "2", "number"),
                   (4, "Tone", "type"), (6, "component", "keyword"), (6, "Front", "type"), (8, "copies", "parameter"),
                   (10, "pods", "variable"), (12, "copies", "property"), (12, "copies", "parameter"), (14, "pods", "variable"),
                   (14, "metadata", "property")]:
        check(wanted in found, "no token %r in %r" % (wanted, [each for each in found if each[0] == wanted[0]]))


@case
def formatting(client):
    """as `carbon fmt` does it"""
    opened(client, "platform.carbon")
    uri = client.uri("platform.carbon")
    text = client.text("platform.carbon")
    untidy = text.replace("{ replicas = 4 }", "{replicas=4}").replace("title = ", "title    =   ")
    client.change("platform.carbon", untidy)
    edits = client.request("textDocument/formatting", {"textDocument": {"uri": uri}, "options": {"tabSize": 8}})
    equal(lsp_client.apply(untidy, edits), text, "formatted")
    client.change("platform.carbon", text)
    equal(client.request("textDocument/formatting", {"textDocument": {"uri": uri}, "options": {}}), [], "edits of tidy text")


@case
def complete_fields(client):
    """fields of the resource's type, required ones first, with docs and without those that stand there; then settings"""
    opened(client, "platform.carbon")
    text = client.text("platform.carbon")
    labels, items, _ = completed(client, "platform.carbon", text + "resource x : k8s.Deployment {\n  metadata = {}\n  |\n}\n")
    check("spec" in labels and "metadata" not in labels and "status" not in labels, labels)
    check(items["spec"]["textEdit"]["newText"] == "spec = ", items["spec"])
    check("Deployment" in items["spec"]["documentation"]["value"], items["spec"])
    check(labels.index("spec") < labels.index("protect") and "keep" not in labels, labels)
    labels, items, _ = completed(client, "platform.carbon", text + "resource x : postgres.Role {\n  ow|\n}\n")
    equal(labels[0], "name", "required first")
    # deep inside, with nothing closed
    labels, items, typed = completed(client, "platform.carbon",
                                     text + "resource x : k8s.Deployment {\n  spec = { template = { spec = { containers = [{ im|")
    check("image" in labels and "imagePullPolicy" in labels and "protect" not in labels, labels)
    equal(labels[0], "name", "the key comes first")
    edited = lsp_client.apply(typed, [items["image"]["textEdit"]])
    check(edited.endswith("[{ image = "), edited[-40:])
    # a component's inputs, an environment's, and a union's words
    labels, _, _ = completed(client, "platform.carbon", text.replace("{ copies = quorum, tone", "{ |tone"))
    check("copies" in labels and "after" in labels and "replicas" not in labels, labels)
    labels, _, _ = completed(client, "platform.carbon", text.replace("replicas = 9", "re|"))
    check("replicas" in labels and "patch" in labels, labels)
    labels, _, _ = completed(client, "platform.carbon", text.replace('"loud"', '"|"'))
    equal(labels, ["loud", "quiet"], "words of a union")
    labels, _, _ = completed(client, "platform.carbon", text.replace('"loud"', "|"))
    equal(labels[:2], ["loud", "quiet"], "words of a union, unquoted")


@case
def complete_names(client):
    """members, names in scope with their types, functions with docs, types, keywords, packages"""
    opened(client, "platform.carbon")
    text = client.text("platform.carbon")
    labels, items, _ = completed(client, "platform.carbon", text + "let x = config.metadata.|\n")
    check("name" in labels and "uid" in labels and "replicas" not in labels, labels)
    labels, _, _ = completed(client, "platform.carbon", text + "let x = front.|\n")
    equal(labels, ["url"], "outputs")
    labels, _, _ = completed(client, "platform.carbon", text + "let x = shop.|\n")
    equal(labels, ["half"], "values and functions of a package")
    labels, items, _ = completed(client, "platform.carbon", text + "let x = [for pod in [1, 2] : po|]\n")
    check("pod" in labels and "quorum" in labels and "slug" in labels and "x" in labels, labels)
    equal(items["quorum"]["detail"], "int", "type of a name")
    check("dash" in items["slug"]["documentation"]["value"].lower() or items["slug"]["documentation"]["value"], items["slug"])
    check(items["slug"]["detail"].startswith("slug("), items["slug"])
    labels, _, _ = completed(client, "platform.carbon", text + "let x = secret.|\n")
    equal(labels, ["env", "file", "k8s"], "secrets")
    labels, _, _ = completed(client, "platform.carbon", text + "resource x : |\n")
    check("k8s" in labels and "string" not in labels, labels)
    labels, _, _ = completed(client, "platform.carbon", text + "resource x : k8s.Conf|\n")
    check("ConfigMap" in labels and "Cluster" not in labels, labels)
    labels, _, _ = completed(client, "platform.carbon", text + "provider x : postgres.|\n")
    equal(labels, ["Server"], "connections")
    labels, _, _ = completed(client, "platform.carbon", text + "use x : shop.|\n")
    equal(labels, ["Front"], "components")
    labels, _, _ = completed(client, "platform.carbon", text + "input x : |\n")
    check("string" in labels and "list" in labels and "shop" in labels, labels)
    labels, items, _ = completed(client, "platform.carbon", text + "res|\n")
    check("resource" in labels and "component" in labels and "slug" not in labels, labels)
    equal(items["resource"]["textEdit"]["newText"], "resource ", "keyword")
    labels, _, _ = completed(client, "platform.carbon", text + 'import "std/|"\n')
    check({"k8s", "postgres", "grafana", "velero"} <= set(labels), labels)
    labels, _, _ = completed(client, "platform.carbon", text.replace("after data", "after |"))
    check("data" in labels and "front" in labels and "quorum" not in labels, labels)
    labels, _, _ = completed(client, "platform.carbon", text + "# a comm|\n")
    equal(labels, [], "in a comment")
    labels, _, _ = completed(client, "platform.carbon", text + "policy p : |\n")
    equal(labels, ["error", "info", "warning"], "severities")
    labels, _, _ = completed(client, "platform.carbon", text + "policy p : error for x in resources(k8s.ConfigMap) {\n  check x.|\n}\n")
    check("metadata" in labels and "data" in labels, labels)
    labels, _, _ = completed(client, "platform.carbon", text + "let x = { a = [for c in [1] : if c == 1 then quo|\n")
    check("quorum" in labels and "c" in labels and "if" in labels, labels)
    labels, _, _ = completed(client, "platform.carbon", text + "let x : map<list<s|\n")
    check("string" in labels and "shop" in labels, labels)
    labels, _, _ = completed(client, "platform.carbon", text.replace("k8s.Namespace", "|.Namespace"))
    check("k8s" in labels and "string" not in labels, labels)
    client.open("lib/shop/shop.carbon")
    labels, _, _ = completed(client, "lib/shop/shop.carbon", client.text("lib/shop/shop.carbon").replace('"${copies}"', "co@@"), "@@")
    check("copies" in labels and "tone" in labels and "quorum" not in labels, labels)


@case
def complete_snippets(client):
    """whole declarations, for clients that fill the places of snippets, where nothing follows in the line"""
    client.initialize(snippets=True)
    client.settle(client.open("platform.carbon"))
    text = client.text("platform.carbon")
    _, items, typed = completed(client, "platform.carbon", text + "\nr|\n")
    for keyword, item in items.items():
        equal(item["insertTextFormat"], 2, "format of %s" % keyword)
        inserted = lsp_client.apply(typed, [item["textEdit"]])
        check(inserted.startswith(text) and keyword in inserted, inserted[len(text):])
        # The first choice, the default, or nothing.
        filled = re.sub(r"\$\{\d+\|(\w+)[^|]*\|\}|\$\{\d+:([^}]*)\}|\$\d", lambda place: place[1] or place[2] or "", inserted)
        client.change("platform.carbon", filled)
        found = client.settle(client.uri("platform.carbon"))
        check(not [each for each in found if each["code"].startswith("C01") and each["code"] != "C0113"],
              "%s: %r" % (filled[len(text):], found))
    equal(len(items), 18, "keywords")
    _, items, typed = completed(client, "platform.carbon", text + "let x = slu|\n")
    equal(lsp_client.apply(typed, [items["slug"]["textEdit"]])[len(text):], "let x = slug($0)\n", "a call")
    for rest in ("resource| y : k8s.ConfigMap {}\n", "let x = [slu|]\n"):
        _, items, _ = completed(client, "platform.carbon", text + rest)
        check(not [each for each in items.values() if "insertTextFormat" in each], "%s has a snippet" % rest)


@case
def fixes(client):
    """the safe fixes of diagnostics, one or all"""
    client.initialize()
    text = client.text("platform.carbon").replace("replicas = 4", "replcas = 4").replace("name = \"orders\"", "nmae = \"orders\"")
    uri = client.open("platform.carbon", text)
    equal(len(client.settle(uri)), 2, "diagnostics")
    line, column = lsp_client.position_of(text, "replcas")
    at = {"line": line, "character": column}
    params = {"textDocument": {"uri": uri}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}}
    actions = client.request("textDocument/codeAction", params)
    quick = [each for each in actions if each["kind"] == "quickfix"]
    equal([each["title"] for each in quick], ["did you mean `replicas`?"], "titles")
    fixed = lsp_client.apply(text, quick[0]["edit"]["changes"][uri])
    check("{ replicas = 4 }" in fixed and "nmae" in fixed, "one fix")
    params["context"]["only"] = ["source.fixAll"]
    (every,) = client.request("textDocument/codeAction", params)
    equal(lsp_client.apply(text, every["edit"]["changes"][uri]), client.text("platform.carbon"), "all fixes")


def renamed(client, name, mark, new):
    params = place(client, name, mark)
    params["newName"] = new
    for uri, edits in client.request("textDocument/rename", params)["changes"].items():
        path = uri[len(client.uri("")) + 1:]
        text = lsp_client.apply(client.text(path), edits)
        with open(os.path.join(client.folder, path), "w", encoding="utf-8") as file:
            file.write(text)
        if path in client.versions:
            client.change(path, text)


def carbon(client, *arguments):
    own = {"HOME": client.folder, "CARBON_STATE_DIR": os.path.join(client.folder, ".keys"), "NO_COLOR": "1"}
    done = subprocess.run([CARBON, *arguments], cwd=client.folder, capture_output=True, check=False, text=True,
                          env={**os.environ, **own})
    return done.returncode, done.stdout + done.stderr


@case
def rename_keeps_objects(client):
    """renaming a resource or use adds `moved`, and what is applied stays what it is"""
    world = ["--world", "sandbox", "-e", "dev"]
    postgres = os.path.join(client.folder, "platform.carbon")
    # The sandbox's PostgreSQL is another test's business.
    with open(postgres, encoding="utf-8") as file:
        text = file.read()
    text = "\n".join(each for each in text.split("\n") if "postgres" not in each)
    with open(postgres, "w", encoding="utf-8") as file:
        file.write(text)
    code, said = carbon(client, "apply", "--yes", *world)
    equal(code, 0, said)
    opened(client, "platform.carbon")
    renamed(client, "platform.carbon", "config :", "settings")
    renamed(client, "platform.carbon", "front :", "shopfront")
    # The name that the object has from its address is written down with it.
    check('metadata = { name = "config" }' in client.text("platform.carbon"), client.text("platform.carbon"))
    check("\nmoved config -> settings\n" in client.text("platform.carbon"), client.text("platform.carbon"))
    check("moved front -> shopfront" in client.text("platform.carbon"), client.text("platform.carbon"))
    check("settings.metadata.name, url = shopfront.url" in client.text("more.carbon"), client.text("more.carbon"))
    code, said = carbon(client, "plan", "--detailed-exitcode", *world)
    check("delete" not in said and "create" not in said, said)
    # and back: the line is turned round, not joined by one that contradicts it
    renamed(client, "platform.carbon", "settings :", "config")
    check("moved settings -> config" in client.text("platform.carbon"), client.text("platform.carbon"))
    check("moved config" not in client.text("platform.carbon"), client.text("platform.carbon"))
    code, said = carbon(client, "plan", "--detailed-exitcode", *world)
    check("delete" not in said and "create" not in said, said)


@case
def rename_everywhere(client):
    """inputs of components, functions, types, loop variables; the package checks afterwards"""
    opened(client, "platform.carbon")
    client.settle(client.open("lib/shop/shop.carbon"))
    renamed(client, "lib/shop/shop.carbon", "copies : int", "count_of")
    renamed(client, "platform.carbon", "half(", "portion")
    renamed(client, "lib/shop/shop.carbon", "n : int) :", "number")
    renamed(client, "lib/shop/shop.carbon", "Tone =", "Voice")
    renamed(client, "platform.carbon", "replicas = 9", "copies")
    renamed(client, "lib/shop/shop.carbon", "pods :", "page")
    code, said = carbon(client, "check", "-e", "dev", "--world", "sandbox")
    equal(code, 0, said)
    check("use front : shop.Front { count_of = quorum" in client.text("platform.carbon"), "input in a use")
    check('{ copies = "${count_of}", tone = tone }' in client.text("lib/shop/shop.carbon"), "input in its component")
    check("fn portion(number : int) : int = number / 2" in client.text("lib/shop/shop.carbon"), "function")
    check("  }\n  moved pods -> page\n  output url : string = \"http://${page." in client.text("lib/shop/shop.carbon"),
          client.text("lib/shop/shop.carbon"))
    check("input tone : Voice" in client.text("lib/shop/shop.carbon"), "type")
    check("environment prod { copies = 9 }" in client.text("platform.carbon"), "line of an environment")


@case
def rename_refused(client):
    """what has no name of its own, or would take another's"""
    opened(client, "platform.carbon")

    def refused(mark, new, text):
        params = place(client, "platform.carbon", mark)
        params["newName"] = new
        error = client.error("textDocument/rename", params)
        check(text in error["message"], error)

    refused("quorum = shop", "if", "is no name")
    refused("quorum = shop", "a-b", "is no name")
    refused("quorum = shop", "replicas", "declared twice")
    refused("ConfigMap {", "Other", "built in")
    refused("prod {", "production", "recorded under its name")
    refused("title = ", "other", "no name that is known")
    prepared = client.request("textDocument/prepareRename", place(client, "platform.carbon", "quorum = shop"))
    equal(prepared["placeholder"], "quorum", "placeholder")


@case
def rename_the_example(client):
    """every declaration of the reference platform: with another name it checks as before"""
    example = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "254carbon")
    for name in FILES:
        os.remove(os.path.join(client.folder, name))
    shutil.copytree(example, client.folder, dirs_exist_ok=True)
    before = carbon(client, "check", "-e", "dev", "--world", "sandbox")
    equal(before[0], 0, before[1])
    files = [os.path.relpath(os.path.join(folder, name), client.folder)
             for folder, _, names in os.walk(client.folder) for name in names if name.endswith(".carbon")]
    texts = {name: client.text(name) for name in sorted(files)}
    client.initialize()
    for name in texts:
        client.open(name)
    declared = []
    for name in texts:
        symbols = client.request("textDocument/documentSymbol", {"textDocument": {"uri": client.uri(name)}})
        for symbol in symbols + [inner for each in symbols for inner in each.get("children", [])]:
            if symbol["kind"] not in UNNAMED_SYMBOLS:
                declared.append((name, symbol["name"], symbol["selectionRange"]["start"]))
    check(len(declared) > 50, "%d declarations" % len(declared))
    draw = random.Random(len(declared))
    for name, word, place_of_name in draw.sample(declared, SAMPLE or len(declared)):
        params = {"textDocument": {"uri": client.uri(name)}, "position": place_of_name, "newName": "renamed_" + word}
        for uri, edits in client.request("textDocument/rename", params)["changes"].items():
            path = uri[len(client.uri("")) + 1:]
            with open(os.path.join(client.folder, path), "w", encoding="utf-8") as file:
                file.write(lsp_client.apply(texts[path], edits))
        code, said = carbon(client, "check", "-e", "dev", "--world", "sandbox")
        equal(code, 0, "%s in %s: %s" % (word, name, said))
        check("warning" not in said or "warning" in before[1], said)
        for path, text in texts.items():
            with open(os.path.join(client.folder, path), "w", encoding="utf-8") as file:
                file.write(text)


def main():
    failed = 0
    for function in CASES:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in FILES.items():
                os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            client = lsp_client.Client(CARBON, folder)
            try:
                function(client)
                print("ok    %s: %s" % (function.__name__, function.__doc__))
            except (AssertionError, lsp_client.Lost, KeyError, ValueError, TypeError, BrokenPipeError) as error:
                failed += 1
                print("FAIL  %s: %s: %r" % (function.__name__, function.__doc__, error))
            finally:
                client.kill()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
