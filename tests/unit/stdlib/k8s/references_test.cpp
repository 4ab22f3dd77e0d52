#include "stdlib/k8s/references.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "stdlib/k8s/kinds.h"
#include "stdlib/k8s/schema.h"
#include "stdlib/k8s/schema_text.h"

using namespace carbon;

namespace {

/// `Secret data/pw spec.…` a line, `?` after optional ones.
std::vector<std::string> references_of(std::string_view kind, std::string_view json) {
  ResourceTypes types;
  add_kubernetes_types(types);
  auto desired = parse_json(json);
  REQUIRE(desired.has_value());
  std::vector<std::string> lines;
  for (const ObjectReference& found : object_references(*types.find("k8s." + std::string(kind)), *desired)) {
    std::string where =
        found.object_namespace.empty() ? found.name : found.object_namespace + "/" + found.name;
    std::string group = found.group.empty() ? "" : "." + found.group;
    lines.push_back(found.kind + group + " " + where + " " + found.path.text() +
                    (found.optional ? " ?" : ""));
  }
  return lines;
}

using Lines = std::vector<std::string>;

struct Rule {
  std::string_view holder, path, field, target;
};
constexpr Rule rules[] = {
#define REFERENCE(holder, path, field, target, kind_rule, namespace_rule, need, part) \
  {holder, path, field, target},
#include "stdlib/k8s/references.def"
#undef REFERENCE
};

/// The schema of the record at a path, or empty.
std::string_view schema_at(std::string_view schema, std::string_view path) {
  while (!path.empty()) {
    std::string_view name = path.substr(0, path.find('.'));
    path = name.size() == path.size() ? std::string_view() : path.substr(name.size() + 1);
    std::optional<SchemaRecord> record = find_schema(schema);
    if (!record) return {};
    schema = {};
    for (const SchemaField& field : record->fields) {
      if (field.name != name) continue;
      SchemaTypeText type = split_schema_type(field.type);
      schema = type.argument.empty() ? type.head : type.argument;
    }
  }
  return schema;
}

}  // namespace

TEST_CASE("every rule names fields and kinds that exist") {
  for (const Rule& rule : rules) {
    // Custom kinds are held to their definitions in tests/unit/dsl/defined_types_test.cpp.
    if (rule.holder.find('/') != std::string_view::npos) continue;
    std::string_view root = "core.v1.PodSpec";
    if (rule.holder == "any") root = "core.v1.ConfigMap";
    if (rule.holder != "any" && rule.holder != "pod") {
      REQUIRE_MESSAGE(find_kubernetes_kind(rule.holder) != nullptr, std::string(rule.holder));
      root = find_kubernetes_kind(rule.holder)->schema;
    }
    std::optional<SchemaRecord> record = find_schema(schema_at(root, rule.path));
    REQUIRE_MESSAGE(record.has_value(), (std::string(rule.holder) + " " + std::string(rule.path)));
    bool found = false;
    for (const SchemaField& field : record->fields) found = found || field.name == rule.field;
    CHECK_MESSAGE(found,
                  (std::string(rule.holder) + " " + std::string(rule.path) + " " + std::string(rule.field)));
    if (!rule.target.empty()) CHECK(find_kubernetes_kind(rule.target) != nullptr);
  }
}

TEST_CASE("a workload depends on what its pod names") {
  CHECK(
      references_of("Deployment", R"({
    "metadata": {"name": "api", "namespace": "data"},
    "spec": {"template": {"spec": {
      "serviceAccountName": "runner", "priorityClassName": "high",
      "imagePullSecrets": [{"name": "registry"}],
      "containers": [{"name": "app",
        "env": [{"name": "PW", "valueFrom": {"secretKeyRef": {"name": "pw", "key": "x", "optional": true}}}],
        "envFrom": [{"configMapRef": {"name": "settings"}}]}],
      "volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "disk"}},
                  {"name": "p", "projected": {"sources": [{"secret": {"name": "tls"}}]}}]}}}})") ==
      Lines{
          "Namespace data metadata.namespace",
          "ServiceAccount data/runner spec.template.spec.serviceAccountName",
          "PriorityClass.scheduling.k8s.io high spec.template.spec.priorityClassName",
          R"(Secret data/registry spec.template.spec.imagePullSecrets["registry"].name)",
          R"(Secret data/pw spec.template.spec.containers["app"].env["PW"].valueFrom.secretKeyRef.name ?)",
          R"(ConfigMap data/settings spec.template.spec.containers["app"].envFrom[0].configMapRef.name)",
          R"(PersistentVolumeClaim data/disk spec.template.spec.volumes["d"].persistentVolumeClaim.claimName)",
          R"(Secret data/tls spec.template.spec.volumes["p"].projected.sources[0].secret.name)"});
}

TEST_CASE("a pod is found wherever a kind holds it") {
  std::string spec = R"({"spec": {"serviceAccountName": "runner"}})";
  CHECK(references_of("Pod", spec).size() == 1);
  CHECK(references_of("CronJob", R"({"spec": {"jobTemplate": {"spec": {"template": )" + spec + "}}}}") ==
        Lines{"ServiceAccount runner spec.jobTemplate.spec.template.spec.serviceAccountName"});
  CHECK(references_of("ConfigMap", spec).empty());
}

TEST_CASE("bindings name a role by kind, and only accounts that are objects") {
  CHECK(references_of("RoleBinding", R"({
    "metadata": {"namespace": "data"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
    "subjects": [{"kind": "ServiceAccount", "name": "a"}, {"kind": "ServiceAccount", "name": "b", "namespace": "x"},
                 {"kind": "User", "name": "kim"}]})") ==
        Lines{"Namespace data metadata.namespace", "ClusterRole.rbac.authorization.k8s.io view roleRef.name",
              "ServiceAccount data/a subjects[0].name", "ServiceAccount x/b subjects[1].name"});
}

TEST_CASE("an ingress depends on its class, certificates and services") {
  CHECK(references_of("Ingress", R"({
    "metadata": {"namespace": "web"},
    "spec": {"ingressClassName": "nginx", "tls": [{"secretName": "cert"}],
      "rules": [{"http": {"paths": [{"backend": {"service": {"name": "api"}}}]}}]}})") ==
        Lines{"Namespace web metadata.namespace",
              "IngressClass.networking.k8s.io nginx spec.ingressClassName",
              "Secret web/cert spec.tls[0].secretName",
              "Service web/api spec.rules[0].http.paths[0].backend.service.name"});
}

TEST_CASE("an autoscaler may point at a kind that is not built in") {
  CHECK(references_of("HorizontalPodAutoscaler",
                      R"({"metadata": {"namespace": "data"}, "spec": {"scaleTargetRef":
    {"apiVersion": "example.org/v1", "kind": "Worker", "name": "w"}}})")[1] ==
        "Worker.example.org data/w spec.scaleTargetRef.name");
  CHECK(references_of("StatefulSet", R"({"spec": {"serviceName": "db",
    "volumeClaimTemplates": [{"spec": {"storageClassName": "fast"}}]}})") ==
        Lines{"Service db spec.serviceName",
              "StorageClass.storage.k8s.io fast spec.volumeClaimTemplates[0].spec.storageClassName"});
}

TEST_CASE("what is asked of the object named is known with its place") {
  ResourceTypes types;
  add_kubernetes_types(types);
  auto parts = [&types](std::string_view kind, std::string_view json) {
    std::vector<std::string> lines;
    for (const ObjectReference& each :
         object_references(*types.find("k8s." + std::string(kind)), *parse_json(json))) {
      for (const ReferencedPart& part : each.parts)
        lines.push_back(each.name + " " + part.name + " " + part.path.text());
    }
    return lines;
  };
  CHECK(parts("Pod", R"({"spec": {
    "containers": [{"name": "app", "env": [{"name": "PW", "valueFrom": {"secretKeyRef": {"name": "pw", "key": "x"}}}]}],
    "volumes": [{"name": "f", "configMap": {"name": "files", "items": [{"key": "a"}, {"key": "b"}]}}]}})") ==
        Lines{R"(pw x spec.containers["app"].env["PW"].valueFrom.secretKeyRef.key)",
              R"(files a spec.volumes["f"].configMap.items[0].key)",
              R"(files b spec.volumes["f"].configMap.items[1].key)"});
  CHECK(parts("Ingress", R"({"spec": {
    "defaultBackend": {"service": {"name": "web", "port": {"number": 80}}},
    "rules": [{"http": {"paths": [{"backend": {"service": {"name": "api", "port": {"name": "http"}}}}]}}]}})") ==
        Lines{"web 80 spec.defaultBackend.service.port.number",
              "api http spec.rules[0].http.paths[0].backend.service.port.name"});
  // Without a port the API server asks 443.
  CHECK(parts("ValidatingWebhookConfiguration", R"({"webhooks": [{"name": "a", "clientConfig": {"service": {
    "name": "hook", "namespace": "x"}}}]})")[0]
            .starts_with("hook 443 "));
}

TEST_CASE("names that are not known yet are no references") {
  ResourceTypes types;
  add_kubernetes_types(types);
  Value spec =
      Value::record({{Value::string("serviceAccountName"), Value::unknown_attribute("sa", "metadata.name")}});
  Value pod = Value::record({{Value::string("spec"), spec}});
  CHECK(object_references(*types.find("k8s.Pod"), pod).empty());
  CHECK(object_references(*types.find("k8s.Cluster"), pod).empty());
}
