// /openapi/v3: what `kubectl explain` and other clients rely on.
#include <doctest/doctest.h>
#include <set>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/server.h"

namespace carbon::sandbox {

namespace {

class Documents {
 public:
  Documents() {
    occasion_ = {1'795'540'000'000'000'000, [this] { return ++dice_; }};
    auto opened = KubernetesSandbox::open(":memory:", occasion_);
    REQUIRE(opened.has_value());
    server_ = *std::move(opened);
  }
  Value get(const std::string& target) {
    ApiResponse response = server_->handle(ApiRequest::of("GET", target), occasion_);
    REQUIRE_MESSAGE(response.status == 200, target, response.body);
    return *parse_json(response.body);
  }
  void create(const std::string& target, std::string body) {
    ApiRequest request = ApiRequest::of("POST", target);
    request.body = std::move(body);
    CHECK(server_->handle(request, occasion_).status == 201);
  }

 private:
  std::uint64_t dice_ = 0;
  Occasion occasion_;
  std::unique_ptr<KubernetesSandbox> server_;
};

constexpr std::string_view reference_start = "#/components/schemas/";

void collect_references(const Value& value, std::set<std::string>& found) {
  if (value.is_fields()) {
    for (const Entry& entry : value.entries()) {
      if (entry.key.text() == "$ref") found.emplace(entry.value.text());
      collect_references(entry.value, found);
    }
  } else if (value.is_sequence()) {
    for (const Value& item : value.items()) collect_references(item, found);
  }
}

/// Schemas of a document that say they are of that kind.
std::size_t schemas_of(const Value& document, const Value& kind) {
  std::size_t count = 0;
  for (const Entry& schema : at(document, {"components", "schemas"})->entries()) {
    for (const Value& one : items_at(schema.value, {"x-kubernetes-group-version-kind"}))
      if (one == kind) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("every document of OpenAPI v3 describes its kinds, and refers to nothing that is not there") {
  Documents server;
  Value index = server.get("/openapi/v3");
  std::size_t kinds = 0;
  for (const Entry& entry : at(index, {"paths"})->entries()) {
    Value document = server.get(std::string(text_at(entry.value, {"serverRelativeURL"})));
    std::set<std::string> references;
    collect_references(document, references);
    for (const std::string& reference : references) {
      REQUIRE(reference.starts_with(reference_start));
      std::string_view name = std::string_view(reference).substr(reference_start.size());
      CHECK_MESSAGE(at(document, {"components", "schemas", name}) != nullptr, name);
    }
    for (const Entry& path : at(document, {"paths"})->entries()) {
      const Value* kind = at(path.value, {"get", "x-kubernetes-group-version-kind"});
      REQUIRE(kind != nullptr);
      CHECK_MESSAGE(schemas_of(document, *kind) == 1, to_json(*kind));
      ++kinds;
    }
  }
  CHECK(kinds > 40);
}

TEST_CASE("a schema in OpenAPI v3 has the types, marks and words of the embedded one") {
  Documents server;
  Value apps = server.get("/openapi/v3/apis/apps/v1");
  const Value* spec = at(apps, {"components", "schemas", "apps.v1.DeploymentSpec"});
  REQUIRE(spec != nullptr);
  CHECK(text_at(*spec, {"properties", "replicas", "format"}) == "int32");
  CHECK(text_at(*spec, {"properties", "replicas", "description"}).starts_with("Number of desired pods"));
  CHECK(items_at(*spec, {"required"}) == std::vector<Value>{text("selector"), text("template")});
  const Value* pod = at(apps, {"components", "schemas", "core.v1.PodSpec", "properties", "containers"});
  REQUIRE(pod != nullptr);
  CHECK(text_at(*pod, {"type"}) == "array");
  CHECK(items_at(*pod, {"x-kubernetes-list-map-keys"}) == std::vector<Value>{text("name")});
  CHECK(text_at(*pod, {"x-kubernetes-patch-merge-key"}) == "name");
}

TEST_CASE("a custom resource is described by its definition") {
  Documents server;
  server.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
      "metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced",
      "names":{"plural":"widgets","singular":"widget","kind":"Widget"},
      "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object",
      "properties":{"spec":{"type":"object","description":"What it shall be",
      "properties":{"size":{"type":"integer"}}}}}}}]}})");
  Value document = server.get("/openapi/v3/apis/example.com/v1");
  const Value* widget = at(document, {"components", "schemas", "example.com.v1.Widget", "properties"});
  REQUIRE(widget != nullptr);
  CHECK(text_at(*widget, {"spec", "properties", "size", "type"}) == "integer");
  CHECK(at(*widget, {"metadata"}) != nullptr);
}

}  // namespace carbon::sandbox
