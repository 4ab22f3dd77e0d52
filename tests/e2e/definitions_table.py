"""Kinds of the packages whose types are vendors' definitions, for kinds.py: definitions and objects in one plan.

Rows as in kinds_table.py; no operator runs, so nothing here is more than an object that the API server has checked.
"""

from kinds_table import Kind as BuiltIn

PACKAGES = ["certmanager", "kyverno", "spark", "velero", "victoriametrics"]
IMPORTS = ['import "std/%s"' % package for package in PACKAGES]
# What is declared beside the kinds: the definitions, each of which is adopted by the block that declares it.
FIRST = ["resource %s_crds : %s.Definitions {\n}\n" % (package, package) for package in PACKAGES]
DEFINITIONS = 42


class Kind(BuiltIn):
    package = ""

    def text(self, *edits):
        return super().text(*edits).replace(" : k8s.", " : %s." % self.package, 1)


def rows(package, api, *kinds):
    for kind in kinds:
        kind.package = package
        scope = "" if kind.path.startswith("!") else "/namespaces/NS"
        kind.path = "/apis/%s%s/%s" % (api, scope, kind.path.lstrip("!"))
    return list(kinds)


SPARK = ('type = "Scala", mode = "cluster", image = "example.invalid/spark:4", sparkVersion = "4.0.0", mainClass = "one", '
         'mainApplicationFile = "local:///one.jar", driver = { cores = 1, memory = "512m" }, '
         'executor = { instances = 1, cores = 1, memory = "512m" }')
POLICY = ('  spec = {\n    background = true\n    rules = [{\n      name = "one"\n'
          '      match = { any = [{ resources = { kinds = ["ConfigMap"] } }] }\n'
          '      validate = { message = "a", pattern = { metadata = { labels = { app = "?*" } } } }\n    }]\n  }')
POLICY_CHANGE = dict(change=('"a"', '"b"'), changed="spec.rules", drift={"spec": {"background": False}},
                     drifted="spec.background")
CLEANUP = '  spec = { schedule = "0 2 * * *", match = { any = [{ resources = { kinds = ["Pod"] } }] } }'
CLEANUP_CHANGE = dict(change=("0 2", "0 3"), changed="spec.schedule", drift={"spec": {"schedule": "0 4 * * *"}},
                      drifted="spec.schedule")
ACME = '  spec = { acme = { server = "https://acme.example.invalid/a", privateKeySecretRef = { name = "account" } } }'
ACME_CHANGE = dict(change=("/a", "/b"), changed="spec.acme.server",
                   drift={"spec": {"acme": {"server": "https://acme.example.invalid/c"}}}, drifted="spec.acme.server")


def workload(kind, path, body="", levels=("INFO", "WARN")):
    """One of VictoriaMetrics' own workloads: they have these fields in common."""
    return Kind(kind, path, '  spec = { logLevel = "%s", replicaCount = 1%s }' % (levels[0], body), change=levels,
                changed="spec.logLevel", drift={"spec": {"replicaCount": 3}}, drifted="spec.replicaCount")


TABLE = [
    *rows("velero", "velero.io/v1",
          Kind("BackupStorageLocation", "backupstoragelocations",
               '  spec = {\n    provider = "aws", accessMode = "ReadWrite"\n    objectStorage = { bucket = "velero" }\n'
               '    config = { region = "minio", s3ForcePathStyle = "true" }\n  }',
               change=('"minio"', '"other"'), changed='spec.config.region',
               drift={"spec": {"accessMode": "ReadOnly"}}, drifted="spec.accessMode"),
          Kind("VolumeSnapshotLocation", "volumesnapshotlocations", '  spec = { provider = "aws", config = { region = "a" } }',
               change=('"a" }', '"b" }'), changed="spec.config.region",
               drift={"spec": {"provider": "gcp"}}, drifted="spec.provider"),
          Kind("Schedule", "schedules",
               '  spec = { schedule = "0 2 * * *", template = { storageLocation = "one", ttl = "720h0m0s", includedNamespaces = ["a"] } }',
               change=("720h0m0s", "48h0m0s"), changed="spec.template.ttl",
               drift={"spec": {"schedule": "0 3 * * *"}}, drifted="spec.schedule"),
          Kind("Backup", "backups", '  spec = { storageLocation = "one", ttl = "72h0m0s" }', metadata='labels = { a = "a" }',
               change=('a = "a"', 'a = "b"'), changed="metadata.labels", drift={"metadata": {"labels": {"a": "c"}}},
               drifted="metadata.labels", replace=("72h0m0s", "96h0m0s")),
          Kind("Restore", "restores", '  spec = { backupName = "one", includedNamespaces = ["a"] }', metadata='labels = { a = "a" }',
               change=('a = "a"', 'a = "b"'), changed="metadata.labels", drift={"metadata": {"labels": {"a": "c"}}},
               drifted="metadata.labels", replace=('["a"]', '["b"]'))),
    *rows("victoriametrics", "operator.victoriametrics.com/v1beta1",
          workload("VMSingle", "vmsingles", body=', retentionPeriod = "14d"'),
          workload("VMAgent", "vmagents", body=', remoteWrite = [{ url = "http://vm:8429/api/v1/write" }]'),
          workload("VMAlert", "vmalerts", body=', datasource = { url = "http://vm:8429" }'),
          workload("VMAlertmanager", "vmalertmanagers", levels=("info", "warn")),
          workload("VMAuth", "vmauths"),
          Kind("VMCluster", "vmclusters",
               '  spec = { retentionPeriod = "1", replicationFactor = 1, vmstorage = { replicaCount = 2 } }',
               change=('"1"', '"2"'), changed="spec.retentionPeriod", drift={"spec": {"replicationFactor": 2}},
               drifted="spec.replicationFactor"),
          Kind("VMUser", "vmusers",
               '  spec = { username = "a", generatePassword = true, targetRefs = [{ static = { url = "http://vm:8429" }, paths = ["/"] }] }',
               change=('"a"', '"b"'), changed="spec.username", drift={"spec": {"generatePassword": False}},
               drifted="spec.generatePassword"),
          Kind("VMRule", "vmrules",
               '  spec = { groups = [{ name = "one", interval = "30s", rules = [{ alert = "Down", expr = "up == 0", for = "5m" }] }] }',
               change=("5m", "10m"), changed="spec.groups",
               drift={"spec": {"groups": [{"name": "one", "interval": "60s", "rules": []}]}}, drifted="spec.groups"),
          Kind("VMServiceScrape", "vmservicescrapes",
               '  spec = { jobLabel = "a", selector = { matchLabels = { app = "a" } }, endpoints = [{ port = "http" }] }',
               change=('jobLabel = "a"', 'jobLabel = "b"'), changed="spec.jobLabel",
               drift={"spec": {"endpoints": [{"port": "other"}]}}, drifted="spec.endpoints"),
          Kind("VMPodScrape", "vmpodscrapes",
               '  spec = { jobLabel = "a", selector = { matchLabels = { app = "a" } }, podMetricsEndpoints = [{ port = "http" }] }',
               change=('jobLabel = "a"', 'jobLabel = "b"'), changed="spec.jobLabel",
               drift={"spec": {"podMetricsEndpoints": [{"port": "other"}]}}, drifted="spec.podMetricsEndpoints"),
          Kind("VMNodeScrape", "vmnodescrapes", '  spec = { jobLabel = "a", path = "/metrics" }',
               change=('"a"', '"b"'), changed="spec.jobLabel", drift={"spec": {"path": "/m"}}, drifted="spec.path"),
          Kind("VMStaticScrape", "vmstaticscrapes",
               '  spec = { jobName = "a", targetEndpoints = [{ targets = ["a:80"] }] }',
               change=('"a"', '"b"'), changed="spec.jobName",
               drift={"spec": {"targetEndpoints": [{"targets": ["b:80"]}]}}, drifted="spec.targetEndpoints"),
          Kind("VMProbe", "vmprobes",
               '  spec = { jobName = "a", module = "m", vmProberSpec = { url = "prober:9115" }, targets = { static = { targets = ["a"] } } }',
               change=('jobName = "a"', 'jobName = "b"'), changed="spec.jobName", drift={"spec": {"module": "n"}},
               drifted="spec.module"),
          Kind("VMScrapeConfig", "vmscrapeconfigs",
               '  spec = { staticConfigs = [{ targets = ["a:80"] }], path = "/a" }',
               change=('"/a"', '"/b"'), changed="spec.path",
               drift={"spec": {"staticConfigs": [{"targets": ["b:80"]}]}}, drifted="spec.staticConfigs"),
          Kind("VMAlertmanagerConfig", "vmalertmanagerconfigs",
               '  spec = { route = { receiver = "a" }, receivers = [{ name = "a", webhook_configs = [{ url = "http://a" }] }] }',
               change=('"http://a"', '"http://b"'), changed="spec.receivers",
               drift={"spec": {"route": {"receiver": "b"}}}, drifted="spec.route.receiver")),
    *rows("certmanager", "cert-manager.io/v1",
          Kind("ClusterIssuer", "!clusterissuers", ACME, name="kinds-one", **ACME_CHANGE),
          Kind("Issuer", "issuers", ACME, **ACME_CHANGE),
          Kind("Certificate", "certificates",
               '  spec = {\n    secretName = "one-tls", dnsNames = ["a.example"], duration = "2160h"\n'
               '    issuerRef = { name = issuer.metadata.name }\n  }',
               change=('"a.example"', '"b.example"'), changed="spec.dnsNames", drift={"spec": {"duration": "24h"}},
               drifted="spec.duration")),
    *rows("spark", "sparkoperator.k8s.io/v1beta2",
          Kind("SparkApplication", "sparkapplications", "  spec = { %s }" % SPARK,
               change=('mainClass = "one"', 'mainClass = "two"'), changed="spec.mainClass",
               drift={"spec": {"executor": {"instances": 5}}}, drifted="spec.executor.instances"),
          Kind("ScheduledSparkApplication", "scheduledsparkapplications",
               '  spec = { schedule = "0 3 * * *", concurrencyPolicy = "Forbid", template = { %s } }' % SPARK,
               change=("0 3", "0 4"), changed="spec.schedule", drift={"spec": {"concurrencyPolicy": "Allow"}},
               drifted="spec.concurrencyPolicy")),
    *rows("kyverno", "kyverno.io/v1",
          Kind("ClusterPolicy", "!clusterpolicies", POLICY, name="kinds-one", **POLICY_CHANGE),
          Kind("Policy", "policies", POLICY, **POLICY_CHANGE)),
    *rows("kyverno", "kyverno.io/v2",
          Kind("CleanupPolicy", "cleanuppolicies", CLEANUP, **CLEANUP_CHANGE),
          Kind("ClusterCleanupPolicy", "!clustercleanuppolicies", CLEANUP, name="kinds-one", **CLEANUP_CHANGE),
          Kind("PolicyException", "policyexceptions",
               '  spec = {\n    background = true\n    match = { any = [{ resources = { kinds = ["Pod"] } }] }\n'
               '    exceptions = [{ policyName = "one", ruleNames = ["one"] }]\n  }',
               change=('ruleNames = ["one"]', 'ruleNames = ["two"]'), changed="spec.exceptions",
               drift={"spec": {"background": False}}, drifted="spec.background")),
]
