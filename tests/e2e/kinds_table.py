"""Kinds of Kubernetes, each with what happens in its life: the same data for the sandbox and for a real API server.

One row a kind:

    type, path     `k8s.TYPE`, and where the API serves it
    body           its fields, but for metadata
    change         (old, new) in the body: a field that may change
    changed        that field in the plan
    drift          what somebody else makes of the object, as a JSON merge patch
    drifted        the field of it that carbon had applied
    replace        (old, new) in the body: a field that may not change, where there is one
    metadata       further metadata, in which `change` may stand too
    names          of the object where it is not `one`
"""

from dataclasses import dataclass, field


@dataclass
class Kind:
    type: str
    path: str
    body: str = ""
    change: tuple = ()
    changed: str = ""
    drift: dict = field(default_factory=dict)
    drifted: str = ""
    replace: tuple = ()
    metadata: str = ""
    name: str = "one"
    address: str = ""

    def __post_init__(self):
        self.address = self.address or self.type.lower()

    @property
    def namespaced(self):
        return "/NS/" in self.path

    def text(self, *edits):
        place = "namespace = home.metadata.name, " if self.namespaced else ""
        made = 'resource %s : k8s.%s {\n  metadata = { name = "%s", %s%s }\n%s\n}\n' % (
            self.address, self.type, self.name, place, self.metadata, self.body.strip("\n"))
        for old, new in (edit for edit in edits if edit):
            assert old in made, "%s: %r is not in the text" % (self.address, old)
            made = made.replace(old, new)
        return made


def pod(app, image="example.invalid/app:1", more=""):
    return ('template = { metadata = { labels = { app = "%s" } }, spec = { %s '
            'containers = [{ name = "main", image = "%s" }] } }' % (app, more, image))


def workload(app, more=""):
    return '  spec = {\n    %s\n    selector = { matchLabels = { app = "%s" } }\n    %s\n  }' % (more, app, pod(app))


RULE = '{ apiGroups = [""], resources = ["configmaps"], verbs = ["get"] }'
HOOK = """
  webhooks = [{
    name = "one.example.com"
    sideEffects = "None"
    admissionReviewVersions = ["v1"]
    timeoutSeconds = 5
    clientConfig = { url = "https://127.0.0.1:9/hook" }
    rules = [{ apiGroups = ["none.example.com"], apiVersions = ["v1"], operations = ["CREATE"], resources = ["nothings"] }]
  }]"""
# A webhook's list has no merge that a patch could use: the whole list is written.
HOOK_DRIFT = {"webhooks": [{"name": "one.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
                            "timeoutSeconds": 9, "clientConfig": {"url": "https://127.0.0.1:9/hook"},
                            "rules": [{"apiGroups": ["none.example.com"], "apiVersions": ["v1"],
                                       "operations": ["CREATE"], "resources": ["nothings"]}]}]}
OTHER_SUBJECT = {"subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "theirs"}]}
ADMISSION = "/apis/admissionregistration.k8s.io/v1"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
STORAGE = "/apis/storage.k8s.io/v1"


def other_pod(image):
    return {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": image}]}}}}


TABLE = [
    Kind("Namespace", "/api/v1/namespaces", name="kinds-other", metadata='labels = { tier = "a" }',
         change=('"a"', '"b"'), changed="metadata.labels.tier",
         drift={"metadata": {"labels": {"tier": "theirs"}}}, drifted="metadata.labels.tier"),
    Kind("ConfigMap", "/api/v1/namespaces/NS/configmaps", '  data = { text = "a", empty = "" }',
         change=('"a"', '"b"'), changed="data.text", drift={"data": {"text": "theirs"}}, drifted="data.text"),
    Kind("ConfigMap", "/api/v1/namespaces/NS/configmaps", '  data = { text = "a" }\n  immutable = true', name="frozen",
         address="frozen", metadata='labels = { tier = "x" }', change=('"x"', '"y"'), changed="metadata.labels.tier",
         drift={"metadata": {"labels": {"tier": "theirs"}}}, drifted="metadata.labels.tier", replace=('"a"', '"b"')),
    Kind("Secret", "/api/v1/namespaces/NS/secrets", '  type = "Opaque"\n  stringData = { text = "a" }',
         change=('"a"', '"b"'), changed="stringData.text", drift={"stringData": {"text": "theirs"}},
         drifted="stringData.text", replace=('"Opaque"', '"example.com/login"')),
    Kind("ServiceAccount", "/api/v1/namespaces/NS/serviceaccounts", "  automountServiceAccountToken = true",
         change=("= true", "= false"), changed="automountServiceAccountToken",
         drift={"automountServiceAccountToken": True}, drifted="automountServiceAccountToken"),
    Kind("Service", "/api/v1/namespaces/NS/services",
         '  spec = { selector = { app = "statefulset" }, ports = [{ name = "web", port = 80, targetPort = 8080 }] }',
         change=("targetPort = 8080", 'targetPort = "web"'), changed='spec.ports["80","TCP"].targetPort',
         drift={"spec": {"selector": {"app": "theirs"}}}, drifted="spec.selector",
         replace=("spec = {", 'spec = { clusterIP = "None",')),
    Kind("PersistentVolume", "/api/v1/persistentvolumes",
         '  spec = {\n    capacity = { storage = 1Gi }\n    accessModes = ["ReadWriteOnce"]\n'
         '    persistentVolumeReclaimPolicy = "Retain"\n    storageClassName = "by-hand"\n'
         '    hostPath = { path = "/nowhere/a" }\n  }',
         change=('"Retain"', '"Delete"'), changed="spec.persistentVolumeReclaimPolicy",
         drift={"spec": {"persistentVolumeReclaimPolicy": "Recycle"}}, drifted="spec.persistentVolumeReclaimPolicy",
         replace=("/nowhere/a", "/nowhere/b")),
    Kind("PersistentVolumeClaim", "/api/v1/namespaces/NS/persistentvolumeclaims",
         '  spec = {\n    accessModes = ["ReadWriteOnce"]\n    storageClassName = storageclass.metadata.name\n'
         "    resources = { requests = { storage = 1024Mi } }\n  }",
         metadata='labels = { tier = "a" }', change=('"a"', '"b"'), changed="metadata.labels.tier",
         drift={"metadata": {"labels": {"tier": "theirs"}}}, drifted="metadata.labels.tier",
         replace=('"ReadWriteOnce"', '"ReadWriteMany"')),
    Kind("StorageClass", STORAGE + "/storageclasses",
         '  provisioner = "example.com/disk"\n  volumeBindingMode = "WaitForFirstConsumer"\n  allowVolumeExpansion = false',
         change=("= false", "= true"), changed="allowVolumeExpansion", drift={"allowVolumeExpansion": False},
         drifted="allowVolumeExpansion", replace=("example.com/disk", "example.com/tape")),
    Kind("CSIDriver", STORAGE + "/csidrivers", "  spec = { attachRequired = true, podInfoOnMount = false }",
         name="one.example.com", change=("podInfoOnMount = false", "podInfoOnMount = true"), changed="spec.podInfoOnMount",
         drift={"spec": {"podInfoOnMount": False}}, drifted="spec.podInfoOnMount",
         replace=("attachRequired = true", "attachRequired = false")),
    Kind("Deployment", "/apis/apps/v1/namespaces/NS/deployments", workload("deployment", "replicas = 1"),
         change=("replicas = 1", "replicas = 2"), changed="spec.replicas",
         drift=other_pod("theirs"), drifted='spec.template.spec.containers["main"].image',
         replace=('"deployment"', '"deployment-2"')),
    Kind("ReplicaSet", "/apis/apps/v1/namespaces/NS/replicasets", workload("replicaset", "replicas = 1"),
         change=("replicas = 1", "replicas = 2"), changed="spec.replicas", drift={"spec": {"replicas": 3}},
         drifted="spec.replicas", replace=('"replicaset"', '"replicaset-2"')),
    Kind("StatefulSet", "/apis/apps/v1/namespaces/NS/statefulsets",
         workload("statefulset", 'replicas = 1\n    serviceName = service.metadata.name\n    podManagementPolicy = "Parallel"'),
         change=("replicas = 1", "replicas = 2"), changed="spec.replicas", drift=other_pod("theirs"),
         drifted='spec.template.spec.containers["main"].image', replace=('"Parallel"', '"OrderedReady"')),
    Kind("DaemonSet", "/apis/apps/v1/namespaces/NS/daemonsets", workload("daemonset", "minReadySeconds = 0"),
         change=("app:1", "app:2"), changed='spec.template.spec.containers["main"].image', drift=other_pod("theirs"),
         drifted='spec.template.spec.containers["main"].image', replace=('"daemonset"', '"daemonset-2"')),
    Kind("Pod", "/api/v1/namespaces/NS/pods",
         '  spec = { restartPolicy = "Always", containers = [{ name = "main", image = "example.invalid/app:1" }] }',
         change=("app:1", "app:2"), changed='spec.containers["main"].image', metadata='labels = { tier = "a" }',
         drift={"metadata": {"labels": {"tier": "theirs"}}}, drifted="metadata.labels.tier",
         replace=('"Always"', '"Never"')),
    Kind("Job", "/apis/batch/v1/namespaces/NS/jobs",
         "  spec = { backoffLimit = 1, %s }" % pod("job", more='restartPolicy = "Never",'),
         change=("backoffLimit = 1", "backoffLimit = 2"), changed="spec.backoffLimit", drift={"spec": {"backoffLimit": 4}},
         drifted="spec.backoffLimit", replace=("app:1", "app:2")),
    Kind("CronJob", "/apis/batch/v1/namespaces/NS/cronjobs",
         '  spec = { schedule = "0 2 * * *", suspend = true, jobTemplate = { spec = { %s } } }'
         % pod("cronjob", more='restartPolicy = "Never",'),
         change=("0 2", "0 3"), changed="spec.schedule", drift={"spec": {"suspend": False}}, drifted="spec.suspend"),
    Kind("ReplicationController", "/api/v1/namespaces/NS/replicationcontrollers",
         '  spec = { replicas = 1, selector = { app = "rc" }, %s }' % pod("rc"),
         change=("replicas = 1", "replicas = 2"), changed="spec.replicas", drift={"spec": {"replicas": 3}},
         drifted="spec.replicas"),
    Kind("PodTemplate", "/api/v1/namespaces/NS/podtemplates", "  " + pod("podtemplate"),
         change=("app:1", "app:2"), changed='template.spec.containers["main"].image',
         drift={"template": {"spec": {"containers": [{"name": "main", "image": "theirs"}]}}},
         drifted='template.spec.containers["main"].image'),
    Kind("PodDisruptionBudget", "/apis/policy/v1/namespaces/NS/poddisruptionbudgets",
         '  spec = { minAvailable = 1, selector = { matchLabels = { app = "statefulset" } } }',
         change=("minAvailable = 1", 'minAvailable = "50%"'), changed="spec.minAvailable", drift={"spec": {"minAvailable": 7}},
         drifted="spec.minAvailable"),
    Kind("HorizontalPodAutoscaler", "/apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers",
         '  spec = {\n    maxReplicas = 4\n    minReplicas = 1\n    scaleTargetRef = { apiVersion = "apps/v1", '
         "kind = \"ReplicaSet\", name = replicaset.metadata.name }\n"
         '    metrics = [{ type = "Resource", resource = { name = "cpu", '
         'target = { type = "Utilization", averageUtilization = 70 } } }]\n  }',
         change=("maxReplicas = 4", "maxReplicas = 5"), changed="spec.maxReplicas", drift={"spec": {"maxReplicas": 9}},
         drifted="spec.maxReplicas"),
    Kind("Ingress", "/apis/networking.k8s.io/v1/namespaces/NS/ingresses",
         '  spec = {\n    ingressClassName = ingressclass.metadata.name\n    rules = [{ host = "a.example.com", http = { paths = [{\n'
         '      path = "/", pathType = "Prefix", backend = { service = { name = service.metadata.name, port = { number = 80 } } }\n'
         "    }] } }]\n  }",
         change=("a.example.com", "b.example.com"), changed="spec.rules[0].host",
         drift={"spec": {"ingressClassName": "theirs"}}, drifted="spec.ingressClassName"),
    Kind("IngressClass", "/apis/networking.k8s.io/v1/ingressclasses",
         '  spec = { controller = "example.com/a", parameters = { kind = "Thing", apiGroup = "example.com", name = "x" } }',
         change=('"x"', '"y"'), changed="spec.parameters.name", drift={"spec": {"parameters": {"name": "theirs"}}},
         drifted="spec.parameters.name", replace=("example.com/a", "example.com/b")),
    Kind("NetworkPolicy", "/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies",
         '  spec = { podSelector = {}, policyTypes = ["Ingress"], ingress = [{ ports = [{ port = 80 }] }] }',
         change=("port = 80", "port = 81"), changed="spec.ingress[0].ports[0].port",
         drift={"spec": {"ingress": [{"ports": [{"port": 9, "protocol": "TCP"}]}]}},
         drifted="spec.ingress[0].ports[0].port"),
    Kind("EndpointSlice", "/apis/discovery.k8s.io/v1/namespaces/NS/endpointslices",
         '  addressType = "IPv4"\n  endpoints = [{ addresses = ["192.0.2.1"] }]\n  ports = [{ name = "web", port = 80 }]',
         change=("192.0.2.1", "192.0.2.2"), changed="endpoints[0].addresses",
         drift={"endpoints": [{"addresses": ["192.0.2.9"]}]}, drifted="endpoints[0].addresses",
         replace=('"IPv4"\n  endpoints = [{ addresses = ["192.0.2.2"] }]',
                  '"IPv6"\n  endpoints = [{ addresses = ["2001:db8::1"] }]')),
    Kind("Role", RBAC + "/namespaces/NS/roles", "  rules = [%s]" % RULE, change=('["get"]', '["get", "list"]'),
         changed="rules[0].verbs", drift={"rules": []}, drifted="rules"),
    Kind("ClusterRole", RBAC + "/clusterroles", "  rules = [%s]" % RULE, name="kinds-one",
         change=('["get"]', '["get", "list"]'), changed="rules[0].verbs", drift={"rules": []}, drifted="rules"),
    Kind("RoleBinding", RBAC + "/namespaces/NS/rolebindings",
         '  roleRef = { apiGroup = "rbac.authorization.k8s.io", kind = "Role", name = role.metadata.name }\n'
         '  subjects = [{ kind = "User", apiGroup = "rbac.authorization.k8s.io", name = "a" }]',
         change=('"a"', '"b"'), changed="subjects[0].name", drift=OTHER_SUBJECT, drifted="subjects[0].name",
         replace=('kind = "Role", name = role.metadata.name', 'kind = "ClusterRole", name = clusterrole.metadata.name')),
    Kind("ClusterRoleBinding", RBAC + "/clusterrolebindings",
         '  roleRef = { apiGroup = "rbac.authorization.k8s.io", kind = "ClusterRole", name = clusterrole.metadata.name }\n'
         '  subjects = [{ kind = "User", apiGroup = "rbac.authorization.k8s.io", name = "a" }]', name="kinds-one",
         change=('"a"', '"b"'), changed="subjects[0].name", drift=OTHER_SUBJECT, drifted="subjects[0].name",
         replace=("clusterrole.metadata.name", '"view"')),
    Kind("PriorityClass", "/apis/scheduling.k8s.io/v1/priorityclasses", '  value = 10\n  description = "a"', name="kinds-one",
         change=('"a"', '"b"'), changed="description", drift={"description": "theirs"}, drifted="description",
         replace=("value = 10", "value = 11")),
    Kind("ResourceQuota", "/api/v1/namespaces/NS/resourcequotas", "  spec = { hard = { \"count/secrets\" = 50, \"requests.storage\" = 1024Gi } }",
         change=("= 50", "= 60"), changed='spec.hard["count/secrets"]', drift={"spec": {"hard": {"count/secrets": "70"}}},
         drifted='spec.hard["count/secrets"]'),
    Kind("LimitRange", "/api/v1/namespaces/NS/limitranges", '  spec = { limits = [{ type = "PersistentVolumeClaim", max = { storage = 1Ti } }] }',
         change=("1Ti", "2Ti"), changed='spec.limits[0].max.storage',
         drift={"spec": {"limits": [{"type": "PersistentVolumeClaim", "max": {"storage": "3Ti"}}]}},
         drifted="spec.limits[0].max.storage"),
    Kind("Lease", "/apis/coordination.k8s.io/v1/namespaces/NS/leases", '  spec = { holderIdentity = "a", leaseDurationSeconds = 15 }',
         change=("= 15", "= 16"), changed="spec.leaseDurationSeconds", drift={"spec": {"holderIdentity": "theirs"}},
         drifted="spec.holderIdentity"),
    Kind("CustomResourceDefinition", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
         '  spec = {\n    group = "kinds.example.com"\n    scope = "Namespaced"\n'
         '    names = { kind = "Widget", plural = "widgets" }\n    versions = [{\n      name = "v1", served = true, storage = true\n'
         '      schema = { openAPIV3Schema = { type = "object", description = "a" } }\n    }]\n  }',
         name="widgets.kinds.example.com", change=('"a"', '"b"'),
         changed="spec.versions[0].schema.openAPIV3Schema.description",
         metadata='labels = { tier = "x" }', drift={"metadata": {"labels": {"tier": "theirs"}}},
         drifted="metadata.labels.tier", replace=('"Namespaced"', '"Cluster"')),
    Kind("ValidatingWebhookConfiguration", ADMISSION + "/validatingwebhookconfigurations", HOOK, name="kinds-one",
         change=("= 5", "= 6"), changed='webhooks["one.example.com"].timeoutSeconds', drift=HOOK_DRIFT,
         drifted='webhooks["one.example.com"].timeoutSeconds'),
    Kind("MutatingWebhookConfiguration", ADMISSION + "/mutatingwebhookconfigurations", HOOK, name="kinds-one",
         change=("= 5", "= 6"), changed='webhooks["one.example.com"].timeoutSeconds', drift=HOOK_DRIFT,
         drifted='webhooks["one.example.com"].timeoutSeconds'),
    Kind("ValidatingAdmissionPolicy", ADMISSION + "/validatingadmissionpolicies",
         '  spec = {\n    failurePolicy = "Ignore"\n'
         '    matchConstraints = { resourceRules = [{ apiGroups = ["none.example.com"], apiVersions = ["v1"], '
         'operations = ["CREATE"], resources = ["nothings"] }] }\n    validations = [{ expression = "true", message = "a" }]\n  }',
         name="kinds-one", change=('"a"', '"b"'), changed="spec.validations[0].message",
         drift={"spec": {"failurePolicy": "Fail"}}, drifted="spec.failurePolicy"),
    Kind("ValidatingAdmissionPolicyBinding", ADMISSION + "/validatingadmissionpolicybindings",
         '  spec = { policyName = validatingadmissionpolicy.metadata.name, validationActions = ["Warn"] }', name="kinds-one",
         change=('["Warn"]', '["Audit"]'), changed="spec.validationActions",
         drift={"spec": {"policyName": "theirs"}}, drifted="spec.policyName"),
]
