#include "cli/references.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "stdlib/k8s/schema.h"
#include "tests/support/simulated_io.h"

using namespace carbon;

namespace {

/// A cluster that has these objects, and remembers what it was asked.
class Cluster final : public Connector {
 public:
  Task<Result<TargetIdentity>> identify() override { co_return TargetIdentity{"https://c", "uid-c", "v1"}; }
  Task<std::vector<LiveObject>> observe(std::vector<ObjectKey> keys) override {
    std::vector<LiveObject> found;
    for (const ObjectKey& key : keys) {
      std::string name = key.type->name + " " + to_json(key.identity);
      asked.push_back(name);
      LiveObject object;
      object.presence = Presence::absent;
      if (auto at = objects.find(name); at != objects.end()) {
        object.presence = Presence::present;
        object.object = *parse_json(at->second);
      }
      if (name.find("\"forbidden\"") != std::string::npos) {
        object.presence = Presence::unknown;
        object.why = Error(DiagnosticCode::forbidden, "cannot get resource");
      }
      found.push_back(std::move(object));
    }
    co_return found;
  }
  Task<std::vector<std::string>> names(const ResourceType*, std::string) override {
    std::vector<std::string> none;
    co_return none;
  }
  Task<std::optional<Result<Value>>> preview(WriteRequest) override { co_return std::nullopt; }
  Task<WriteOutcome> create(WriteRequest) override { co_return WriteOutcome{}; }
  Task<WriteOutcome> update(WriteRequest) override { co_return WriteOutcome{}; }
  Task<WriteOutcome> remove(WriteRequest) override { co_return WriteOutcome{}; }
  Task<Result<Readiness>> readiness(ObjectKey) override { co_return Readiness{}; }

  std::map<std::string, std::string> objects;
  std::vector<std::string> asked;
};

class Checked {
 public:
  Checked() {
    add_kubernetes_types(types);
    custom.name = "crds.Queue";
    custom.kubernetes = {"example.org", "v1", "Queue", "queues", true};
    Provider provider;
    provider.address = "cluster";
    provider.type = types.find("k8s.Cluster");
    builder.add_provider(std::move(provider));
    live.targets["cluster"] = {"https://c", "uid-c", "v1"};
    auto connector = std::make_unique<Cluster>();
    cluster = connector.get();
    connectors.emplace("cluster", std::move(connector));
  }

  Resource& declare(std::string address, const ResourceType& type, std::string_view json, Action action) {
    Resource resource;
    resource.address = address;
    resource.type = &type;
    resource.desired = *parse_json(json);
    declared.push_back(resource);
    Change change;
    change.address = std::move(address);
    change.action = action;
    if (action != Action::no_op) plan.changes.push_back(std::move(change));
    return declared.back();
  }
  Resource& declare(std::string address, std::string_view kind, std::string_view json,
                    Action action = Action::create) {
    return declare(std::move(address), *types.find("k8s." + std::string(kind)), json, action);
  }
  void pod(Action action = Action::create, std::string_view secret = "pw") {
    declare("web", "Pod",
            R"({"metadata": {"name": "web", "namespace": "default"},
      "spec": {"containers": [{"name": "a", "envFrom": [{"secretRef": {"name": ")" +
                std::string(secret) + R"("}}]}]}})",
            action);
  }
  void deletes(std::string address, std::string type, std::string_view identity) {
    Change change;
    change.address = std::move(address);
    change.action = Action::delete_;
    change.type = std::move(type);
    change.provider = "cluster";
    change.identity = *parse_json(identity);
    plan.changes.push_back(std::move(change));
  }

  /// `C0422 error web` a line.
  std::vector<std::string> run() {
    for (Resource& each : declared) builder.add_resource(std::move(each));
    DiagnosticSink sink;
    ResourceGraph graph = std::move(builder).build(sink);
    test::SimulatedIo io;
    check_references({graph, live, plan, types, connectors}, io, sink);
    std::vector<std::string> lines;
    for (const Diagnostic& each : sink.all()) {
      std::string severity = each.severity == Severity::error ? "error" : "warning";
      lines.push_back(to_string(each.code) + " " + severity + " " + each.address);
    }
    return lines;
  }

  ResourceTypes types;
  ResourceType custom;
  std::vector<Resource> declared;
  ResourceGraph::Builder builder;
  LiveState live;
  Plan plan;
  Connectors connectors;
  Cluster* cluster = nullptr;
};

using Lines = std::vector<std::string>;
constexpr std::string_view pw = R"({"metadata": {"name": "pw", "namespace": "default"}})";

}  // namespace

TEST_CASE("what nobody has is an error, what may not be seen a warning") {
  Checked missing;
  missing.pod();
  CHECK(missing.run() == Lines{"C0422 error web"});
  Checked forbidden;
  forbidden.pod(Action::create, "forbidden");
  CHECK(forbidden.run() == Lines{"C0424 warning web"});
  Checked there;
  there.pod();
  there.cluster->objects[R"(k8s.Secret {"metadata":{"name":"pw","namespace":"default"}})"] = "{}";
  CHECK(there.run().empty());
  CHECK(there.cluster->asked.size() == 1);
}

TEST_CASE("what is declared is not asked for, and what is not written asks for nothing") {
  Checked declared;
  declared.pod();
  declared.declare("pw", "Secret", pw);
  CHECK(declared.run().empty());
  CHECK(declared.cluster->asked.empty());
  Checked unchanged;
  unchanged.pod(Action::no_op);
  CHECK(unchanged.run().empty());
  CHECK(unchanged.cluster->asked.empty());
}

TEST_CASE("what this plan deletes is missing, also to objects that it leaves alone") {
  Checked checked;
  checked.pod(Action::no_op);
  checked.deletes("old", "k8s.Secret", pw);
  CHECK(checked.run() == Lines{"C0422 error web"});
  CHECK(checked.cluster->asked.empty());
}

TEST_CASE("a custom resource that may make the object makes it a warning") {
  Checked checked;
  checked.pod();
  checked.declare("queue", checked.custom,
                  R"({"metadata": {"name": "jobs", "namespace": "default"}, "spec": {"secret": "pw"}})",
                  Action::create);
  CHECK(checked.run() == Lines{"C0422 warning web"});
}

TEST_CASE("behind a provider that cannot be asked yet nothing is looked for") {
  Checked checked;
  checked.pod();
  checked.live.targets.clear();
  CHECK(checked.run().empty());
  CHECK(checked.cluster->asked.empty());
}

TEST_CASE("a namespace that holds something is there") {
  Checked checked;
  checked.declare("one", "ConfigMap", R"({"metadata": {"name": "one", "namespace": "shop"}})", Action::no_op);
  checked.declare("two", "ConfigMap", R"({"metadata": {"name": "two", "namespace": "shop"}})");
  checked.live.objects["one"].presence = Presence::present;
  CHECK(checked.run().empty());
  Checked empty;
  empty.declare("two", "ConfigMap", R"({"metadata": {"name": "two", "namespace": "shop"}})");
  CHECK(empty.run() == Lines{"C0422 error two"});
}

TEST_CASE("keys that carbon takes away do not count, those of others do") {
  constexpr std::string_view user =
      R"({"metadata": {"name": "web", "namespace": "default"}, "spec": {"containers": [
    {"name": "a", "env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "s", "key": "old"}}},
                          {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "s", "key": "theirs"}}}]}]}})";
  Checked checked;
  checked.declare("web", "Pod", user);
  checked.declare("s", "ConfigMap",
                  R"({"metadata": {"name": "s", "namespace": "default"}, "data": {"new": "1"}})",
                  Action::update);
  LiveObject& live = checked.live.objects["s"];
  live.presence = Presence::present;
  live.object = *parse_json(R"({"data": {"old": "1", "theirs": "2"}})");
  live.managed = *FieldSet::decode(R"(["data.old"])");
  CHECK(checked.run() == Lines{"C0423 error web"});
}

TEST_CASE("content that is ignored, or filled by a controller, is not looked at") {
  constexpr std::string_view user =
      R"({"metadata": {"name": "web", "namespace": "default"}, "spec": {"containers": [
    {"name": "a", "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "token"}}}]}]}})";
  for (std::string_view secret :
       {R"({"metadata": {"name": "s", "namespace": "default"}})",
        R"({"metadata": {"name": "s", "namespace": "default"}, "data": {"a": "eA=="},
                                      "type": "kubernetes.io/service-account-token"})"}) {
    Checked checked;
    checked.declare("web", "Pod", user);
    checked.declare("s", "Secret", secret);
    CHECK(checked.run().empty());
  }
  Checked ignored;
  ignored.declare("web", "Pod", user);
  ignored
      .declare("s", "Secret", R"({"metadata": {"name": "s", "namespace": "default"}, "data": {"a": "eA=="}})")
      .settings.ignore.push_back(*FieldPath::parse("data"));
  CHECK(ignored.run().empty());
}

TEST_CASE("more than a plan looks for is said, not asked") {
  Checked checked;
  for (int i = 0; i < 600; ++i) {
    std::string name = "web" + std::to_string(i);
    checked.declare(name, "Pod",
                    R"({"metadata": {"name": ")" + name + R"(", "namespace": "default"},
      "spec": {"containers": [{"name": "a", "envFrom": [{"secretRef": {"name": "forbidden)" +
                        std::to_string(i) + R"("}}]}]}})");
  }
  std::size_t lines = checked.run().size();
  CHECK(checked.cluster->asked.size() == 500);
  CHECK(lines == 501);  // each that is missing, and one for the rest
}
