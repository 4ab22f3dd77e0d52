#!/usr/bin/env python3
"""Fails on an include that the design's table does not allow. Arrows point one way: docs/architecture.md.

usage: tools/check_includes.py [ROOT]
"""
import pathlib
import re
import sys

# Folder (longest prefix wins) -> our folders that it may include besides itself, third-party headers allowed there.
COMMON = ("tl/expected.hpp", "fmt/")
TABLE = {
    "base": ((), COMMON),
    "base/value_json.cpp": ((), COMMON + ("simdjson.h",)),
    "engine": (("base",), COMMON),
    "engine/graph": (("base", "engine"), COMMON + ("boost/",)),
    "dsl": (("base", "engine/expr", "engine/model", "engine/graph"), COMMON),
    "dsl/parse": (("base", "dsl/syntax"), COMMON + ("tao/pegtl",)),
    "stdlib": (("base", "engine/expr", "engine/model"), COMMON),
    "stdlib/native": (("base", "engine/expr"), COMMON + ("re2/", "openssl/")),
    "platform": (("base", "engine/expr", "engine/model", "engine/ports", "engine/inventory"), COMMON),
    "platform/io": (("base", "engine/ports"), COMMON + ("curl/", "libpq-fe.h")),
    "platform/store": (
        (
            "base", "engine/model", "engine/ports", "engine/inventory", "engine/apply/journal.h",
            # The way to a cluster is the connector's: logging in, certificates, credentials that do not last.
            "platform/connectors/kubernetes/api_client.h", "platform/connectors/kubernetes/kubeconfig.h",
            "platform/connectors/kubernetes/rfc3339.h", "platform/connectors/kubernetes/api_path.h",
        ),
        COMMON + ("sqlite3.h", "openssl/", "zlib.h"),
    ),
    "platform/secrets": (("base", "engine/ports"), COMMON + ("openssl/",)),
    "platform/yaml": (("base",), COMMON + ("yaml-cpp/",)),
    "platform/postgres_schema": (("base", "engine/ports"), COMMON),
    "platform/log": (("base",), COMMON + ("spdlog/",)),
    "platform/connectors": (
        ("base", "engine/expr", "engine/model", "engine/ports", "platform/yaml", "platform/postgres_schema", "platform/connectors"),
        COMMON + ("openssl/",),
    ),
    "platform/connectors/s3": (("base", "engine/ports"), COMMON + ("openssl/", "pugixml.hpp", "argon2.h")),
    # The sandbox and the connector's diff share only base/ and the schema tables: the one must be able to catch the
    # other's mistakes.
    "platform/sandbox": (
        ("base", "engine/ports", "engine/model", "stdlib/k8s", "platform/sandbox"),
        COMMON + ("sqlite3.h", "httplib.h", "openssl/"),
    ),
    "cli/line_editor.cpp": (("base", "platform/io", "cli"), COMMON + ("histedit.h",)),
    "convert": (("base", "engine/expr", "engine/model", "dsl", "stdlib/k8s"), COMMON),
    "lsp": (("base", "engine/expr", "engine/model", "dsl"), COMMON),
    "cli": (("base", "engine", "dsl", "convert", "lsp", "stdlib", "platform", "cli"), COMMON + ("CLI/",)),
}
TOP = {key.split("/")[0] for key in TABLE} | {"tests", "bench"}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^">]+)[">]', re.M)


def rule_for(path):
    parts = path.split("/")
    for length in range(len(parts), 0, -1):
        found = TABLE.get("/".join(parts[:length]))
        if found:
            return "/".join(parts[:length]), found
    return None, None


def under(header, folder):
    return header == folder or header.startswith(folder + "/")


def problems(root):
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix not in (".h", ".cpp", ".def") or name.split("/")[0] not in TOP - {"tests", "bench"}:
            continue
        folder, rule = rule_for(name)
        if rule is None:
            yield f"{name}: no rule for this folder"
            continue
        ours, theirs = rule
        own = folder if not folder.endswith(".cpp") else str(pathlib.PurePosixPath(folder).parent)
        for _, header in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if "/" in header and header.split("/")[0] in TOP:
                if not any(under(header, allowed) for allowed in (own, *ours)):
                    yield f"{name}: may not include {header}"
            elif "." in header.split("/")[-1] or "/" in header:
                system = header.startswith(("sys/", "netinet/", "arpa/")) or header in SYSTEM
                if not system and not any(header.startswith(allowed) for allowed in theirs):
                    yield f"{name}: third-party header {header} is not allowed here"


SYSTEM = {
    "unistd.h", "fcntl.h", "dlfcn.h", "poll.h", "pwd.h", "grp.h", "signal.h", "time.h", "errno.h", "netdb.h", "termios.h", "stdlib.h",
    "dirent.h", "spawn.h",
}


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    found = list(problems(root))
    print("\n".join(found) if found else "includes: every arrow points the allowed way")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
