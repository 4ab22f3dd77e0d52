#include "platform/connectors/kubernetes/live_object.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/value_json.h"
#include "tests/unit/platform/connectors/kubernetes/kubernetes_fixture.h"

using namespace carbon;
using namespace carbon::test;

namespace {

const ResourceType& type() { return *kubernetes_type("k8s.ConfigMap"); }

/// A ConfigMap that `manager` applied, with these keys in `data`.
Value live_map(std::string_view name, std::string_view manager,
               std::initializer_list<std::string_view> keys) {
  std::string data, owned;
  for (std::string_view key : keys) {
    data += fmt::format("{}\"{}\":\"1\"", data.empty() ? "" : ",", key);
    owned += fmt::format("{}\"f:{}\":{{}}", owned.empty() ? "" : ",", key);
  }
  return *parse_json(fmt::format(
      R"({{"data":{{{}}},"metadata":{{"name":"{}","namespace":"d","uid":"u","resourceVersion":"7",)"
      R"("annotations":{{"carbon.dev/operation":"t0"}},"managedFields":[{{"manager":"{}","operation":"Apply",)"
      R"("time":"2026-01-01T00:00:00Z","fieldsV1":{{"f:data":{{{}}},)"
      R"("f:metadata":{{"f:annotations":{{"f:carbon.dev/operation":{{}}}}}}}}}}]}}}})",
      data, name, manager, owned));
}

FieldSet fields(std::initializer_list<std::string_view> paths) {
  FieldSet set;
  for (std::string_view path : paths) set.insert(*FieldPath::parse(path));
  return set;
}

}  // namespace

TEST_CASE("each object gets its own managed fields, whatever stood before it in the list") {
  LiveObjectReader reader(type());
  for (auto keys : {std::initializer_list<std::string_view>{"a"}, {"a"}, {"a", "b"}, {"a"}}) {
    Result<LiveObject> live = reader.read(live_map("x", "carbon", keys));
    REQUIRE(live);
    REQUIRE(live->managed);
    CHECK(*live->managed == (keys.size() == 1 ? fields({"data.a"}) : fields({"data.a", "data.b"})));
    CHECK(live->writers.empty());
  }
}

TEST_CASE("another writer's fields are not taken for ours, nor ours for another's") {
  LiveObjectReader reader(type());
  CHECK(reader.read(live_map("x", "carbon", {"a"}))->managed);
  Result<LiveObject> other = reader.read(live_map("y", "kubectl", {"a"}));
  REQUIRE(other);
  CHECK_FALSE(other->managed);
  REQUIRE(other->writers.size() == 1);
  CHECK(other->writers.front().manager == "kubectl");
  CHECK(other->writers.front().fields.contains(*FieldPath::parse("data.a")));
}

TEST_CASE("the object has kind and version, and neither managed fields nor the operation annotation") {
  Result<LiveObject> live = read_live_object(live_map("x", "carbon", {"a"}), type());
  REQUIRE(live);
  CHECK(live->token == "t0");
  CHECK(to_json(live->object) ==
        R"({"apiVersion":"v1","data":{"a":"1"},"kind":"ConfigMap",)"
        R"("metadata":{"name":"x","namespace":"d","resourceVersion":"7","uid":"u"}})");
}

TEST_CASE("whoever changes a Secret's data holds the stringData that it came from") {
  LiveObjectReader reader(*kubernetes_type("k8s.Secret"));
  Result<LiveObject> live = reader.read(*parse_json(
      R"({"metadata":{"name":"x","namespace":"d","uid":"u","resourceVersion":"7","managedFields":[)"
      R"({"manager":"carbon","operation":"Apply","fieldsV1":{"f:stringData":{"f:a":{},"f:b":{}}}},)"
      R"({"manager":"kubectl-patch","operation":"Update","time":"T","fieldsV1":{"f:data":{"f:a":{},"f:c":{}}}}]}})"));
  REQUIRE(live);
  REQUIRE(live->managed);
  CHECK(*live->managed == fields({"stringData.b"}));
  REQUIRE(live->writers.size() == 1);
  CHECK(live->writers.front().fields == fields({"data.a", "data.c", "stringData.a"}));
}
