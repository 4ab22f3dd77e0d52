#!/usr/bin/env python3
"""`carbon check --json` and `--sarif`: what programs read of diagnostics.

    check_output.py CARBON
"""

import json
import os
import subprocess
import sys
import tempfile

FILES = {
    "repo/.git/HEAD": "ref: refs/heads/main\n",
    "repo/infra/web site/main.carbon": (
        'import "std/k8s"\n'
        'let text = "𝕏 é ${domian}"\n'
        'let domain = 1\n'
        "resource a : k8s.ConfigMap for x in [\"p\"] { data = { x = x } }\n"
        "let twice = 1\n"
        "let twice = 2\n"
        "let wait = 5m\n"
    ),
}
LEVELS = ("none", "note", "warning", "error")


def run(carbon, folder, *arguments):
    command = [carbon, "check", "-C", folder, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


class Faults(list):
    def check(self, holds, what):
        if not holds:
            self.append(what)


def check_region(faults, region, lines):
    """Sections 3.30.5 to 3.30.8: lines and columns from 1, columns in UTF-16 code units, the end behind the last."""
    for key in ("startLine", "startColumn", "endLine", "endColumn"):
        faults.check(isinstance(region.get(key), int) and region[key] >= 1, "region has no %s: %s" % (key, region))
    start, end = (region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"])
    faults.check(start <= end, "region ends before it begins: %s" % region)
    for line, column in (start, end):
        width = len(lines[line - 1].encode("utf-16-le")) // 2
        faults.check(line <= len(lines) and column <= width + 1, "region leaves the line: %s" % region)


def region_text(region, lines):
    """What is marked, on one line, cut as a reader would that counts UTF-16 code units."""
    units = lines[region["startLine"] - 1].encode("utf-16-le")
    return units[2 * (region["startColumn"] - 1):2 * (region["endColumn"] - 1)].decode("utf-16-le")


def check_result(faults, result, rules, lines):
    faults.check(result["message"].get("text"), "result without message.text")  # 3.27.11, 3.11.5
    faults.check(result["level"] in LEVELS, "level %s" % result["level"])
    faults.check(rules[result["ruleIndex"]]["id"] == result["ruleId"], "ruleIndex is not the rule's: %s" % result)
    for location in result["locations"] + result.get("relatedLocations", []):
        artifact = location["physicalLocation"]["artifactLocation"]
        faults.check(artifact["uri"] == "infra/web%20site/main.carbon", "uri %s" % artifact["uri"])
        check_region(faults, location["physicalLocation"]["region"], lines)
    for fix in result.get("fixes", []):
        faults.check(fix["artifactChanges"], "fix without artifactChanges")  # 3.55.3
        for change in fix["artifactChanges"]:
            faults.check(change["artifactLocation"]["uri"] == "infra/web%20site/main.carbon", "fix of another file")
            faults.check(change["replacements"], "change without replacements")  # 3.56.3
            for replacement in change["replacements"]:
                check_region(faults, replacement["deletedRegion"], lines)  # 3.57.3
                faults.check(isinstance(replacement["insertedContent"]["text"], str), "no text is inserted")


def check_sarif(faults, carbon, folder, lines):
    code, out, error = run(carbon, folder, "--sarif")
    faults.check(code == 1 and error == "", "exit code %d, standard error %s" % (code, error))
    log = json.loads(out)
    faults.check(log["version"] == "2.1.0" and "sarif-2.1.0" in log["$schema"], "version")
    (one,) = log["runs"]
    driver = one["tool"]["driver"]
    faults.check(driver["name"] == "carbon" and one["columnKind"] == "utf16CodeUnits", "tool or column kind")
    rules = driver["rules"]
    faults.check(len({rule["id"] for rule in rules}) == len(rules), "a rule is there twice")
    for rule in rules:
        for key in ("shortDescription", "fullDescription", "help"):
            faults.check(rule[key].get("text"), "rule %s has no %s" % (rule["id"], key))
        faults.check(rule["help"]["markdown"].startswith("# " + rule["id"]), "help is not the page of the rule")
    for result in one["results"]:
        check_result(faults, result, rules, lines)
    by_rule = {result["ruleId"]: result for result in one["results"]}
    faults.check(set(by_rule) == {"C0302", "C0402", "C0309", "C0202"}, "results: %s" % sorted(by_rule))
    region = by_rule["C0302"]["locations"][0]["physicalLocation"]["region"]
    faults.check(region_text(region, lines) == "domian", "C0302 marks %r" % region_text(region, lines))
    change = by_rule["C0302"]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    faults.check(change["insertedContent"]["text"] == "domain", "the fix writes %s" % change)
    faults.check(by_rule["C0309"].get("relatedLocations"), "C0309 does not show the first declaration")


def check_json(faults, carbon, folder):
    code, out, error = run(carbon, folder, "--json")
    faults.check(code == 1 and error == "", "exit code %d, standard error %s" % (code, error))
    document = json.loads(out)
    faults.check(document["format_version"] == "1.1" and document["fixed"] == [], "head of the document")
    by_code = {row["code"]: row for row in document["diagnostics"]}
    keys = {"code", "severity", "message", "place", "labels", "address", "notes", "helps", "remedies"}
    for row in by_code.values():
        faults.check(set(row) == keys, "keys %s" % sorted(row))
        faults.check(row["severity"] == "error" and row["helps"], "no severity or no help: %s" % row)
    place = {"file": "main.carbon", "line": 2, "column": 19, "end_line": 2, "end_column": 25}
    faults.check(by_code["C0302"]["place"] == place, "place %s" % by_code["C0302"]["place"])
    fix = by_code["C0302"]["remedies"][0]["fix"]
    faults.check(fix == {"place": place, "replacement": "domain", "safe": True}, "fix %s" % fix)
    faults.check(by_code["C0202"]["remedies"][0]["fix"] is None, "a fix that is not certain")


def main():
    carbon, faults = os.path.realpath(sys.argv[1]), Faults()
    with tempfile.TemporaryDirectory(prefix="carbon-check-") as work:
        for name, text in FILES.items():
            path = os.path.join(work, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
        folder = os.path.join(work, "repo/infra/web site")
        lines = FILES["repo/infra/web site/main.carbon"].split("\n")
        check_sarif(faults, carbon, folder, lines)
        check_json(faults, carbon, folder)
        with open(os.path.join(folder, "main.carbon"), "w", encoding="utf-8") as out:
            out.write("let a = 1\n")
        code, out, _ = run(carbon, folder, "--sarif")
        faults.check(code == 0 and json.loads(out)["runs"][0]["results"] == [], "a clean platform has results")
    print("\n".join("FAILED: " + fault for fault in faults) or "all as expected")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
