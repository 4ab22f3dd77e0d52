#include "stdlib/k8s/pod_selectors.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "stdlib/k8s/schema.h"

using namespace carbon;

namespace {

/// Whether a NetworkPolicy with this selector may select pods with these labels.
bool fits(std::string_view selector, std::string_view labels) {
  ResourceTypes types;
  add_kubernetes_types(types);
  Value policy = *parse_json(R"({"spec": {"podSelector": )" + std::string(selector) + "}}");
  std::optional<PodSelector> found = pod_selector(*types.find("k8s.NetworkPolicy"), policy);
  REQUIRE(found.has_value());
  return may_select(*found, *parse_json(labels));
}

}  // namespace

TEST_CASE("all labels and all expressions must hold") {
  CHECK(fits(R"({"matchLabels": {"app": "web"}})", R"({"app": "web", "tier": "front"})"));
  CHECK_FALSE(fits(R"({"matchLabels": {"app": "web"}})", R"({"app": "wbe"})"));
  CHECK_FALSE(fits(R"({"matchLabels": {"ap": "web"}})", R"({"app": "web"})"));
  CHECK(fits(R"({"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "b"]}]})",
             R"({"app": "b"})"));
  CHECK_FALSE(fits(R"({"matchExpressions": [{"key": "app", "operator": "In", "values": ["a"]}]})",
                   R"({"app": "b"})"));
  CHECK(fits(R"({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]})",
             R"({"app": "b"})"));
  CHECK_FALSE(fits(R"({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["b"]}]})",
                   R"({"app": "b"})"));
  CHECK(fits(R"({"matchExpressions": [{"key": "app", "operator": "Exists"}]})", R"({"app": "b"})"));
  CHECK_FALSE(
      fits(R"({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]})", R"({"app": "b"})"));
}

TEST_CASE("a label that pods get once they run is not missed") {
  CHECK(fits(R"({"matchLabels": {"app": "db", "role": "leader"}})", R"({"app": "db"})"));
  CHECK_FALSE(
      fits(R"({"matchLabels": {"app": "db", "role": "leader"}})", R"({"app": "db", "role": "replica"})"));
  CHECK_FALSE(fits(R"({"matchLabels": {"statefulset.kubernetes.io/pod-name": "db-0"}})", "{}"));
}

TEST_CASE("a selector of everything, of nothing, or not yet known is none") {
  ResourceTypes types;
  add_kubernetes_types(types);
  CHECK_FALSE(pod_selector(*types.find("k8s.NetworkPolicy"), *parse_json(R"({"spec": {"podSelector": {}}})"))
                  .has_value());
  CHECK_FALSE(pod_selector(*types.find("k8s.Service"), *parse_json(R"({"spec": {}})")).has_value());
  CHECK(pod_selector(*types.find("k8s.Service"), *parse_json(R"({"spec": {"selector": {"a": "b"}}})"))
            .has_value());
  Value open = Value::record(
      {{Value::string("spec"),
        Value::record(
            {{Value::string("selector"),
              Value::record({{Value::string("a"), Value::unknown_attribute("x", "metadata.uid")}})}})}});
  CHECK_FALSE(pod_selector(*types.find("k8s.Service"), open).has_value());
}

TEST_CASE("labels stand beside the pod's spec, wherever that is") {
  ResourceTypes types;
  add_kubernetes_types(types);
  Value labels = *parse_json(R"({"a": "b"})");
  CHECK(*pod_labels(*types.find("k8s.Pod"), *parse_json(R"({"metadata": {"labels": {"a": "b"}}})")) ==
        labels);
  CHECK(*pod_labels(*types.find("k8s.Deployment"),
                    *parse_json(R"({"spec": {"template": {"metadata": {"labels": {"a": "b"}}}}})")) ==
        labels);
  CHECK(
      *pod_labels(*types.find("k8s.CronJob"), *parse_json(R"({"spec": {"jobTemplate": {"spec": {"template": {
    "metadata": {"labels": {"a": "b"}}}}}}})")) == labels);
  CHECK(pod_labels(*types.find("k8s.Deployment"), *parse_json("{}"))->entries().empty());
  CHECK_FALSE(pod_labels(*types.find("k8s.ConfigMap"), labels).has_value());
}
