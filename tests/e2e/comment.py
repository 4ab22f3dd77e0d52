#!/usr/bin/env python3
"""`carbon comment`: a plan on its pull request, against both forges' APIs.

    comment.py CARBON [RECORD]      RECORD: a file for all requests that were sent, as JSON
"""

import json
import os
import pathlib
import shutil
import sys
import tempfile

import carbon_folder
from forge_server import SOMEBODY, TOKEN, Forge

PLATFORM = """import "std/k8s"

platform shop {}

provider cluster : k8s.Cluster { namespace = "default" }

"""
COMMIT = "0123456789abcdef0123456789abcdef01234567"
MARK = "<!-- carbon:plan platform=shop env=default -->\n"


def config_map(name, text):
    return 'resource %s : k8s.ConfigMap { data = { text = "%s" } }\n' % (name, text)


class Folder:
    """A platform with a saved plan."""

    def __init__(self, carbon):
        self.path = tempfile.mkdtemp(prefix="carbon-comment-")
        self.env = carbon_folder.environment(self.path, carbon)

    def carbon(self, *arguments, code=0, env=None):
        got, out, error = carbon_folder.run(["carbon", *arguments], self.path, {**self.env, **(env or {})})
        text = (out + error).decode()
        assert got == code, "carbon %s: exit code %d instead of %d\n%s" % (" ".join(arguments), got, code, text)
        assert TOKEN not in text, "the token is printed"
        return out.decode(), error.decode()

    def write(self, text):
        pathlib.Path(self.path, "p.carbon").write_text(PLATFORM + text)

    def plan(self, text):
        self.write(text)
        self.carbon("plan", "--world", "sandbox", "-o", "p.cplan")

    def apply(self, text):
        self.write(text)
        self.carbon("apply", "--world", "sandbox", "--yes", "--progress", "quiet")


def variables(forge):
    if forge.kind == "github":
        return {"GITHUB_API_URL": forge.api, "GITHUB_REPOSITORY": "acme/platform", "GITHUB_TOKEN": TOKEN,
                "GITHUB_REF": "refs/pull/7/merge", "GITHUB_SHA": COMMIT}
    return {"CI_API_V4_URL": forge.api, "CI_PROJECT_ID": "acme/platform", "GITLAB_TOKEN": TOKEN,
            "CI_MERGE_REQUEST_IID": "7", "CI_COMMIT_SHA": COMMIT}


def comment(folder, forge, *arguments, code=0, env=None):
    return folder.carbon("comment", "p.cplan", "--to", forge.kind, *arguments, code=code,
                         env={**variables(forge), **(env or {})})


def own(forge):
    return [one["body"] for one in forge.comments if one.get("user", one.get("author")) == forge.own]


def one_comment_edited_in_place(folder, forge):
    folder.plan(config_map("a", "1") + config_map("b", "1"))
    forge.add(SOMEBODY, MARK + "forged")
    for number in range(120):  # more than a page of talk
        forge.add(SOMEBODY, "note %d" % number)
    comment(folder, forge)
    assert len(own(forge)) == 1 and own(forge)[0].startswith(MARK), own(forge)
    assert "2 create" in own(forge)[0] and "Since your last push" not in own(forge)[0]
    assert forge.comments[0]["body"] == MARK + "forged", "somebody else's comment was changed"

    before = len(forge.requests)
    comment(folder, forge)  # nothing is new: only reads, or an edit that says so
    assert len(own(forge)) == 1
    assert "the same plan" in own(forge)[0], own(forge)[0]
    assert all(method in ("GET", "PATCH", "PUT") for method, _, _ in forge.requests[before:])

    folder.plan(config_map("a", "2") + config_map("c", "1"))
    comment(folder, forge)
    assert len(own(forge)) == 1
    assert "**1 new, 1 changed, 1 gone**" in own(forge)[0], own(forge)[0]
    assert "`c` **new**" in own(forge)[0] and "`a` **changed**" in own(forge)[0]


def lost_replies_make_no_second_comment(folder, forge):
    folder.plan(config_map("a", "1"))
    forge.faults = [("^POST .*(comments|notes)$", "lose")]
    comment(folder, forge)
    assert len(own(forge)) == 1, "a lost reply made %d comments" % len(own(forge))
    forge.faults = [("^GET .*(comments|notes)$", 502), ("^GET .*user$", 429), ("^(PATCH|PUT) ", "lose")]
    folder.plan(config_map("a", "2"))
    comment(folder, forge)
    assert len(own(forge)) == 1 and "1 changed" in own(forge)[0], own(forge)


def labels_and_status(folder, forge):
    folder.apply(config_map("a", "1") + config_map("b", "1"))
    folder.plan(config_map("a", "1"))
    comment(folder, forge, "--labels", "--status")
    assert forge.labels == ["unrelated", "carbon/delete"], forge.labels
    assert forge.statuses == [("success", "carbon/shop/default", "1 delete; 1 unchanged")], forge.statuses
    folder.plan(config_map("a", "2") + config_map("b", "1"))
    comment(folder, forge, "--labels", "--status")
    assert forge.labels == ["unrelated", "carbon/change"], forge.labels


def stale(folder, forge):
    folder.apply(config_map("a", "1"))
    folder.plan(config_map("a", "2"))
    comment(folder, forge, "--check")
    assert "STALE" not in own(forge)[0]
    folder.carbon("plan", "--world", "sandbox", "-o", "other.cplan")
    folder.carbon("apply", "other.cplan", "--yes", "--progress", "quiet")
    comment(folder, forge, "--check", "--labels", "--status", code=4)
    assert "**STALE:**" in own(forge)[0], own(forge)[0]
    assert "carbon/blocked" in forge.labels and forge.statuses[-1][0] in ("failure", "failed")


def refusals_name_a_remedy(folder, forge):
    folder.plan(config_map("a", "1"))
    token = "GITHUB_TOKEN" if forge.kind == "github" else "GITLAB_TOKEN"
    _, error = comment(folder, forge, code=1, env={token: ""})
    assert "C1001" in error and token in error, error
    _, error = comment(folder, forge, code=1, env={token: "wrong"})
    assert "C0703" in error and "Bad credentials" in error and "wrong" not in error, error
    place = "GITHUB_REF" if forge.kind == "github" else "CI_MERGE_REQUEST_IID"
    _, error = comment(folder, forge, code=1, env={place: "refs/heads/main"})
    assert "--number" in error, error
    _, error = comment(folder, forge, "--number", "8", code=1)
    assert "C0708" in error and "404" in error, error
    forge.faults = [("^POST ", 500)] * 3
    _, error = comment(folder, forge, code=1)
    assert "C0707" in error and "try later" in error, error
    assert own(forge) == []
    pathlib.Path(folder.path, "p.cplan").write_text("carbon-plan 1 00\n{}\n{}\n")
    _, error = comment(folder, forge, code=4)
    assert "C0901" in error, error


def a_plan_with_errors_is_shown(folder, forge):
    folder.write('resource space : k8s.Namespace { metadata = { name = "kube-public" } }\n')
    text, _ = folder.carbon("plan", "--world", "sandbox", "--format", "markdown", code=1)
    pathlib.Path(folder.path, "p.cplan").write_text(text)
    comment(folder, forge)
    assert "This plan cannot be applied" in own(forge)[0] and "C0416" in own(forge)[0]


def printed(folder, forge):
    folder.plan(config_map("a", "1"))
    text, _ = folder.carbon("comment", "p.cplan", "--to", "stdout", "--artifact", "https://ci.example.com/7)x")
    assert text.startswith(MARK) and "`https://ci.example.com/7)x`" in text and forge.requests == []
    text, _ = folder.carbon("comment", "p.cplan", "--to", "stdout", "--artifact", "https://ci.example.com/7")
    assert "[full plan](https://ci.example.com/7)" in text


def workflow_token(folder, _):
    forge = Forge("github", workflow_token=True)
    try:
        folder.plan(config_map("a", "1"))
        comment(folder, forge)
        comment(folder, forge)
        assert len(own(forge)) == 1
    finally:
        forge.close()


def the_description_is_heeded(_, forge):
    """What the forge's description does not have is told; else the other cases would prove nothing."""
    commit = "0" * 40
    status = {"github": "/repos/acme/platform/statuses/", "gitlab": "/api/v4/projects/acme%2Fplatform/statuses/"}[forge.kind] + commit
    user = {"github": "/user", "gitlab": "/api/v4/user"}[forge.kind]
    wrong = [("POST", status, {}, {"state": "success", "colour": "red"}, 201), ("POST", status, {}, {"state": 1}, 201),
             ("GET", user, {"page": ["1"]}, {}, 200), ("PUT", user, {}, {}, 200), ("POST", status, {}, {"state": "success"}, 202)]
    for request in wrong:
        before = len(forge.violations)
        forge.judge(*request)
        assert len(forge.violations) > before, request
    forge.violations.clear()
    forge.judge("POST", status, {}, {"state": "success", "description": "carbon"}, 201)
    assert not forge.violations, forge.violations


CASES = [the_description_is_heeded, one_comment_edited_in_place, lost_replies_make_no_second_comment, labels_and_status, stale,
         refusals_name_a_remedy, a_plan_with_errors_is_shown, printed, workflow_token]


def main():
    carbon = os.path.realpath(sys.argv[1])
    failed, sent = 0, []
    for case in CASES:
        for kind in ("github", "gitlab"):
            folder, forge = Folder(carbon), Forge(kind)
            try:
                case(folder, forge)
                assert not forge.violations, "\n".join(forge.violations)
                print("ok    %s %s" % (kind, case.__name__))
            except AssertionError as error:
                failed += 1
                print("FAIL  %s %s: %s" % (kind, case.__name__, error))
            finally:
                forge.close()
                sent += [[kind, *request] for request in forge.requests]
                shutil.rmtree(folder.path, ignore_errors=True)
    if len(sys.argv) > 2:
        pathlib.Path(sys.argv[2]).write_text(json.dumps(sent, indent=1))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
