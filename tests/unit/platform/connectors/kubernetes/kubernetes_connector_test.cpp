#include "platform/connectors/kubernetes/kubernetes_connector.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/base64.h"
#include "tests/support/scripted_io.h"
#include "tests/unit/platform/connectors/kubernetes/kubernetes_fixture.h"

using namespace carbon;
using namespace carbon::test;
using Kind = WriteOutcome::Kind;

namespace {

HttpEndpoint server() {
  HttpEndpoint endpoint;
  endpoint.name = endpoint.base = "https://server";
  return endpoint;
}

struct World {
  explicit World(ScriptedIo::Answer answer) : io(std::move(answer)), connector(io, server()) {}
  ScriptedIo io;
  KubernetesConnector connector;
};

WriteRequest config_map(std::string_view data, const std::string& name = "demo",
                        const std::string& name_space = "record") {
  WriteRequest request;
  request.key = object_key("k8s.ConfigMap", name_space, name);
  request.desired = from_json(R"({"metadata":{"name":")" + name + R"(","namespace":")" + name_space +
                              R"("},"data":)" + std::string(data) + "}");
  request.token = "cafe";
  return request;
}

Value body_of(const HttpRequest& request) { return from_json(request.body); }

FieldPath path(std::string_view text) {
  auto parsed = FieldPath::parse(text);
  REQUIRE(parsed);
  return *parsed;
}

}  // namespace

TEST_CASE("identify asks for the version and for the cluster's uid") {
  World world([](const HttpRequest& request) {
    if (request.target == "/version") return json_reply(200, R"({"gitVersion":"v1.36.3"})");
    return json_reply(200, R"({"metadata":{"uid":"1-2"}})");
  });
  auto identity = world.io.result_of(world.connector.identify());
  REQUIRE(identity);
  CHECK(identity->version == "v1.36.3");
  CHECK(identity->uid == "1-2");
  World other([](const HttpRequest&) { return json_reply(200, "{}"); });
  auto none = other.io.result_of(other.connector.identify());
  REQUIRE_FALSE(none);
  CHECK(none.error().code() == DiagnosticCode::bad_reply);
}

TEST_CASE("a create is one apply that fails if the object exists, with the token as annotation") {
  World world([](const HttpRequest&) { return recorded_reply("302-"); });
  auto outcome = world.io.result_of(world.connector.create(config_map(R"({"a":"1","gone":null})", "only-1")));
  CHECK(outcome.kind == Kind::done);
  CHECK(outcome.object.presence == Presence::present);
  REQUIRE(world.io.requests.size() == 1);
  const HttpRequest& sent = world.io.requests.front();
  CHECK(sent.method == "PATCH");
  CHECK(sent.target ==
        "/api/v1/namespaces/record/configmaps/only-1?fieldManager=carbon&fieldValidation=Strict&force=false");
  CHECK(
      to_json(body_of(sent)) ==
      R"({"apiVersion":"v1","data":{"a":"1"},"kind":"ConfigMap","metadata":{"annotations":{"carbon.dev/operation":"cafe"},"name":"only-1","namespace":"record","resourceVersion":"1"}})");
}

TEST_CASE("a create of what is there is a conflict") {
  World world([](const HttpRequest&) { return recorded_reply("303-"); });
  CHECK(world.io.result_of(world.connector.create(config_map("{}"))).kind == Kind::conflict);
}

TEST_CASE("an update demands the uid and the version that were read") {
  World world([](const HttpRequest&) { return recorded_reply("405-"); });
  WriteRequest request = config_map(R"({"a":"3"})", "pre");
  request.uid = "u";
  request.version = "41";
  CHECK(world.io.result_of(world.connector.update(request)).kind == Kind::done);
  Value body = body_of(world.io.requests.front());
  CHECK(body.find("metadata")->find("uid")->text() == "u");
  CHECK(body.find("metadata")->find("resourceVersion")->text() == "41");
}

TEST_CASE("drift that the plan showed is taken back by force, from plain updates only") {
  auto answer = [](std::string_view conflict) {
    return [conflict](const HttpRequest& request) {
      return recorded_reply(request.target.find("force=true") != std::string::npos ? "405-" : conflict);
    };
  };
  WriteRequest request = config_map(R"({"a":"3"})", "pre");
  request.changed = {path("data.a")};
  World edited(answer("206-"));
  CHECK(edited.io.result_of(edited.connector.update(request)).kind == Kind::done);
  CHECK(edited.io.requests.size() == 2);
  // Another applier keeps what it holds.
  World applied(answer("200-"));
  WriteRequest both = request;
  both.changed = {path("data.a"), path("data.b")};
  auto outcome = applied.io.result_of(applied.connector.update(both));
  CHECK(outcome.kind == Kind::conflict);
  CHECK(outcome.error->message().find("belongs to") != std::string::npos);
  CHECK(applied.io.requests.size() == 1);
  // A field that the plan did not show is never taken.
  WriteRequest other = request;
  other.changed = {path("data.b")};
  World unseen(answer("206-"));
  CHECK(unseen.io.result_of(unseen.connector.update(other)).kind == Kind::conflict);
  CHECK(unseen.io.requests.size() == 1);
}

TEST_CASE("a field set to null that is still there after the apply is patched away") {
  World world([](const HttpRequest&) {
    return json_reply(
        200,
        R"({"kind":"ConfigMap","metadata":{"name":"demo","namespace":"record","uid":"u","resourceVersion":"8"},
                               "data":{"a/b":"1","c":"2"}})");
  });
  WriteRequest request = config_map(R"({"a/b":null})");
  request.removed = {path(R"(data["a/b"])"), path("data.c")};
  CHECK(world.io.result_of(world.connector.update(request)).kind == Kind::done);
  REQUIRE(world.io.requests.size() == 2);
  CHECK(
      world.io.requests[1].body ==
      R"([{"op":"replace","path":"/metadata/resourceVersion","value":"8"},{"op":"remove","path":"/data/a~1b"}])");
}

TEST_CASE("fields that exclude each other are exchanged in one patch, and then applied") {
  constexpr std::string_view object =
      R"({"kind":"Deployment","metadata":{"name":"web","namespace":"shop","uid":"u","resourceVersion":"7",
          "managedFields":[{"manager":"carbon","operation":"Apply"},{"manager":"carbon-exchange","operation":"Update"}]},
          "spec":{"replicas":1,"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}})";
  WriteRequest request;
  request.key = object_key("k8s.Deployment", "shop", "web");
  request.desired = from_json(R"({"metadata":{"name":"web","namespace":"shop"},
      "spec":{"replicas":2,"strategy":{"type":"Recreate","rollingUpdate":null}}})");
  request.uid = "u";
  request.version = "7";
  request.changed = {path("spec.replicas"), path("spec.strategy.type"), path("spec.strategy.rollingUpdate")};
  request.removed = {path("spec.strategy.rollingUpdate")};
  std::size_t applies = 0;
  auto answer = [&](const HttpRequest& sent) {
    bool apply = sent.method == "PATCH" && sent.body.starts_with("{");
    if (apply && ++applies == 1)
      return json_reply(
          422, R"({"kind":"Status","status":"Failure","reason":"Invalid","code":422,"message":"no"})");
    return json_reply(200, std::string(object));
  };
  constexpr std::string_view patch = R"([{"op":"replace","path":"/metadata/resourceVersion","value":"7"},)"
                                     R"({"op":"add","path":"/spec/strategy/type","value":"Recreate"},)"
                                     R"({"op":"remove","path":"/spec/strategy/rollingUpdate"}])";
  World world(answer);
  SUBCASE("an update") {
    world.io.result_of(world.connector.update(request));
    REQUIRE(world.io.requests.size() >= 5);
    CHECK(world.io.requests[2].body == patch);
    CHECK(world.io.requests[2].target.ends_with("?fieldManager=carbon-exchange"));
    CHECK(body_of(world.io.requests[3]).find("metadata")->find("resourceVersion") == nullptr);
    CHECK(world.io.requests[4].body ==
          R"([{"op":"test","path":"/metadata/managedFields/1/manager","value":"carbon-exchange"},)"
          R"({"op":"remove","path":"/metadata/managedFields/1"}])");
  }
  SUBCASE("a preview only asks whether it can be done") {
    CHECK_FALSE(world.io.result_of(world.connector.preview(request)).has_value());
    REQUIRE(world.io.requests.size() == 3);
    CHECK(world.io.requests[2].body == patch);
    CHECK(world.io.requests[2].target.ends_with("&dryRun=All"));
  }
  SUBCASE("not where the object is another one by now") {
    request.version = "6";
    CHECK(world.io.result_of(world.connector.update(request)).kind == Kind::refused);
    CHECK(world.io.requests.size() == 2);
  }
  SUBCASE("nor where nothing stands beside the null") {
    request.changed = {path("spec.replicas"), path("spec.strategy.rollingUpdate")};
    CHECK(world.io.result_of(world.connector.update(request)).kind == Kind::refused);
    CHECK(world.io.requests.size() == 2);
  }
}

TEST_CASE("a preview is a dry run; a missing namespace or kind gives none") {
  World world([](const HttpRequest&) { return recorded_reply("122-"); });
  auto preview = world.io.result_of(world.connector.preview(config_map(R"({"a":"1"})")));
  REQUIRE(preview);
  REQUIRE(*preview);
  CHECK((*preview)->find("metadata")->find("managedFields") == nullptr);
  CHECK(world.io.requests.front().target.ends_with("&force=false&dryRun=All"));
  World missing([](const HttpRequest&) { return recorded_reply("703-"); });
  CHECK_FALSE(
      missing.io.result_of(missing.connector.preview(config_map("{}", "demo", "nowhere"))).has_value());
  World immutable([](const HttpRequest&) { return recorded_reply("521-"); });
  auto refused = immutable.io.result_of(immutable.connector.preview(config_map("{}")));
  REQUIRE(refused);
  REQUIRE_FALSE(*refused);
  CHECK(refused->error().message().find("immutable") != std::string::npos);
}

TEST_CASE("a delete names the uid; finalizers and absence are done, another object is a conflict") {
  WriteRequest request;
  auto outcome = [&](std::string_view recorded, const std::string& name) {
    request = config_map("{}", name);
    request.uid = "u";
    World world([&](const HttpRequest&) { return recorded_reply(recorded); });
    auto result = world.io.result_of(world.connector.remove(request));
    CHECK(
        world.io.requests.front().body ==
        R"({"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background","preconditions":{"uid":"u"}})");
    return result;
  };
  CHECK(outcome("423-", "pre").object.presence == Presence::absent);
  CHECK(outcome("424-", "pre").kind == Kind::done);
  CHECK(outcome("420-", "pre").kind == Kind::conflict);
  auto held = outcome("430-", "held");
  CHECK(held.kind == Kind::done);
  REQUIRE(held.object.presence == Presence::present);
  CHECK(held.object.object.find("metadata")->find("finalizers") != nullptr);
  request.uid.clear();
  World world([](const HttpRequest&) { return HttpReply{}; });
  CHECK(world.io.result_of(world.connector.remove(request)).kind == Kind::refused);
  CHECK(world.io.requests.empty());
}

TEST_CASE("a reply of success that is no object is unknown") {
  for (const char* body : {"", "{}", "<html>", R"({"kind":"ConfigMap","metadata":{"name":"demo"}})"}) {
    World world([&](const HttpRequest&) { return json_reply(200, body); });
    CHECK(world.io.result_of(world.connector.create(config_map("{}"))).kind == Kind::unknown);
  }
}

TEST_CASE("own fields, foreign writers and the token are read; the token is nobody's difference") {
  World world([](const HttpRequest&) {
    return json_reply(
        200,
        R"({"kind":"ConfigMap","metadata":{"name":"demo","namespace":"record","uid":"u","resourceVersion":"8",
      "annotations":{"carbon.dev/operation":"cafe"},"managedFields":[
      {"manager":"carbon","operation":"Apply","fieldsV1":{"f:metadata":{"f:annotations":{"f:carbon.dev/operation":{}}},"f:data":{"f:a":{}}}},
      {"manager":"editor","operation":"Update","time":"2026-11-24T09:14:00Z","fieldsV1":{"f:data":{"f:b":{}}}}]},"data":{"a":"1"}})");
  });
  auto objects = world.io.result_of(world.connector.observe({object_key("k8s.ConfigMap", "record", "demo")}));
  const LiveObject& live = objects.front();
  CHECK(live.token == "cafe");
  REQUIRE(live.managed);
  CHECK(live.managed->paths().size() == 1);
  CHECK(live.managed->paths().front().text() == "data.a");
  REQUIRE(live.writers.size() == 1);
  CHECK(live.writers.front().manager == "editor");
  CHECK(live.object.find("metadata")->find("annotations") == nullptr);
  CHECK(live.object.find("metadata")->find("managedFields") == nullptr);
}

namespace {

WriteRequest generated() {
  WriteRequest request;
  request.key = object_key("k8s.GeneratedSecret", "data", "db");
  request.desired = from_json(
      R"({"metadata":{"name":"db","namespace":"data"},"keys":{"password":{"length":40},"pin":{"length":8,"alphabet":"01"}}})");
  request.token = "cafe";
  return request;
}

std::string stored_secret(const std::string& managed) {
  return R"({"kind":"Secret","metadata":{"name":"db","namespace":"data","uid":"u","resourceVersion":"8")" +
         managed + R"(},"data":{"password":"b2xk"},"type":"Opaque"})";
}

const std::string by_carbon =
    R"(,"managedFields":[{"manager":"carbon","operation":"Apply","fieldsV1":{"f:data":{"f:password":{}}}}])";

}  // namespace

TEST_CASE("a generated secret is made once, of its alphabet and length") {
  World world([](const HttpRequest&) { return json_reply(201, stored_secret(by_carbon)); });
  auto outcome = world.io.result_of(world.connector.create(generated()));
  CHECK(outcome.kind == Kind::done);
  CHECK(outcome.object.object.find("data")->find("password")->text() == "b2xk");  // as on the wire
  Value body = body_of(world.io.requests.front());
  CHECK(body.find("kind")->text() == "Secret");
  CHECK(body.find("keys") == nullptr);
  CHECK(body.find("metadata")->find("resourceVersion")->text() == "1");
  auto password = base64_decode(body.find("data")->find("password")->text());
  auto pin = base64_decode(body.find("data")->find("pin")->text());
  REQUIRE(password);
  REQUIRE(pin);
  CHECK(password->size() == 40);
  CHECK(pin->size() == 8);
  CHECK(pin->find_first_not_of("01") == std::string::npos);
}

TEST_CASE("a stored generated secret wins, if carbon made it") {
  auto answer = [](std::string stored) {
    return [stored](const HttpRequest& request) {
      return request.method == "GET" ? json_reply(200, stored) : recorded_reply("303-");
    };
  };
  World ours(answer(stored_secret(by_carbon)));
  auto kept = ours.io.result_of(ours.connector.create(generated()));
  CHECK(kept.kind == Kind::done);
  CHECK(kept.object.object.find("data")->find("password")->text() == "b2xk");
  World theirs(answer(stored_secret("")));
  CHECK(theirs.io.result_of(theirs.connector.create(generated())).kind == Kind::conflict);
}

TEST_CASE("an update adds missing keys and sends the stored ones unchanged") {
  World world([](const HttpRequest&) { return json_reply(200, stored_secret(by_carbon)); });
  WriteRequest request = generated();
  request.uid = "u";
  CHECK(world.io.result_of(world.connector.update(request)).kind == Kind::done);
  REQUIRE(world.io.requests.size() == 2);
  Value body = body_of(world.io.requests[1]);
  CHECK(body.find("data")->find("password")->text() == "b2xk");
  CHECK(body.find("data")->find("pin") != nullptr);
  CHECK(body.find("metadata")->find("resourceVersion")->text() == "8");
}

TEST_CASE("the pods of the template before are not held against the one that replaces it") {
  World world([](const HttpRequest& request) {
    if (request.target.find("/pods?") != std::string::npos)
      return json_reply(200, R"({"items":[{"metadata":{"name":"web-1","deletionTimestamp":"T"},"status":
        {"containerStatuses":[{"name":"app","state":{"waiting":{"reason":"ImagePullBackOff"}}}]}}]})");
    if (request.target.find("/replicasets?") != std::string::npos)
      return json_reply(200, R"({"items":[
        {"metadata":{"labels":{"pod-template-hash":"new"},"ownerReferences":[{"uid":"another"}],
          "annotations":{"deployment.kubernetes.io/revision":"2"}}}]})");
    bool seen = request.target.find("seen") != std::string::npos;
    return json_reply(
        200, fmt::format(R"({{"kind":"Deployment","metadata":{{"name":"{}","namespace":"data","uid":"u",
      "resourceVersion":"8","generation":2,"annotations":{{"deployment.kubernetes.io/revision":"2"}}}},
      "spec":{{"selector":{{"matchLabels":{{"app":"web"}}}}}},"status":{{"observedGeneration":{}}}}})",
                         seen ? "seen" : "web", seen ? 2 : 1));
  });
  auto before = world.io.result_of(world.connector.readiness(object_key("k8s.Deployment", "data", "web")));
  REQUIRE(before);
  CHECK(before->kind == Readiness::Kind::waiting);
  CHECK(world.io.requests.size() == 1);
  auto after = world.io.result_of(world.connector.readiness(object_key("k8s.Deployment", "data", "seen")));
  REQUIRE(after);
  CHECK(after->kind == Readiness::Kind::waiting);
  CHECK(after->reason == "0 of 1 replicas updated");
  CHECK(world.io.requests.size() == 3);
}

TEST_CASE("a waiting workload says what its pods say; a late-binding claim is ready") {
  World world([](const HttpRequest& request) {
    if (request.target.find("/pods?") != std::string::npos)
      return json_reply(200, R"({"items":[{"metadata":{"name":"web-1"},"status":{"containerStatuses":[
        {"name":"app","restartCount":0,"state":{"waiting":{"reason":"ImagePullBackOff"}}}]}}]})");
    if (request.target.find("/replicasets?") != std::string::npos)
      return json_reply(200, R"({"items":[
        {"metadata":{"labels":{"pod-template-hash":"old"},"ownerReferences":[{"uid":"u"}],
          "annotations":{"deployment.kubernetes.io/revision":"1"}}},
        {"metadata":{"labels":{"pod-template-hash":"new"},"ownerReferences":[{"uid":"u"}],
          "annotations":{"deployment.kubernetes.io/revision":"2"}}}]})");
    return json_reply(
        200,
        R"({"kind":"Deployment","metadata":{"name":"web","namespace":"data","uid":"u","resourceVersion":"8",
        "annotations":{"deployment.kubernetes.io/revision":"2"}},
      "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}}},"status":{"updatedReplicas":2,"replicas":2}})");
  });
  auto readiness = world.io.result_of(world.connector.readiness(object_key("k8s.Deployment", "data", "web")));
  REQUIRE(readiness);
  CHECK(readiness->kind == Readiness::Kind::failed);
  CHECK(readiness->reason == "0 of 2 replicas available; pod web-1, container app: ImagePullBackOff");
  CHECK(world.io.requests.back().target ==
        "/api/v1/namespaces/data/pods?limit=20&labelSelector=app%3Dweb%2Cpod-template-hash%3Dnew");
  World claim([](const HttpRequest& request) {
    if (request.target.find("storageclasses") != std::string::npos)
      return json_reply(200, R"({"volumeBindingMode":"WaitForFirstConsumer"})");
    return json_reply(
        200,
        R"({"kind":"PersistentVolumeClaim","metadata":{"name":"d","namespace":"data","uid":"u","resourceVersion":"8"},
      "spec":{"storageClassName":"late"},"status":{"phase":"Pending"}})");
  });
  auto bound =
      claim.io.result_of(claim.connector.readiness(object_key("k8s.PersistentVolumeClaim", "data", "d")));
  REQUIRE(bound);
  CHECK(bound->kind == Readiness::Kind::ready);
}
