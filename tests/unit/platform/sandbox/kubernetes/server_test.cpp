#include "platform/sandbox/kubernetes/server.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>
#include <filesystem>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

const std::string maps = "/api/v1/namespaces/default/configmaps";
const std::string deployments = "/apis/apps/v1/namespaces/default/deployments";

/// A server with a clock that stands still and dice that repeat.
class World {
 public:
  explicit World(const std::string& path = ":memory:") {
    occasion_.now = 1'795'540'000'000'000'000;
    occasion_.random = [this] { return seed_ = seed_ * 6364136223846793005U + 1442695040888963407U; };
    auto opened = KubernetesSandbox::open(path, occasion_);
    REQUIRE(opened.has_value());
    server_ = *std::move(opened);
  }

  ApiResponse send(const std::string& method, const std::string& target, const std::string& body = {},
                   const std::string& type = "application/json") {
    ApiRequest request = ApiRequest::of(method, target);
    request.body = body;
    request.content_type = type;
    request.user_agent = "test/1";
    return server_->handle(request, occasion_);
  }
  ApiResponse apply(const std::string& target, const std::string& body, const std::string& options = {}) {
    return send("PATCH", target + "?fieldManager=carbon&force=false" + options, body,
                "application/apply-patch+yaml");
  }
  Value get(const std::string& target) { return *parse_json(send("GET", target).body); }
  int status(const std::string& target) { return send("GET", target).status; }
  void settle() {
    for (int round = 0; server_->settle(occasion_); ++round) REQUIRE(round < 100);
  }
  KubernetesSandbox& server() { return *server_; }
  ObjectApi api() { return server_->api(occasion_); }

 private:
  std::uint64_t seed_ = 7;
  Occasion occasion_;
  std::unique_ptr<KubernetesSandbox> server_;
};

std::string config_map(const std::string& name, const std::string& metadata = {}) {
  return fmt::format(
      R"({{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"{}"{}}},"data":{{"a":"1"}}}})", name,
      metadata);
}

std::string owned_by(const Value& owner) {
  return fmt::format(
      R"(,"ownerReferences":[{{"apiVersion":"v1","kind":"ConfigMap","name":"{}","uid":"{}","blockOwnerDeletion":true}}])",
      text_at(owner, {"metadata", "name"}), text_at(owner, {"metadata", "uid"}));
}

std::string deployment(const std::string& name, const std::string& containers) {
  return fmt::format(
      R"({{"apiVersion":"apps/v1","kind":"Deployment","metadata":{{"name":"{}"}},"spec":{{"selector":{{"matchLabels":{{"a":"b"}}}},)"
      R"("template":{{"metadata":{{"labels":{{"a":"b"}}}},"spec":{{"containers":{}}}}}}}}})",
      name, containers);
}

std::vector<std::string> names_of(const Value& list) {
  std::vector<std::string> names;
  for (const Value& item : items_at(list, {"items"})) names.emplace_back(text_at(item, {"metadata", "name"}));
  return names;
}

}  // namespace

TEST_CASE("a store that is opened again answers the same, and goes on counting") {
  auto path = std::filesystem::temp_directory_path() / fmt::format("carbon-sandbox-{}.db", getpid());
  std::filesystem::remove(path);
  Value before;
  std::int64_t revision = 0;
  {
    World world(path.string());
    CHECK(world.apply(maps + "/kept", config_map("kept")).status == 201);
    world.settle();
    before = world.get(maps + "/kept");
    revision = world.server().revision();
  }
  World again(path.string());
  CHECK(again.get(maps + "/kept") == before);
  CHECK(again.server().revision() == revision);
  CHECK(again.apply(maps + "/kept", config_map("kept")).status == 200);
  CHECK(again.server().revision() == revision);
  CHECK(again.apply(maps + "/more", config_map("more")).status == 201);
  CHECK(again.server().revision() == revision + 1);
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + suffix);
}

TEST_CASE("a deletion that waited when the store was closed goes on when it is opened again") {
  auto path = std::filesystem::temp_directory_path() / fmt::format("carbon-waiting-{}.db", getpid());
  std::filesystem::remove(path);
  std::string finalizer = R"(,"finalizers":["example.com/wait"])";
  {
    World world(path.string());
    CHECK(world
              .send("POST", "/api/v1/namespaces",
                    R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"n"}})")
              .status == 201);
    CHECK(world.send("POST", "/api/v1/namespaces/n/configmaps", config_map("held", finalizer)).status == 201);
    world.settle();
    CHECK(world.send("DELETE", "/api/v1/namespaces/n").status == 200);
    world.settle();
  }
  World again(path.string());
  CHECK(again.status("/api/v1/namespaces/n") == 200);
  CHECK(again
            .send("PATCH", "/api/v1/namespaces/n/configmaps/held", R"({"metadata":{"finalizers":null}})",
                  "application/merge-patch+json")
            .status == 200);
  again.settle();
  CHECK(again.status("/api/v1/namespaces/n") == 404);
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + suffix);
}

TEST_CASE("a deleted owner takes its dependents along") {
  World world;
  world.apply(maps + "/owner", config_map("owner"));
  Value owner = world.get(maps + "/owner");
  world.apply(maps + "/child", config_map("child", owned_by(owner)));
  world.settle();

  SUBCASE("in the background") {
    CHECK(world.send("DELETE", maps + "/owner").status == 200);
    CHECK(world.status(maps + "/child") == 200);
    world.settle();
    CHECK(world.status(maps + "/child") == 404);
  }
  SUBCASE("in the foreground, itself last") {
    CHECK(world.send("DELETE", maps + "/owner?propagationPolicy=Foreground").status == 200);
    CHECK(items_at(world.get(maps + "/owner"), {"metadata", "finalizers"}) ==
          std::vector{text("foregroundDeletion")});
    world.settle();
    CHECK(world.status(maps + "/child") == 404);
    CHECK(world.status(maps + "/owner") == 404);
  }
  SUBCASE("but not when they are orphaned") {
    CHECK(world.send("DELETE", maps + "/owner?propagationPolicy=Orphan").status == 200);
    world.settle();
    CHECK(world.status(maps + "/owner") == 404);
    CHECK(items_at(world.get(maps + "/child"), {"metadata", "ownerReferences"}).empty());
  }
  SUBCASE("also one that comes too late") {
    world.send("DELETE", maps + "/owner");
    world.settle();
    world.apply(maps + "/late", config_map("late", owned_by(owner)));
    world.settle();
    CHECK(world.status(maps + "/late") == 404);
  }
}

TEST_CASE("a namespace goes with all that is in it") {
  World world;
  world.send("POST", "/api/v1/namespaces",
             R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"n"}})");
  world.settle();
  CHECK(world.status("/api/v1/namespaces/n/serviceaccounts/default") == 200);
  CHECK(world.status("/api/v1/namespaces/n/configmaps/kube-root-ca.crt") == 200);
  world.apply("/api/v1/namespaces/n/configmaps/x", config_map("x"));
  CHECK(world.send("DELETE", "/api/v1/namespaces/n").status == 200);
  CHECK(world.apply("/api/v1/namespaces/n/configmaps/y", config_map("y")).status == 403);
  world.settle();
  CHECK(world.status("/api/v1/namespaces/n") == 404);
  CHECK(world.status("/api/v1/namespaces/n/configmaps/x") == 404);
}

TEST_CASE("label selectors choose") {
  World world;
  for (const char* name : {"one", "two", "three"}) {
    world.apply(maps + "/" + name, config_map(name, fmt::format(R"(,"labels":{{"n":"{}"}})", name)));
  }
  auto chosen = [&](const std::string& selector) {
    return names_of(world.get(maps + "?labelSelector=" + selector));
  };
  CHECK(chosen("n%3Done") == std::vector<std::string>{"one"});
  CHECK(chosen("n+in+(one,two)") == std::vector<std::string>{"one", "two"});
  CHECK(chosen("n,n+notin+(one)") == std::vector<std::string>{"three", "two"});
  CHECK(chosen("n,n!%3Dtwo") == std::vector<std::string>{"one", "three"});
  CHECK(chosen("!n") == std::vector<std::string>{"kube-root-ca.crt"});
  CHECK(world.send("GET", maps + "?labelSelector=n+in+one").status == 400);
}

TEST_CASE("pages are of one revision, whatever happens meanwhile") {
  World world;
  for (char c = 'a'; c < 'f'; ++c) world.apply(maps + "/" + c, config_map(std::string(1, c)));
  Value first = world.get(maps + "?limit=2");
  CHECK(names_of(first) == std::vector<std::string>{"a", "b"});
  world.send("DELETE", maps + "/d");
  world.apply(maps + "/bb", config_map("bb"));
  Value second =
      world.get(maps + "?limit=9&continue=" + std::string(text_at(first, {"metadata", "continue"})));
  CHECK(names_of(second) == std::vector<std::string>{"c", "d", "e", "kube-root-ca.crt"});
  CHECK(text_at(second, {"metadata", "resourceVersion"}) == text_at(first, {"metadata", "resourceVersion"}));
}

TEST_CASE("a strategic merge patch merges containers by name") {
  World world;
  CHECK(world
            .apply(deployments + "/d",
                   deployment("d", R"([{"name":"a","image":"i:1"},{"name":"b","image":"i:1"}])"))
            .status == 201);
  auto patch = [&](const std::string& containers) {
    std::string body = fmt::format(R"({{"spec":{{"template":{{"spec":{{{}}}}}}}}})", containers);
    return world.send("PATCH", deployments + "/d", body, "application/strategic-merge-patch+json");
  };
  CHECK(patch(R"("containers":[{"name":"b","image":"i:2"},{"name":"c","image":"i:3"}])").status == 200);
  std::vector<Value> containers =
      items_at(world.get(deployments + "/d"), {"spec", "template", "spec", "containers"});
  REQUIRE(containers.size() == 3);
  CHECK(text_at(containers[0], {"image"}) == "i:1");
  CHECK(text_at(containers[1], {"image"}) == "i:2");
  CHECK(text_at(containers[2], {"image"}) == "i:3");
  CHECK(
      patch(
          R"("containers":[{"name":"a","$patch":"delete"}],"$setElementOrder/containers":[{"name":"c"},{"name":"b"}])")
          .status == 200);
  containers = items_at(world.get(deployments + "/d"), {"spec", "template", "spec", "containers"});
  REQUIRE(containers.size() == 2);
  CHECK(text_at(containers[0], {"name"}) == "c");
}

TEST_CASE("a scale writes replicas for its own manager") {
  World world;
  world.apply(deployments + "/d", deployment("d", R"([{"name":"a","image":"i:1"}])"));
  CHECK(world
            .send("PATCH", deployments + "/d/scale", R"({"spec":{"replicas":3}})",
                  "application/merge-patch+json")
            .status == 200);
  Value object = world.get(deployments + "/d");
  CHECK(int_at(object, {"spec", "replicas"}) == 3);
  CHECK(int_at(object, {"metadata", "generation"}) == 2);
  CHECK(text_at(items_at(object, {"metadata", "managedFields"}).back(), {"subresource"}) == "scale");
}

TEST_CASE("a status write changes nothing else, and no generation") {
  World world;
  world.apply(deployments + "/d", deployment("d", R"([{"name":"a","image":"i:1"}])"));
  ObjectApi api = world.api();
  Value object = *api.get("deployments.apps", "default", "d");
  Value changed = with(with(object, {"status", "replicas"}, number(1)), {"spec", "replicas"}, number(9));
  CHECK(api.update_status(changed).has_value());
  Value now = *api.get("deployments.apps", "default", "d");
  CHECK(int_at(now, {"status", "replicas"}) == 1);
  CHECK(int_at(now, {"spec", "replicas"}) == 1);
  CHECK(int_at(now, {"metadata", "generation"}) == 1);
  CHECK(api.update(changed).error().code == 409);
}

TEST_CASE("what the sandbox does not model is refused in words") {
  World world;
  CHECK(world.send("GET", "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers").status == 501);
  CHECK(world.send("GET", "/api/v1/namespaces/default/pods/x/log").status == 501);
  CHECK(world.apply(maps + "/y", "kind: ConfigMap\n").status == 400);
}

TEST_CASE("what the sandbox stores, but does not enforce, is said at its creation") {
  World world;
  std::string quota =
      R"({"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"q"},"spec":{"hard":{"pods":"1"}}})";
  ApiResponse response = world.apply("/api/v1/namespaces/default/resourcequotas/q", quota);
  CHECK(response.status == 201);
  REQUIRE(response.headers.size() == 1);
  CHECK(response.headers[0].second == R"(299 - "the sandbox does not enforce quotas")");
  CHECK(world.apply("/api/v1/namespaces/default/resourcequotas/q", quota).headers.empty());
}

TEST_CASE("validation tells every cause with its field") {
  World world;
  std::string bad =
      R"([{"name":"A","image":""},{"name":"b","image":"i","volumeMounts":[{"name":"none","mountPath":"/x"}]}])";
  Value status = *parse_json(world.apply(deployments + "/bad", deployment("bad", bad)).body);
  CHECK(int_at(status, {"code"}) == 422);
  std::vector<std::string> fields_told;
  for (const Value& cause : items_at(status, {"details", "causes"}))
    fields_told.emplace_back(text_at(cause, {"field"}));
  CHECK(fields_told == std::vector<std::string>{"spec.template.spec.containers[0].name",
                                                "spec.template.spec.containers[0].image",
                                                "spec.template.spec.containers[1].volumeMounts[0].name"});
}

TEST_CASE("the same requests under the same dice give the same store") {
  auto told = [] {
    World world;
    world.apply(maps + "/a", config_map("a"));
    world.send("POST", maps, R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"g-"}})");
    world.settle();
    return world.send("GET", "/api/v1/configmaps").body;
  };
  CHECK(told() == told());
}

}  // namespace carbon::sandbox
