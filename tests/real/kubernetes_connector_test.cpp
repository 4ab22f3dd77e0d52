#include "platform/connectors/kubernetes/kubernetes_connector.h"

#include <doctest/doctest.h>

#include <chrono>

#include "base/base64.h"
#include "base/task_group.h"
#include "tests/real/cluster_fixture.h"

using namespace carbon;
using namespace carbon::test;
using Kind = WriteOutcome::Kind;

namespace {

std::vector<std::string> paths_of(const FieldSet& set) {
  std::vector<std::string> out;
  for (const FieldPath& path : set.paths()) out.push_back(path.text());
  return out;
}

std::string text_in(const Value& object, std::initializer_list<const char*> path) {
  const Value* at = &object;
  for (const char* name : path) {
    at = at->find(name);
    if (at == nullptr) return "(none)";
  }
  return at->is_string() ? std::string(at->text()) : to_json(*at);
}

constexpr std::string_view web_spec =
    R"("spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
       "spec":{"containers":[{"name":"web","image":"registry.example.com/web:1","resources":{"requests":{"cpu":"500m","memory":"1Gi"}}}]}}})";

}  // namespace

TEST_CASE("identify: certificate and token lead to the same cluster") {
  Client admin;
  auto identity = admin.run(admin.connector.identify());
  REQUIRE_MESSAGE(identity, identity.error().message());
  CHECK(identity->version.starts_with("v1."));
  CHECK(identity->uid.size() == 36);
  Client by_token("kubeconfig-token");
  auto again = by_token.run(by_token.connector.identify());
  REQUIRE_MESSAGE(again, again.error().message());
  CHECK(again->uid == identity->uid);
}

TEST_CASE("a wrong CA, name, token and port are told apart") {
  HttpEndpoint good = endpoint_of("kubeconfig-token");
  auto code = [](HttpEndpoint endpoint) {
    Client client(std::move(endpoint));
    auto identity = client.run(client.connector.identify());
    return identity ? std::string("none") : to_string(identity.error().code());
  };
  HttpEndpoint other_name = good;
  other_name.server_name = "kubernetes.example.com";
  CHECK(code(other_name) == "C0705");
  HttpEndpoint right_name = good;
  right_name.server_name = "kubernetes.default.svc";
  CHECK(code(right_name) == "none");
  HttpEndpoint public_authorities = good;
  public_authorities.ca_pem.clear();
  CHECK(code(public_authorities) == "C0705");
  HttpEndpoint stranger = good;
  stranger.bearer_token = "wrong";
  CHECK(code(stranger) == "C0703");
  HttpEndpoint nobody = good;
  nobody.base = "https://127.0.0.1:1";
  CHECK(code(nobody) == "C0702");
}

TEST_CASE("an object lives: create, read, create again, update, remove") {
  Client client;
  client.make_namespace("life");
  WriteRequest request = write_of("k8s.Deployment", "life", "web", web_spec);
  CHECK(client.look(request.key).presence == Presence::absent);
  auto created = client.run(client.connector.create(request));
  REQUIRE_MESSAGE(created.kind == Kind::done, created.error->message());

  LiveObject live = client.look(request.key);
  REQUIRE(live.presence == Presence::present);
  CHECK(live.uid == created.object.uid);
  CHECK(live.token == request.token);
  REQUIRE(live.managed);
  CHECK(paths_of(*live.managed) ==
        std::vector<std::string>{"spec.replicas", "spec.selector", "spec.template.metadata.labels.app",
                                 R"(spec.template.spec.containers["web"])",
                                 R"(spec.template.spec.containers["web"].image)",
                                 R"(spec.template.spec.containers["web"].name)",
                                 R"(spec.template.spec.containers["web"].resources.requests.cpu)",
                                 R"(spec.template.spec.containers["web"].resources.requests.memory)"});

  CHECK(client.run(client.connector.create(request)).kind == Kind::conflict);
  CHECK(client.look(request.key).uid == live.uid);

  WriteRequest change = write_of("k8s.Deployment", "life", "web", web_spec);
  change.desired = json([&] {
    std::string text = to_json(change.desired);
    return text.replace(text.find("web:1"), 5, "web:2");
  }());
  // The controller may write its status between reading and writing: then the version is read again.
  auto updated = client.run(client.connector.update(after(change, client.look(request.key))));
  for (int i = 0; i < 5 && updated.kind == Kind::conflict; ++i)
    updated = client.run(client.connector.update(after(change, client.look(request.key))));
  REQUIRE_MESSAGE(updated.kind == Kind::done, updated.error->message());
  CHECK(to_json(updated.object.object).find("web:2") != std::string::npos);

  auto removed = client.run(client.connector.remove(after(change, live)));
  CHECK(removed.kind == Kind::done);
  CHECK(client.look(request.key).presence == Presence::absent);
  CHECK(client.run(client.connector.remove(after(change, live))).kind == Kind::done);
}

TEST_CASE("a dropped field goes, a null removes what others wrote, the rest stays") {
  Client client;
  client.make_namespace("fields");
  WriteRequest first = write_of("k8s.ConfigMap", "fields", "map", R"("data":{"a":"1","b":"2"})");
  REQUIRE(client.run(client.connector.create(first)).kind == Kind::done);
  REQUIRE(client
              .send("PATCH", "/api/v1/namespaces/fields/configmaps/map?fieldManager=editor",
                    "application/merge-patch+json", R"({"data":{"x":"3","z":"4"}})")
              .status == 200);
  WriteRequest second = write_of("k8s.ConfigMap", "fields", "map", R"("data":{"a":"1","x":null})");
  second.removed = {*FieldPath::parse("data.b"), *FieldPath::parse("data.x")};
  auto outcome = client.run(client.connector.update(after(second, client.look(first.key))));
  REQUIRE_MESSAGE(outcome.kind == Kind::done, outcome.error->message());
  LiveObject live = client.look(first.key);
  CHECK(text_in(live.object, {"data"}) == R"({"a":"1","z":"4"})");
  CHECK(outcome.object.version == live.version);
  REQUIRE(live.writers.size() == 1);
  CHECK(live.writers.front().manager == "editor");
}

TEST_CASE("stale versions, gone objects and other objects of the name are conflicts, and nothing is made") {
  Client client;
  client.make_namespace("stale");
  WriteRequest request = write_of("k8s.ConfigMap", "stale", "map", R"("data":{"a":"1"})");
  auto made = client.run(client.connector.create(request));
  REQUIRE(made.kind == Kind::done);
  REQUIRE(client
              .send("PATCH", "/api/v1/namespaces/stale/configmaps/map?fieldManager=editor",
                    "application/merge-patch+json", R"({"data":{"z":"4"}})")
              .status == 200);
  WriteRequest change = write_of("k8s.ConfigMap", "stale", "map", R"("data":{"a":"2"})");
  CHECK(client.run(client.connector.update(after(change, made.object))).kind == Kind::conflict);
  LiveObject current = client.look(request.key);
  WriteRequest wrong = after(change, current);
  wrong.uid = "00000000-0000-4000-8000-000000000000";
  CHECK(client.run(client.connector.update(wrong)).kind == Kind::conflict);
  CHECK(client.run(client.connector.remove(wrong)).kind == Kind::conflict);
  REQUIRE(client.run(client.connector.remove(after(change, current))).kind == Kind::done);
  CHECK(client.run(client.connector.update(after(change, current))).kind == Kind::conflict);
  CHECK(client.look(request.key).presence == Presence::absent);
}

TEST_CASE("drift from an edit is taken back, an applier's and an autoscaler's fields are not") {
  Client client;
  client.make_namespace("drift");
  WriteRequest request = write_of("k8s.Deployment", "drift", "web", web_spec);
  REQUIRE(client.run(client.connector.create(request)).kind == Kind::done);
  std::string path = "/apis/apps/v1/namespaces/drift/deployments/web";
  auto take_back = [&] {
    request.changed = {*FieldPath::parse("spec.replicas")};
    auto outcome = client.run(client.connector.update(after(request, client.look(request.key))));
    // A stale version has no notes; a field conflict has one a field.
    for (int i = 0; i < 5 && outcome.kind == Kind::conflict && outcome.error->diagnostic().notes.empty(); ++i)
      outcome = client.run(client.connector.update(after(request, client.look(request.key))));
    return outcome;
  };
  REQUIRE(client
              .send("PATCH", path + "?fieldManager=kubectl-edit", "application/merge-patch+json",
                    R"({"spec":{"replicas":5}})")
              .status == 200);
  auto edited = take_back();
  REQUIRE_MESSAGE(edited.kind == Kind::done, edited.error->message());
  CHECK(text_in(edited.object.object, {"spec", "replicas"}) == "1");

  REQUIRE(client
              .send("PATCH", path + "/scale?fieldManager=autoscaler", "application/merge-patch+json",
                    R"({"spec":{"replicas":4}})")
              .status == 200);
  auto scaled = take_back();
  CHECK(scaled.kind == Kind::conflict);
  CHECK_MESSAGE(scaled.error->message().find("belongs to `autoscaler`") != std::string::npos,
                scaled.error->message());

  REQUIRE(
      client
          .send(
              "PATCH", path + "?fieldManager=argo&force=true", "application/apply-patch+yaml",
              R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":3}})")
          .status == 200);
  auto applied = take_back();
  CHECK(applied.kind == Kind::conflict);
  CHECK(applied.error->message().find("`spec.replicas` of Deployment drift/web belongs to `argo`") == 0);
  CHECK(text_in(client.look(request.key).object, {"spec", "replicas"}) == "3");
}

TEST_CASE("a preview changes nothing, and says what the server would say") {
  Client client;
  client.make_namespace("preview");
  WriteRequest request = write_of("k8s.Deployment", "preview", "web", web_spec);
  auto fresh = client.run(client.connector.preview(request));
  REQUIRE(fresh.has_value());
  REQUIRE_MESSAGE(*fresh, fresh->error().message());
  CHECK(text_in(**fresh, {"spec", "strategy", "type"}) == "RollingUpdate");
  CHECK(client.look(request.key).presence == Presence::absent);
  REQUIRE(client.run(client.connector.create(request)).kind == Kind::done);
  WriteRequest other = write_of("k8s.Deployment", "preview", "web", web_spec);
  other.desired = json([&] {
    std::string text = to_json(other.desired);
    for (auto at = text.find(R"("app":"web")"); at != std::string::npos; at = text.find(R"("app":"web")"))
      text.replace(at, 11, R"("app":"else")");
    return text;
  }());
  auto refused = client.run(client.connector.preview(other));
  REQUIRE(refused.has_value());
  REQUIRE_FALSE(*refused);
  CHECK(refused->error().code() == DiagnosticCode::server_refused);
  CHECK(refused->error().diagnostic().notes.front().find("field `spec.selector`") == 0);
  WriteRequest nowhere = write_of("k8s.ConfigMap", "not-yet", "map", "");
  CHECK_FALSE(client.run(client.connector.preview(nowhere)).has_value());
  auto into_nowhere = client.run(client.connector.create(nowhere));
  CHECK(into_nowhere.kind == Kind::refused);
  WriteRequest misspelt = write_of("k8s.ConfigMap", "preview", "map", R"("dat":{"a":"1"})");
  CHECK(client.run(client.connector.create(misspelt)).kind == Kind::refused);
}

TEST_CASE("finalizers hold an object, and the outcome shows it") {
  Client client;
  client.make_namespace("held");
  WriteRequest request = write_of("k8s.ConfigMap", "held", "map", R"("data":{"a":"1"})");
  auto made = client.run(client.connector.create(request));
  REQUIRE(client
              .send("PATCH", "/api/v1/namespaces/held/configmaps/map", "application/merge-patch+json",
                    R"({"metadata":{"finalizers":["example.com/hold"]}})")
              .status == 200);
  auto removed = client.run(client.connector.remove(after(request, made.object)));
  CHECK(removed.kind == Kind::done);
  REQUIRE(removed.object.presence == Presence::present);
  CHECK(text_in(removed.object.object, {"metadata", "finalizers"}) == R"(["example.com/hold"])");
  CHECK(client.run(client.connector.readiness(request.key))->reason == "being deleted");
  REQUIRE(client
              .send("PATCH", "/api/v1/namespaces/held/configmaps/map", "application/merge-patch+json",
                    R"({"metadata":{"finalizers":null}})")
              .status == 200);
  CHECK(client.look(request.key).presence == Presence::absent);
}

TEST_CASE("a generated secret is made once and kept; new keys are added") {
  Client client;
  client.make_namespace("secrets");
  auto keys = [](std::string_view list) { return R"("keys":{)" + std::string(list) + "}"; };
  WriteRequest request =
      write_of("k8s.GeneratedSecret", "secrets", "db", keys(R"("password":{"length":24})"));
  auto made = client.run(client.connector.create(request));
  REQUIRE_MESSAGE(made.kind == Kind::done, made.error->message());
  std::string password = text_in(made.object.object, {"data", "password"});
  CHECK(base64_decode(password).value_or("").size() == 24);
  auto again = client.run(client.connector.create(request));
  CHECK(again.kind == Kind::done);
  CHECK(text_in(again.object.object, {"data", "password"}) == password);
  WriteRequest more =
      write_of("k8s.GeneratedSecret", "secrets", "db",
               keys(R"("password":{"length":24},"pin":{"length":8,"alphabet":"0123456789"})"));
  auto updated = client.run(client.connector.update(after(more, made.object)));
  REQUIRE_MESSAGE(updated.kind == Kind::done, updated.error->message());
  LiveObject live = client.look(request.key);
  CHECK(text_in(live.object, {"data", "password"}) == password);
  CHECK(base64_decode(text_in(live.object, {"data", "pin"})).value_or("").size() == 8);
  REQUIRE(client
              .send("POST", "/api/v1/namespaces/secrets/secrets", "application/json",
                    R"({"metadata":{"name":"theirs"},"data":{"password":"eA=="}})")
              .status == 201);
  WriteRequest theirs =
      write_of("k8s.GeneratedSecret", "secrets", "theirs", keys(R"("password":{"length":24})"));
  CHECK(client.run(client.connector.create(theirs)).kind == Kind::conflict);
}

TEST_CASE("who may not list reads by name, who may not read learns what is missing") {
  Client admin;
  admin.make_namespace("rights");
  for (const char* name : {"one", "two"})
    REQUIRE(admin.run(admin.connector.create(write_of("k8s.ConfigMap", "rights", name, ""))).kind ==
            Kind::done);
  HttpEndpoint guest = admin.endpoint;
  guest.client_certificate_pem.clear();
  guest.client_key_pem.clear();
  guest.bearer_token = cluster().text("token-guest");
  Client client(guest);
  std::vector<ObjectKey> keys{key_of("k8s.ConfigMap", "rights", "one"),
                              key_of("k8s.ConfigMap", "rights", "two")};
  auto hidden = client.run(client.connector.observe(keys));
  REQUIRE(hidden[0].presence == Presence::unknown);
  CHECK(hidden[0].why->code() == DiagnosticCode::forbidden);
  CHECK(hidden[0].why->message().find("cannot get resource \"configmaps\"") != std::string::npos);
  REQUIRE(
      admin
          .send(
              "POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/rights/roles", "application/json",
              R"({"metadata":{"name":"get"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["get"]}]})")
          .status == 201);
  REQUIRE(
      admin
          .send(
              "POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/rights/rolebindings", "application/json",
              R"({"metadata":{"name":"get"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"get"},
                         "subjects":[{"kind":"User","name":"carbon-guest"}]})")
          .status == 201);
  auto seen = client.run(client.connector.observe(keys));
  for (int i = 0; i < 50 && seen[0].presence != Presence::present; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // the authorizer learns of roles by a watch
    seen = client.run(client.connector.observe(keys));
  }
  CHECK(seen[0].presence == Presence::present);
  CHECK(seen[1].presence == Presence::present);
  CHECK(client.run(client.connector.create(write_of("k8s.ConfigMap", "rights", "three", ""))).kind ==
        Kind::refused);
}

TEST_CASE("a Deployment without nodes waits, and says so; claims that bind late are ready") {
  Client client;
  client.make_namespace("wait");
  REQUIRE(client.run(client.connector.create(write_of("k8s.Deployment", "wait", "web", web_spec))).kind ==
          Kind::done);
  auto readiness = client.run(client.connector.readiness(key_of("k8s.Deployment", "wait", "web")));
  REQUIRE(readiness);
  CHECK(readiness->kind == Readiness::Kind::waiting);
  CHECK_FALSE(readiness->reason.empty());
  REQUIRE(client
              .run(client.connector.create(
                  write_of("k8s.StorageClass", "", "late",
                           R"("provisioner":"example.com/none","volumeBindingMode":"WaitForFirstConsumer")")))
              .kind == Kind::done);
  REQUIRE(
      client
          .run(client.connector.create(write_of(
              "k8s.PersistentVolumeClaim", "wait", "disk",
              R"("spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"late","resources":{"requests":{"storage":"1Gi"}}})")))
          .kind == Kind::done);
  auto claim = client.run(client.connector.readiness(key_of("k8s.PersistentVolumeClaim", "wait", "disk")));
  REQUIRE(claim);
  CHECK(claim->kind == Readiness::Kind::ready);
  CHECK(client.run(client.connector.readiness(key_of("k8s.Namespace", "", "wait")))->kind ==
        Readiness::Kind::ready);
  CHECK(client.run(client.connector.readiness(key_of("k8s.Namespace", "", "none")))->kind ==
        Readiness::Kind::waiting);
}

namespace {

Task<void> create_into(Connector* connector, WriteRequest request, std::size_t* done) {
  auto creating = connector->create(std::move(request));
  WriteOutcome outcome = co_await creating;
  if (outcome.kind == Kind::done) ++*done;
}

Task<std::size_t> create_many(Connector* connector, std::size_t count) {
  std::size_t done = 0;
  TaskGroup group;
  for (std::size_t i = 0; i < count; ++i) {
    std::string name = "map-" + std::to_string(i);
    group.spawn(
        create_into(connector, write_of("k8s.ConfigMap", "many", name, R"("data":{"a":"1"})"), &done));
  }
  auto ended = group.all();
  co_await ended;
  co_return done;
}

}  // namespace

TEST_CASE("1,200 objects: created over one connection, read in three pages") {
  Client client;
  client.make_namespace("many");
  auto start = std::chrono::steady_clock::now();
  std::size_t done = client.run(create_many(&client.connector, 1200));
  auto created = std::chrono::steady_clock::now();
  CHECK(done == 1200);
  std::vector<ObjectKey> keys;
  for (int i = 0; i < 1200; ++i) keys.push_back(key_of("k8s.ConfigMap", "many", "map-" + std::to_string(i)));
  auto objects = client.run(client.connector.observe(keys));
  auto read = std::chrono::steady_clock::now();
  for (const LiveObject& object : objects) REQUIRE(object.presence == Presence::present);
  auto milliseconds = [](auto from, auto to) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
  };
  MESSAGE("1,200 creates: " << milliseconds(start, created)
                            << " ms, one observation: " << milliseconds(created, read) << " ms");
}
