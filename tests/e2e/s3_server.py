"""A small server of S3: buckets with versioning and tags, and objects that are texts. It checks each signature, digest and
Content-MD5, and refuses what it does not model. What the real MinIO says is tried in tests/real/cases/minio."""

import base64
import datetime
import hashlib
import http.server
import threading
import urllib.parse
import xml.etree.ElementTree as xml

from s3_signature import signature

SPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
UNSET = {"object-lock": "ObjectLockConfigurationNotFoundError", "lifecycle": "NoSuchLifecycleConfiguration",
         "policy": "NoSuchBucketPolicy", "tagging": "NoSuchTagSet",
         "encryption": "ServerSideEncryptionConfigurationNotFoundError"}


class Refused(Exception):
    def __init__(self, status, code, message=""):
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


class Server:
    """`buckets` is the state; `fault(method, target)` may say "lose" (done, and no reply), a status that is answered
    without doing anything, or bytes that are the body of a reply that is a success."""

    def __init__(self, access_key, secret_key):
        self.keys = {access_key: secret_key}
        self.buckets, self.requests, self.unsigned = {}, [], []
        self.fault = lambda method, target: None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self):
                outer.answer(self)

            do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = answer

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        self.requests.append((request.command, request.path))
        fault = self.fault(request.command, request.path)
        try:
            self.check(request, body)
            if isinstance(fault, int):
                raise Refused(fault, "SlowDown" if fault == 503 else "InternalError")
            status, headers, reply = self.carry_out(request, body)
            if isinstance(fault, bytes):
                status, headers, reply = 200, {"Content-Type": "application/xml"}, fault
        except Refused as refused:
            if refused.status == 403:
                self.unsigned.append((request.command, request.path, refused.message))
            status, headers = refused.status, {"Content-Type": "application/xml"}
            reply = ("<?xml version=\"1.0\"?>\n<Error><Code>%s</Code><Message>%s</Message><Echo>%s</Echo></Error>"
                     % (refused.code, refused.message, " ".join(self.keys.values()))).encode()
        if fault == "lose":
            request.close_connection = True
            request.connection.close()
            return
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(reply)))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(reply)

    def check(self, request, body):
        def forbid(message):
            raise Refused(403, "SignatureDoesNotMatch", message)
        given = request.headers.get("Authorization", "")
        if not given.startswith("AWS4-HMAC-SHA256 "):
            forbid("not signed")
        parts = dict(part.strip().split("=", 1) for part in given.split(" ", 1)[1].split(","))
        access_key, scope = parts["Credential"].split("/", 1)
        moment, digest = request.headers["x-amz-date"], request.headers["x-amz-content-sha256"]
        then = datetime.datetime.strptime(moment, "%Y%m%dT%H%M%S%z")
        if abs((datetime.datetime.now(datetime.timezone.utc) - then).total_seconds()) > 900:
            raise Refused(403, "RequestTimeTooSkewed", "the difference is too large")
        if scope != moment[:8] + "/us-east-1/s3/aws4_request":
            forbid("another scope: " + scope)
        if digest != hashlib.sha256(body).hexdigest():
            raise Refused(400, "XAmzContentSHA256Mismatch")
        if body and request.headers.get("Content-MD5") != base64.b64encode(hashlib.md5(body).digest()).decode():
            raise Refused(400, "BadDigest")
        names = parts["SignedHeaders"].split(";")
        unsigned = [name.lower() for name in request.headers if name.lower() not in names]
        if "host" not in names or any(name.startswith("x-amz-") or name == "content-md5" for name in unsigned):
            forbid("not signed: " + " ".join(unsigned))
        headers = {name: request.headers[name] for name in names}
        wanted = signature(request.command, request.path, headers, digest, self.keys.get(access_key, ""), scope, moment)
        if access_key not in self.keys or wanted != parts["Signature"]:
            forbid("another signature")

    def carry_out(self, request, body):
        path, _, query = request.path.partition("?")
        bucket, _, key = urllib.parse.unquote(path).lstrip("/").partition("/")
        method = request.command
        if method == "PUT" and not key and not query:
            if bucket in self.buckets:
                raise Refused(409, "BucketAlreadyOwnedByYou")
            self.buckets[bucket] = {"objects": {}}
            return 200, {}, b""
        there = self.buckets.get(bucket)
        if there is None:
            raise Refused(404, "NoSuchBucket", "The specified bucket does not exist")
        if key:
            return self.object(there["objects"], key, request, body)
        if method == "DELETE" and not query:
            if there["objects"]:
                raise Refused(409, "BucketNotEmpty", "The bucket you tried to delete is not empty")
            del self.buckets[bucket]
            return 204, {}, b""
        return self.setting(there, method, query, body)

    def setting(self, there, method, query, body):
        if method == "GET" and query in ("location", "versioning") and query not in there:
            root = "LocationConstraint" if query == "location" else "VersioningConfiguration"
            return 200, {"Content-Type": "application/xml"}, ("<%s xmlns=\"%s\"/>" % (root, SPACE)).encode()
        if method == "GET" and query in there:
            return 200, {"Content-Type": "application/xml"}, there[query]
        if method == "GET" and query in UNSET:
            raise Refused(404, UNSET[query])
        if method == "DELETE" and query == "tagging":
            there.pop(query, None)
            return 204, {}, b""
        root = {"versioning": "VersioningConfiguration", "tagging": "Tagging"}.get(query)
        if method != "PUT" or root is None:
            raise Refused(501, "NotImplemented", "%s ?%s" % (method, query))
        if xml.fromstring(body).tag != "{%s}%s" % (SPACE, root):
            raise Refused(400, "MalformedXML")
        if b"<Key>refused</Key>" in body:
            raise Refused(400, "InvalidTag", "The tag is not for you")
        there[query] = body
        return 200, {}, b""

    def object(self, objects, key, request, body):
        there = objects.get(key)
        if request.command == "PUT":
            if request.headers.get("If-None-Match") == "*" and there:
                raise Refused(412, "PreconditionFailed")
            if request.headers.get("If-Match") not in (None, there and there["ETag"]):
                raise Refused(412, "PreconditionFailed")
            objects[key] = {"ETag": '"%s"' % hashlib.md5(body).hexdigest(), "Content-Type": request.headers["Content-Type"],
                            "body": body}
            return 200, {}, b""
        if request.command == "DELETE":
            objects.pop(key, None)
            return 204, {}, b""
        if there is None:
            raise Refused(404, "NoSuchKey")
        return 200, {"ETag": there["ETag"], "Content-Type": there["Content-Type"]}, b""
