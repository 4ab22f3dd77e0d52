#include "stdlib/k8s/schema.h"

#include <doctest/doctest.h>

#include <set>

#include "stdlib/k8s/schema_text.h"

using namespace carbon;

namespace {

struct Loaded {
  ResourceTypes types;
  Loaded() { add_kubernetes_types(types); }

  const ResourceType& kind(std::string_view name) {
    const ResourceType* type = types.find("k8s." + std::string(name));
    REQUIRE_MESSAGE(type != nullptr, std::string(name));
    return *type;
  }
  /// The field at a path of names; lists and maps are stepped through.
  const FieldType& field(std::string_view kind_name, std::string_view path) {
    TypePtr type = kind(kind_name).schema;
    const FieldType* found = nullptr;
    while (!path.empty()) {
      std::string_view name = path.substr(0, path.find('.'));
      path = name.size() == path.size() ? std::string_view() : path.substr(name.size() + 1);
      while (type->element != nullptr) type = type->element;
      found = type->field(name);
      REQUIRE_MESSAGE(found != nullptr, std::string(name));
      type = found->type;
    }
    return *found;
  }
  bool flagged(std::string_view kind_name, std::string_view path, FieldFlag flag) {
    return has(field(kind_name, path).flags, flag);
  }
};

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("every declarable kind loads, with a record for a schema") {
  Loaded all;
  std::size_t kinds = 0;
  for (const std::string& name : all.types.names("k8s")) {
    const ResourceType* type = all.types.find(name);
    REQUIRE_MESSAGE(type != nullptr, name);
    CHECK(type->name == name);
    CHECK(type->schema->kind == TypeKind::record);
    CHECK_FALSE(type->schema->fields.empty());
    if (type->transport != Transport::kubernetes || type->manifests) continue;
    ++kinds;
    CHECK(type->schema->field("metadata") != nullptr);
    CHECK(type->schema->field("apiVersion") == nullptr);
    CHECK(type->schema->field("kind") == nullptr);
    CHECK(type->provider_type == "k8s.Cluster");
    CHECK_FALSE(type->doc.empty());
  }
  CHECK(kinds == 49);  // 52 resources less Binding, ComponentStatus and two second versions; GeneratedSecret
  CHECK(all.types.find("k8s.Deploymnt") == nullptr);
  CHECK(all.types.find("k8s.Binding") == nullptr);  // can be posted but not read
}

TEST_CASE("the kind carries its API") {
  Loaded all;
  const KubernetesApi& api = all.kind("Deployment").kubernetes;
  CHECK(api.api_version() == "apps/v1");
  CHECK(api.plural == "deployments");
  CHECK(api.namespaced);
  CHECK(all.kind("ConfigMap").kubernetes.api_version() == "v1");
  CHECK(all.kind("HorizontalPodAutoscaler").kubernetes.api_version() == "autoscaling/v2");
  CHECK(all.kind("Event").kubernetes.api_version() == "v1");
  CHECK_FALSE(all.kind("Namespace").kubernetes.namespaced);
}

TEST_CASE("identity is namespace and name, or the name alone") {
  Loaded all;
  const ResourceType& config = all.kind("ConfigMap");
  REQUIRE(config.identity.size() == 2);
  CHECK(config.identity[0].text() == "metadata.namespace");
  CHECK(config.identity[1].text() == "metadata.name");
  const ResourceType& role = all.kind("ClusterRole");
  REQUIRE(role.identity.size() == 1);
  CHECK(role.identity[0].text() == "metadata.name");
  CHECK(all.field("ClusterRole", "metadata").type->field("namespace") == nullptr);
  CHECK(all.flagged("ConfigMap", "metadata.name", FieldFlag::identity | FieldFlag::immutable));
  CHECK_FALSE(all.flagged("ConfigMap", "metadata", FieldFlag::required));
  CHECK_FALSE(all.flagged("ConfigMap", "metadata.name", FieldFlag::required));
  // The name in a pod template is an ordinary field: its record is another one.
  CHECK_FALSE(all.flagged("Deployment", "spec.template.metadata.name", FieldFlag::identity));
}

TEST_CASE("lists are keyed as the API server merges them") {
  Loaded all;
  CHECK(all.field("Deployment", "spec.template.spec.containers").type->keys == Keys{"name"});
  CHECK(all.field("Deployment", "spec.template.spec.containers.ports").type->keys ==
        Keys{"containerPort", "protocol"});
  CHECK(all.field("Deployment", "spec.template.spec.containers.env").type->keys == Keys{"name"});
  CHECK(all.field("Deployment", "spec.template.spec.containers.volumeMounts").type->keys ==
        Keys{"mountPath"});
  CHECK(all.field("Service", "spec.ports").type->keys == Keys{"port", "protocol"});
  CHECK(all.field("ConfigMap", "metadata.ownerReferences").type->keys == Keys{"uid"});
  const Type& tolerations = *all.field("Pod", "spec.tolerations").type;
  CHECK(tolerations.kind == TypeKind::list);
  CHECK(tolerations.keys.empty());
  CHECK(tolerations.atomic);
  CHECK(all.field("ConfigMap", "metadata.finalizers").type->kind == TypeKind::set);
  CHECK_FALSE(all.field("Service", "spec.ports").type->atomic);
}

TEST_CASE("records and maps are atomic where the schema says so") {
  Loaded all;
  CHECK(all.field("Deployment", "spec.selector").type->atomic);
  CHECK(all.field("Service", "spec.selector").type->atomic);
  CHECK_FALSE(all.field("ConfigMap", "metadata.labels").type->atomic);
  CHECK(all.field("RoleBinding", "roleRef").type->atomic);
  // The field overrides its schema, for itself only.
  CHECK_FALSE(all.field("PersistentVolume", "spec.claimRef").type->atomic);
  CHECK(all.field("Event", "involvedObject").type->atomic);
}

TEST_CASE("scalars have carbon's types") {
  Loaded all;
  CHECK(to_string(*all.field("Deployment", "spec.replicas").type) == "int");
  CHECK(to_string(*all.field("Deployment", "spec.paused").type) == "bool");
  CHECK(to_string(*all.field("Pod", "spec.containers.resources.limits").type) == "map<quantity>");
  CHECK(to_string(*all.field("PersistentVolumeClaim", "spec.resources.requests").type) == "map<quantity>");
  CHECK(to_string(*all.field("Service", "spec.ports.targetPort").type) == "int_or_string");
  CHECK(to_string(*all.field("ConfigMap", "data").type) == "map<string>");
  CHECK(to_string(*all.field("ConfigMap", "binaryData").type) == "map<string>");
  CHECK(to_string(*all.field("ConfigMap", "metadata.creationTimestamp").type) == "string");
  CHECK(to_string(*all.field("ControllerRevision", "data").type) == "json");
  // JSONSchemaProps contains itself.
  CHECK(to_string(*all.field("CustomResourceDefinition", "spec.versions.schema.openAPIV3Schema").type) ==
        "json");
  CHECK(all.flagged("Service", "spec.ports.port", FieldFlag::required));
  CHECK_FALSE(all.flagged("Service", "spec.ports.protocol", FieldFlag::required));
}

TEST_CASE("what the server sets is computed") {
  Loaded all;
  for (const char* path : {"metadata.uid", "metadata.resourceVersion", "metadata.generation",
                           "metadata.creationTimestamp", "metadata.managedFields", "metadata.selfLink"})
    CHECK_MESSAGE(all.flagged("Pod", path, FieldFlag::computed), path);
  CHECK_FALSE(all.flagged("Pod", "metadata.ownerReferences", FieldFlag::computed));
  CHECK(all.flagged("Deployment", "status", FieldFlag::computed));
  CHECK(to_string(*all.field("Deployment", "status.readyReplicas").type) == "int");
}

TEST_CASE("immutable fields are marked in the kind and nowhere else") {
  Loaded all;
  auto fixed = [&](std::string_view kind, std::string_view path) {
    return all.flagged(kind, path, FieldFlag::immutable);
  };
  CHECK(fixed("Deployment", "spec.selector"));
  CHECK_FALSE(fixed("NetworkPolicy", "spec.podSelector"));
  CHECK_FALSE(fixed("ReplicationController", "spec.selector"));
  CHECK(fixed("StatefulSet", "spec.volumeClaimTemplates"));
  CHECK_FALSE(fixed("StatefulSet", "spec.template"));
  CHECK(fixed("Job", "spec.template"));
  // The very same JobSpec inside a CronJob may change.
  CHECK_FALSE(fixed("CronJob", "spec.jobTemplate.spec.template"));
  CHECK(fixed("Service", "spec.clusterIP"));
  CHECK(fixed("PersistentVolumeClaim", "spec.storageClassName"));
  CHECK_FALSE(fixed("PersistentVolumeClaim", "spec.resources.requests"));
  CHECK(fixed("PersistentVolumeClaim", "spec.resources.limits"));
  CHECK(fixed("PersistentVolume", "spec.csi"));
  CHECK_FALSE(fixed("PersistentVolume", "spec.persistentVolumeReclaimPolicy"));
  CHECK(fixed("Pod", "spec.nodeName"));
  CHECK(fixed("Pod", "spec.containers.command"));
  CHECK_FALSE(fixed("Pod", "spec.containers.image"));
  CHECK_FALSE(fixed("Deployment", "spec.template.spec.containers.command"));
  CHECK(fixed("RoleBinding", "roleRef"));
  CHECK(fixed("StorageClass", "provisioner"));
  CHECK(fixed("Secret", "type"));
}

TEST_CASE("the content of a Secret is secret") {
  Loaded all;
  CHECK(all.flagged("Secret", "data", FieldFlag::sensitive));
  CHECK(all.flagged("Secret", "stringData", FieldFlag::sensitive | FieldFlag::write_only));
  CHECK(to_string(*all.field("Secret", "data").type) == "map<secret<string>>");
  CHECK_FALSE(all.flagged("ConfigMap", "data", FieldFlag::sensitive));
}

TEST_CASE("kinds that hold data say so") {
  Loaded all;
  std::set<std::string> bearing;
  for (const std::string& name : all.types.names("k8s")) {
    if (all.types.find(name)->data_bearing) bearing.insert(name);
  }
  CHECK(bearing == std::set<std::string>{"k8s.CustomResourceDefinition", "k8s.Namespace",
                                         "k8s.PersistentVolume", "k8s.PersistentVolumeClaim",
                                         "k8s.StatefulSet"});
}

TEST_CASE("one kind makes only its own schemas, and shares what it can") {
  TypeTable table;
  KubernetesSchema schema(table);
  auto config = schema.load(*find_kubernetes_kind("ConfigMap"));
  CHECK(schema.schemas_made() == 4);  // ConfigMap, ObjectMeta, ManagedFieldsEntry, OwnerReference
  auto deployment = schema.load(*find_kubernetes_kind("Deployment"));
  std::size_t after_deployment = schema.schemas_made();
  auto daemons = schema.load(*find_kubernetes_kind("DaemonSet"));
  CHECK(schema.schemas_made() - after_deployment < 10);  // the pod is there already
  auto pod_of = [](const ResourceType& type) {
    return type.schema->field("spec")->type->field("template")->type->field("spec")->type;
  };
  CHECK(pod_of(*deployment) == pod_of(*daemons));
  CHECK(pod_of(*deployment) == schema.schema("core.v1.PodSpec"));
  CHECK(schema.schema("core.v1.NoSuch") == nullptr);
}

TEST_CASE("the cluster is a connection and asks for nothing") {
  Loaded all;
  const ResourceType& cluster = all.kind("Cluster");
  CHECK(cluster.transport == Transport::connection);
  CHECK(cluster.provider_type.empty());
  CHECK(to_string(*cluster.schema) == "k8s.Cluster");
  CHECK(to_string(*all.field("Cluster", "namespace").type) == "dns_label");
  CHECK(to_string(*all.field("Cluster", "token").type) == "secret<string>?");
  for (const FieldType& field : cluster.schema->fields) CHECK_FALSE(has(field.flags, FieldFlag::required));
}

TEST_CASE("a generated secret is a Secret with recipes in place of content") {
  Loaded all;
  const ResourceType& secret = all.kind("GeneratedSecret");
  CHECK(secret.generated);
  CHECK(secret.kubernetes.kind == "Secret");
  CHECK(secret.identity.size() == 2);
  CHECK(all.flagged("GeneratedSecret", "metadata.name", FieldFlag::identity));
  CHECK(all.flagged("GeneratedSecret", "data", FieldFlag::computed));
  CHECK(to_string(*all.field("GeneratedSecret", "data").type) == "map<secret<string>>");
  CHECK(to_string(*all.field("GeneratedSecret", "keys.length").type) == "int(min=8, max=1024)");
  CHECK(secret.schema->field("stringData") == nullptr);
  CHECK_FALSE(all.kind("Secret").generated);
}

TEST_CASE("a text of manifests is no kind of objects, and goes through a cluster") {
  Loaded all;
  const ResourceType& manifests = all.kind("Manifests");
  CHECK(manifests.manifests);
  CHECK(manifests.identity.empty());
  CHECK(manifests.provider_type == "k8s.Cluster");
  CHECK(has(manifests.schema->field("yaml")->flags, FieldFlag::required));
  CHECK(to_string(*manifests.schema->field("patches")->type) == "map<map<json>>");
}
