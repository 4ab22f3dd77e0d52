#include "platform/connectors/kubernetes/fields_v1.h"

#include <doctest/doctest.h>

#include "tests/unit/platform/connectors/kubernetes/kubernetes_fixture.h"

using namespace carbon;
using namespace carbon::test;

namespace {

std::vector<std::string> paths(std::string_view json, const Type* schema) {
  auto set = decode_fields_v1(from_json(json), schema);
  REQUIRE_MESSAGE(set, set.error().message());
  std::vector<std::string> out;
  for (const FieldPath& path : set->paths()) out.push_back(path.text());
  return out;
}

}  // namespace

TEST_CASE("fields, keyed items, members and positions become paths") {
  const Type* deployment = kubernetes_type("k8s.Deployment")->schema;
  CHECK(paths(R"({"f:spec":{"f:replicas":{},"f:template":{"f:spec":{"f:containers":{
                   "k:{\"name\":\"app\"}":{".":{},"f:image":{},"f:name":{}}}}}}})",
              deployment) == std::vector<std::string>{"spec.replicas",
                                                      "spec.template.spec.containers[\"app\"]",
                                                      "spec.template.spec.containers[\"app\"].image",
                                                      "spec.template.spec.containers[\"app\"].name"});
  CHECK(paths(R"({"f:metadata":{"f:finalizers":{".":{},"v:\"a/b\"":{}}}})", deployment) ==
        std::vector<std::string>{"metadata.finalizers", "metadata.finalizers[=\"a/b\"]"});
  CHECK(paths(R"({"f:x":{"i:2":{}}})", nullptr) == std::vector<std::string>{"x[2]"});
}

TEST_CASE("the keys of an item come in the order of the schema") {
  const Type* service = kubernetes_type("k8s.Service")->schema;
  CHECK(paths(R"({"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{"f:port":{}}}}})", service) ==
        std::vector<std::string>{R"(spec.ports["80","TCP"].port)"});
}

TEST_CASE("an entry without fields is legal, anything unknown is a bad reply") {
  CHECK(paths("{}", nullptr).empty());
  for (std::string_view bad : {R"({"x":{}})", R"({"q:x":{}})", R"({"f:a":1})", R"({"k:nojson":{}})",
                               R"({"k:[1]":{}})", R"({"i:x":{}})", "[]"}) {
    auto set = decode_fields_v1(from_json(bad), nullptr);
    CAPTURE(bad);
    CHECK_FALSE(set);
  }
}
