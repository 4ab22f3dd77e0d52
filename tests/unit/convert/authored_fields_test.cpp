#include "convert/authored_fields.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "stdlib/k8s/schema.h"

using namespace carbon;

namespace {

const ResourceType& type_of(std::string_view name) {
  static ResourceTypes types;
  static bool loaded = (add_kubernetes_types(types), true);
  (void)loaded;
  return *types.find(name);
}

FieldSet fields(std::initializer_list<std::string_view> paths) {
  FieldSet set;
  for (std::string_view path : paths) set.insert(*FieldPath::parse(path));
  return set;
}

/// What is left of the object, without what says which one it is.
std::string authored(std::string_view type, std::string_view json, const FieldOwners& owners) {
  std::string text = to_json(authored_object(*parse_json(json), type_of(type), owners));
  return text.substr(text.find("\"metadata\""));
}

constexpr std::string_view deployment = R"({"metadata":{"name":"web","namespace":"shop","uid":"1"},
  "spec":{"replicas":2,"progressDeadlineSeconds":600,"revisionHistoryLimit":3,"template":{"spec":{
    "dnsPolicy":"ClusterFirst","containers":[{"name":"web","image":"web:1","imagePullPolicy":"IfNotPresent",
      "ports":[{"containerPort":80,"protocol":"TCP"}]}]}}}})";

}  // namespace

TEST_CASE("what was applied is authored, and nothing else") {
  FieldOwners owners;
  owners.applied.push_back(fields(
      {"spec.replicas", "spec.progressDeadlineSeconds", R"(spec.template.spec.containers["web"].image)",
       R"(spec.template.spec.containers["web"].ports["80","TCP"].containerPort)"}));
  CHECK(
      authored("k8s.Deployment", deployment, owners) ==
      R"("metadata":{"name":"web","namespace":"shop"},"spec":{"progressDeadlineSeconds":600,"replicas":2,)"
      R"("template":{"spec":{"containers":[{"name":"web","image":"web:1","ports":[{"containerPort":80}]}]}}}})");
}

TEST_CASE("what was only sent along is authored unless it is a default") {
  CHECK(
      authored("k8s.Deployment", deployment, {}) ==
      R"("metadata":{"name":"web","namespace":"shop","uid":"1"},"spec":{"replicas":2,"revisionHistoryLimit":3,)"
      R"("template":{"spec":{"containers":[{"image":"web:1","name":"web","ports":[{"containerPort":80}]}]}}}})");
}

TEST_CASE("a pull policy is a default or not by the image") {
  std::string latest(deployment);
  latest.replace(latest.find("web:1"), 5, "web");
  CHECK(authored("k8s.Deployment", latest, {}).find("imagePullPolicy") != std::string::npos);
  latest.replace(latest.find("IfNotPresent"), 12, "Always");
  CHECK(authored("k8s.Deployment", latest, {}).find("imagePullPolicy") == std::string::npos);
}

TEST_CASE("what kubectl was given is in its annotation") {
  std::string_view object = R"({"metadata":{"name":"a","namespace":"b","annotations":{
    "kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"x\":\"1\"}}"}},"data":{"x":"1","y":"2"}})";
  CHECK(authored("k8s.ConfigMap", object, {}) ==
        R"("metadata":{"name":"a","namespace":"b"},"data":{"x":"1"}})");
}

TEST_CASE("a Secret's data may have been applied as text") {
  FieldOwners owners;
  owners.applied.push_back(fields({"stringData.password"}));
  CHECK(authored("k8s.Secret", R"({"metadata":{"name":"a"},"data":{"password":"eA==","other":"eA=="}})",
                 owners) == R"("metadata":{"name":"a"},"data":{"password":"eA=="}})");
}

TEST_CASE("an address that the server chose is not authored, none is") {
  CHECK(authored("k8s.Service", R"({"metadata":{"name":"a"},"spec":{"clusterIP":"10.0.0.1"}})", {}) ==
        R"("metadata":{"name":"a"},"spec":{}})");
  CHECK(authored("k8s.Service", R"({"metadata":{"name":"a"},"spec":{"clusterIP":"None"}})", {}) ==
        R"("metadata":{"name":"a"},"spec":{"clusterIP":"None"}})");
}
