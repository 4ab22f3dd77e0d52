"""The bill of materials of a tarball: an SPDX 2.3 document (https://spdx.github.io/spdx-spec/v2.3/) of carbon, the Debian
packages whose libraries are inside, and every file with its digest.

    sbom.py VERSION TREE PACKAGE...
"""
import datetime
import hashlib
import json
import os
import pathlib
import subprocess
import sys

NAMESPACE = "https://carbon.dev/spdx"


def debian(name):
    fields = "${Version}\n${source:Package}\n${Architecture}"
    version, source, architecture = subprocess.run(
        ["dpkg-query", "-W", f"-f={fields}", name], capture_output=True, text=True, check=True
    ).stdout.split("\n")[:3]
    return {
        "SPDXID": "SPDXRef-Package-" + name.replace("+", "-plus"),
        "name": name,
        "versionInfo": version,
        "supplier": "Organization: Debian",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "comment": f"the licence is share/doc/carbon/libraries/{name}",
        "externalRefs": [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": f"pkg:deb/debian/{name}@{version}?arch={architecture}&upstream={source}",
            }
        ],
    }


def digest(path, kind):
    return hashlib.new(kind, path.read_bytes()).hexdigest()


def main():
    version, tree, packages = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    made = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    files = [
        {
            "SPDXID": f"SPDXRef-File-{number}",
            "fileName": "./" + str(path.relative_to(tree)),
            "checksums": [{"algorithm": kind.upper(), "checksumValue": digest(path, kind)} for kind in ("sha1", "sha256")],
            "licenseConcluded": "NOASSERTION",
            "copyrightText": "NOASSERTION",
        }
        for number, path in enumerate(sorted(path for path in tree.rglob("*") if path.is_file()), 1)
    ]
    # SPDX 2.3, 7.9: over the sorted SHA-1 of all files.
    sums = "".join(sorted(file["checksums"][0]["checksumValue"] for file in files))
    carbon = {
        "SPDXID": "SPDXRef-Package-carbon",
        "name": "carbon",
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": True,
        "packageVerificationCode": {"packageVerificationCodeValue": hashlib.sha1(sums.encode()).hexdigest()},
        "hasFiles": [file["SPDXID"] for file in files],
        "licenseConcluded": "Apache-2.0",
        "licenseDeclared": "Apache-2.0",
        "copyrightText": "NOASSERTION",
    }
    inside = [debian(name) for name in packages]
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": tree.name,
        "documentNamespace": f"{NAMESPACE}/{tree.name}-{hashlib.sha256(sums.encode()).hexdigest()[:16]}",
        "creationInfo": {"created": made.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: carbon-scripts-release"]},
        "packages": [carbon, *inside],
        "files": files,
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": carbon["SPDXID"]},
            *(
                {"spdxElementId": carbon["SPDXID"], "relationshipType": "CONTAINS", "relatedSpdxElement": one["SPDXID"]}
                for one in inside
            ),
        ],
    }
    print(json.dumps(document, indent=1))


main()
