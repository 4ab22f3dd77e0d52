#include <doctest/doctest.h>

#include "base/value_json.h"
#include "stdlib/k8s/references.h"
#include "stdlib/k8s/schema.h"

using namespace carbon;

namespace {

ObjectReference named(std::string kind, std::string name_space, std::string name) {
  ObjectReference reference;
  reference.kind = std::move(kind);
  reference.object_namespace = std::move(name_space);
  reference.name = std::move(name);
  return reference;
}

/// A type that a package declares for a custom resource.
ResourceType custom(std::string group, std::string kind) {
  ResourceType type;
  type.name = "crds." + kind;
  type.kubernetes = {std::move(group), "v1", std::move(kind), "things", true};
  return type;
}

}  // namespace

TEST_CASE("every cluster has some objects, and makes some in every namespace") {
  CHECK(is_in_every_cluster(named("ConfigMap", "data", "kube-root-ca.crt")));
  CHECK(is_in_every_cluster(named("ServiceAccount", "data", "default")));
  CHECK(is_in_every_cluster(named("ClusterRole", "", "system:auth-delegator")));
  CHECK(is_in_every_cluster(named("Namespace", "", "kube-system")));
  CHECK_FALSE(is_in_every_cluster(named("Namespace", "", "data")));
  CHECK_FALSE(is_in_every_cluster(named("ServiceAccount", "data", "default2")));
  CHECK_FALSE(is_in_every_cluster(named("Service", "data", "kubernetes")));
}

TEST_CASE("a certificate brings its Secret, in its own namespace only") {
  ResourceType certificate = custom("cert-manager.io", "Certificate");
  Value desired =
      *parse_json(R"({"metadata": {"name": "web", "namespace": "edge"}, "spec": {"secretName": "web-tls"}})");
  CHECK(is_maker(certificate));
  CHECK(makes_object(certificate, desired, named("Secret", "edge", "web-tls")));
  CHECK_FALSE(makes_object(certificate, desired, named("Secret", "data", "web-tls")));
  CHECK_FALSE(makes_object(certificate, desired, named("ConfigMap", "edge", "web-tls")));
  CHECK_FALSE(makes_object(certificate, desired, named("Secret", "edge", "web")));
}

TEST_CASE("an ingress brings its certificate only where cert-manager is asked for it") {
  ResourceTypes types;
  add_kubernetes_types(types);
  const ResourceType& ingress = *types.find("k8s.Ingress");
  Value plain = *parse_json(
      R"({"metadata": {"name": "web", "namespace": "edge"}, "spec": {"tls": [{"secretName": "t"}]}})");
  Value asked = *parse_json(R"({"metadata": {"name": "web", "namespace": "edge",
    "annotations": {"cert-manager.io/cluster-issuer": "x"}}, "spec": {"tls": [{"secretName": "t"}]}})");
  CHECK_FALSE(makes_object(ingress, plain, named("Secret", "edge", "t")));
  CHECK(makes_object(ingress, asked, named("Secret", "edge", "t")));
}

TEST_CASE("a StatefulSet makes its claims, a volume its class") {
  ResourceTypes types;
  add_kubernetes_types(types);
  Value set = *parse_json(R"({"metadata": {"name": "db", "namespace": "data"},
    "spec": {"volumeClaimTemplates": [{"metadata": {"name": "disk"}}]}})");
  const ResourceType& type = *types.find("k8s.StatefulSet");
  CHECK(makes_object(type, set, named("PersistentVolumeClaim", "data", "disk-db-0")));
  CHECK_FALSE(makes_object(type, set, named("PersistentVolumeClaim", "data", "disk-dc-0")));
  Value volume = *parse_json(R"({"metadata": {"name": "v"}, "spec": {"storageClassName": "manual"}})");
  CHECK(makes_object(*types.find("k8s.PersistentVolume"), volume, named("StorageClass", "", "manual")));
}

TEST_CASE("a program of the platform may make what its role allows, in its namespace") {
  ResourceTypes types;
  add_kubernetes_types(types);
  const ResourceType& role = *types.find("k8s.Role");
  auto with_rule = [](std::string_view rule) {
    return *parse_json(R"({"metadata": {"name": "r", "namespace": "data"}, "rules": [)" + std::string(rule) +
                       "]}");
  };
  Value creates = with_rule(R"({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "create"]})");
  CHECK(may_make_object(role, creates, named("Secret", "data", "cert")));
  CHECK_FALSE(may_make_object(role, creates, named("Secret", "edge", "cert")));
  CHECK_FALSE(may_make_object(role, creates, named("ConfigMap", "data", "cert")));
  CHECK_FALSE(may_make_object(role,
                              with_rule(R"({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]})"),
                              named("Secret", "data", "cert")));
  CHECK_FALSE(may_make_object(role,
                              with_rule(R"({"apiGroups": ["apps"], "resources": ["*"], "verbs": ["*"]})"),
                              named("Secret", "data", "cert")));
  // A controller of certificates may create Secrets everywhere, and makes none that nobody asks for.
  Value everything = *parse_json(
      R"({"metadata": {"name": "r"}, "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]})");
  CHECK_FALSE(may_make_object(*types.find("k8s.ClusterRole"), everything, named("Secret", "edge", "cert")));
}

TEST_CASE("a custom resource may make what it mentions or gives its name to; a built-in one does not") {
  ResourceType queue = custom("example.org", "Queue");
  Value desired = *parse_json(
      R"({"metadata": {"name": "jobs", "namespace": "data"}, "spec": {"users": [{"secret": "pw"}]}})");
  CHECK(may_make_object(queue, desired, named("Secret", "data", "pw")));
  CHECK(may_make_object(queue, desired, named("Service", "data", "jobs-headless")));
  CHECK_FALSE(may_make_object(queue, desired, named("Secret", "data", "other")));
  CHECK_FALSE(may_make_object(queue, desired, named("Secret", "edge", "pw")));
  ResourceTypes types;
  add_kubernetes_types(types);
  CHECK_FALSE(may_make_object(*types.find("k8s.ConfigMap"), desired, named("Secret", "data", "pw")));
}
