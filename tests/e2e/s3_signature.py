"""AWS Signature Version 4 for S3, written from Amazon's page and not from carbon's code, so that the one checks the other."""

import hashlib
import hmac
import urllib.parse


def quoted(text, safe=""):
    return urllib.parse.quote(text, safe=safe + "-_.~")


def signature(method, target, headers, digest, secret_key, scope, moment):
    """Of a request with these signed headers, by their names in lower case."""
    path, _, query = target.partition("?")
    pairs = sorted((quoted(name), quoted(value)) for name, value in urllib.parse.parse_qsl(query, keep_blank_values=True))
    canonical = "\n".join([
        method,
        quoted(urllib.parse.unquote(path), "/"),
        "&".join("%s=%s" % pair for pair in pairs),
        *("%s:%s" % (name, " ".join(headers[name].split())) for name in sorted(headers)),
        "",
        ";".join(sorted(headers)),
        digest])
    key = ("AWS4" + secret_key).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
