"""`via s3` by std/minio against the server of s3_server.py: every request signed, lost replies, refusals, replies that are no
XML, and no secret key in anything that is printed or kept. The real MinIO is in tests/real/cases/minio.

usage: via_s3.py CARBON
"""

import os
import re
import shutil
import sys
import tempfile

import carbon_folder
import s3_server

SECRET = "s3cret/key+%s" % os.urandom(6).hex()


class World:
    def __init__(self, binary):
        self.folder = tempfile.mkdtemp()
        self.env = carbon_folder.environment(self.folder, os.path.abspath(binary))
        self.env["S3_SECRET"] = SECRET
        self.server = s3_server.Server("AKIACARBON", SECRET)
        self.said = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.close()
        shutil.rmtree(self.folder)

    def declare(self, *lines):
        with open(os.path.join(self.folder, "p.carbon"), "w") as file:
            file.write("\n".join(['import "std/minio"', "platform p { world live }",
                                  'provider s3 : minio.Server { url = "%s", access_key = "AKIACARBON", secret_key = '
                                  'secret.env("S3_SECRET") }' % self.server.url, *lines, ""]))

    def carbon(self, *words, expected=0):
        code, out, error = carbon_folder.run(["carbon", *words], self.folder, self.env)
        self.said += out + error
        text = out.decode() + error.decode()
        assert code == expected, "carbon %s: exit %d\n%s" % (" ".join(words), code, text)
        return text

    def apply(self, expected=0):
        return self.carbon("apply", "--yes", "--allow-delete", "minio.Bucket", expected=expected)

    def expect_no_changes(self):
        self.carbon("plan", "--detailed-exitcode")

    def once(self, method, ending, what):
        """The next request like that meets the fault."""
        def fault(got, target):
            if (got, target.endswith(ending)) != (method, True):
                return None
            self.server.fault = lambda *_: None
            return what
        self.server.fault = fault


def says(pattern, text):
    assert re.search(pattern, text), "/%s/ is not in\n%s" % (pattern, text)


def bucket(name, more=""):
    return 'resource %s : minio.Bucket { name = "%s-bucket"%s }' % (name, name, more and ", " + more)


OBJECT = 'resource note : minio.Object { bucket = a, key = "x y/../ü+&=?#%%.txt", content = "%s" }'
TAGS = 'tags = { team = "<a> & b" }'


def check_life(world):
    buckets = world.server.buckets
    world.declare(bucket("a", TAGS + ', versioning = "enabled"'), OBJECT % "one")
    world.apply()
    assert list(buckets["a-bucket"]["objects"]) == ["x y/../ü+&=?#%.txt"], buckets
    assert b"&lt;a&gt; &amp; b" in buckets["a-bucket"]["tagging"]
    world.expect_no_changes()
    world.declare(bucket("a", 'tags = { team = "a", more = "b" }, versioning = "enabled"'), OBJECT % "two")
    world.carbon("plan", "-o", "p.cplan")
    world.carbon("apply", "--log-file", "log", "--trace", "p.cplan")
    assert buckets["a-bucket"]["objects"]["x y/../ü+&=?#%.txt"]["body"] == b"two"
    world.expect_no_changes()
    del buckets["a-bucket"]["tagging"]
    says("drift", world.carbon("plan"))
    world.apply()
    world.expect_no_changes()
    world.carbon("destroy", "--yes", "--allow-delete", "minio.Bucket")
    assert not buckets
    assert not world.server.unsigned, world.server.unsigned


def check_what_is_lost(world):
    world.declare(bucket("a"))
    world.once("PUT", "/a-bucket", "lose")
    world.apply()
    world.expect_no_changes()
    world.declare(bucket("a", TAGS))
    world.once("PUT", "?tagging", "lose")
    world.apply()
    world.expect_no_changes()
    world.once("PUT", "?tagging", 503)
    world.declare(bucket("a", 'tags = { b = "c" }'))
    world.apply()
    world.expect_no_changes()
    # The bucket is there, so the rest of the create is a change; nobody made it but carbon.
    world.declare(bucket("a"), bucket("b", 'tags = { refused = "" }'))
    says("status 400: InvalidTag: The tag is not for you", world.apply(expected=6))
    assert "b-bucket" in world.server.buckets
    world.declare(bucket("a"), bucket("b", TAGS))
    says(r"~ b ", world.carbon("plan"))
    world.apply()
    world.expect_no_changes()
    # Whose it is when the first reply is lost and something is missing, nobody knows.
    world.declare(bucket("a"), bucket("b", TAGS), bucket("c", TAGS))
    world.once("PUT", "/c-bucket", "lose")
    says("C0416", world.apply(expected=6))
    world.declare(bucket("a"), bucket("b", TAGS), bucket("c", TAGS + ', adopt "c-bucket"').replace(', adopt', "\n adopt"))
    world.apply()
    world.expect_no_changes()
    assert not world.server.unsigned, world.server.unsigned


def check_what_is_refused(world):
    world.declare(bucket("a", TAGS))
    world.apply()
    for reply, words in (
            (b"<html>", "ends in the middle|no XML"),
            (b"<Tagging><TagSet>" + b"<Tag>" * 100, "32 elements deep"),
            (b"<!DOCTYPE a [<!ENTITY b 'c'>]><Tagging>&b;</Tagging>", "document type"),
            (b"<Tagging>\xff</Tagging>", "UTF-8")):
        world.once("GET", "?tagging", reply)
        says(words, world.carbon("plan", expected=1))
    world.once("GET", "?tagging", 301)
    says("redirects are not followed", world.carbon("plan", expected=1))
    world.expect_no_changes()
    # Another key: nothing is known, so nothing is planned.
    world.env["S3_SECRET"] = SECRET + "x"
    says("status 403: SignatureDoesNotMatch: another signature", world.carbon("plan", expected=1))
    world.env["S3_SECRET"] = SECRET
    # The server repeats the key in what it refuses.
    world.declare(bucket("a", 'tags = { refused = "" }'))
    world.apply(expected=6)
    world.server.buckets["a-bucket"]["objects"]["theirs"] = {}
    says("status 409: BucketNotEmpty", world.carbon("destroy", "--yes", "--allow-delete", "minio.Bucket", expected=6))
    assert "a-bucket" in world.server.buckets


def check_who_was_faster(world):
    world.declare(bucket("a"), OBJECT % "mine")
    world.apply()
    there = world.server.buckets["a-bucket"]["objects"]
    key = next(iter(there))

    def meanwhile(method, target):
        # Behind carbon's look, before its write.
        if method == "PUT" and "%2F" in target:
            there[key] = {"ETag": '"theirs"', "Content-Type": "text/plain", "body": b"theirs"}
            world.server.fault = lambda *_: None
    world.declare(bucket("a"), OBJECT % "changed")
    world.server.fault = meanwhile
    world.apply(expected=6)
    assert there[key]["body"] == b"theirs"
    del there[key]
    world.server.fault = meanwhile
    world.apply(expected=6)
    assert there[key]["body"] == b"theirs"


def expect_no_secret(world):
    secret = SECRET.encode()
    assert secret not in world.said, "carbon printed the key"
    for folder, _, files in os.walk(world.folder):
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                with open(path, "rb") as file:
                    assert secret not in file.read(), "the key is in " + path


def main():
    for check in (check_life, check_what_is_lost, check_what_is_refused, check_who_was_faster):
        with World(sys.argv[1]) as world:
            check(world)
            expect_no_secret(world)
        print("ok", check.__name__)


if __name__ == "__main__":
    main()
