#include "engine/observe/observer.h"

#include <doctest/doctest.h>

#include "engine/observe/preview.h"
#include "tests/support/recorded_connector.h"
#include "tests/support/simulated_io.h"
#include "tests/support/thing_world.h"

using namespace carbon;
using test::RecordedConnector;
using test::ThingWorld;

namespace {

/// `secret.env(N)` is `content of N`; one named `missing` cannot be had. Digests show what they are made
/// from.
struct NamedSecrets : SecretSource {
  Result<Value> resolve(const OpenTerm& leaf) override {
    std::string name(leaf.arguments.front().text());
    if (name == "missing") return fail(DiagnosticCode::secret_missing, "no secret `missing`");
    return Value::string("content of " + name);
  }
  std::string digest(std::string_view address, std::string_view field, std::string_view content) override {
    return std::string(address) + "/" + std::string(field) + "/" + std::string(content);
  }
};

/// The inputs of an observation, with a recorded connector `server`.
struct Observed {
  ThingWorld world;
  test::SimulatedIo io;
  NamedSecrets secrets;
  std::map<Address, std::unique_ptr<Connector>> connectors;
  std::map<Address, Error> broken;
  ResourceGraph graph;
  std::function<void(const Provider&, const Value&)> connect;

  Observed() { add("server"); }

  RecordedConnector& add(const Address& provider, std::string uid = "target-1") {
    auto made = std::make_unique<RecordedConnector>(io, std::move(uid));
    RecordedConnector& added = *made;
    connectors[provider] = std::move(made);
    return added;
  }
  RecordedConnector& server() { return dynamic_cast<RecordedConnector&>(*connectors.at("server")); }
  static void put(RecordedConnector& connector, const std::string& name, std::string_view json) {
    LiveObject& object = connector.objects["{\"name\":\"" + name + "\"}"];
    object.presence = Presence::present;
    object.object = *parse_json(json);
    object.uid = "uid of " + name;
  }
  ObserveInput input() {
    graph = world.graph();
    return {graph,  world.inventory, world.types.types(), world.functions, secrets, connectors,
            broken, connect};
  }
  LiveState run() {
    ObserveInput asked = input();
    LiveState live;
    auto body = [](const ObserveInput* from, LiveState* to) -> Task<void> {
      auto observing = observe(from);
      *to = co_await observing;
    };
    Task<void> root = body(&asked, &live);
    io.run(root);
    REQUIRE(root.done());
    return live;
  }
};

}  // namespace

TEST_CASE("declared objects, lookups and owned objects without a block are read in one go") {
  Observed given;
  given.world.declare("a", "{}");
  given.world.declare("b", R"({"name":"named"})").mode = ResourceMode::lookup;
  given.world.own("old", "u", "[]");
  Observed::put(given.server(), "a", R"({"image":"i"})");
  LiveState live = given.run();
  CHECK(live.objects.at("a").uid == "uid of a");
  CHECK(live.objects.at("b").presence == Presence::absent);
  CHECK(live.objects.at("old").presence == Presence::absent);
  CHECK(given.server().asked.size() == 3);
  CHECK(given.server().calls == 2);
  CHECK(live.targets.at("server").uid == "target-1");
}

TEST_CASE("a server that does not answer makes its own objects unknown, and nothing else") {
  Observed given;
  RecordedConnector& other = given.add("other", "target-2");
  Provider provider = given.world.providers.front();
  provider.address = "other";
  given.world.providers.push_back(provider);
  given.world.declare("a", "{}");
  given.world.declare("b", "{}").provider = 1;
  Observed::put(other, "b", "{}");
  given.server().silent = Error(DiagnosticCode::unreachable, "no answer");
  LiveState live = given.run();
  CHECK(live.objects.at("a").presence == Presence::unknown);
  CHECK(live.objects.at("a").why->message() == "no answer");
  CHECK(live.objects.at("b").presence == Presence::present);
  CHECK_FALSE(live.targets.contains("server"));
  // Who a server is and what it holds are asked at the same time.
  CHECK(given.io.now() == 1'000'000);
}

TEST_CASE("what a server says that does not say who it is, is not believed") {
  Observed given;
  given.world.declare("a", "{}");
  Observed::put(given.server(), "a", R"({"image":"i"})");
  given.server().silent = Error(DiagnosticCode::unreachable, "no answer");
  LiveState live = given.run();
  CHECK(live.objects.at("a").presence == Presence::unknown);
  CHECK_FALSE(live.targets.contains("server"));
}

TEST_CASE("a provider that could not be made says why; one that is not known yet is later") {
  Observed given;
  given.world.declare("a", "{}");
  given.connectors.clear();
  SUBCASE("not known") { CHECK(given.run().objects.at("a").presence == Presence::later); }
  SUBCASE("broken") {
    given.broken.emplace("server", Error(DiagnosticCode::bad_kubeconfig, "no such file"));
    LiveState live = given.run();
    CHECK(live.objects.at("a").presence == Presence::unknown);
    CHECK(live.objects.at("a").why->code() == DiagnosticCode::bad_kubeconfig);
  }
}

TEST_CASE("an answer that is too short is never an absence") {
  Observed given;
  given.world.declare("a", "{}");
  given.world.declare("b", "{}");
  given.server().longest_answer = 1;
  LiveState live = given.run();
  CHECK(live.objects.at("a").presence == Presence::absent);
  CHECK(live.objects.at("b").presence == Presence::unknown);
}

TEST_CASE("a provider whose config a live object tells is connected in a second round") {
  Observed given;
  given.world.declare("gateway", "{}");
  Provider inner = given.world.providers.front();
  inner.address = "inner";
  inner.config = Value::record({{Value::string("host"), Value::unknown_attribute("gateway", "host")}});
  given.world.providers.push_back(inner);
  given.world.declare("db", "{}").provider = 1;
  given.world.need("db", "gateway");
  std::string host;
  given.connect = [&](const Provider& provider, const Value& config) {
    host = config.find("host")->text();
    Observed::put(given.add(provider.address, "target-2"), "db", R"({"image":"i"})");
  };
  SUBCASE("the object exists") {
    Observed::put(given.server(), "gateway", R"({"host":"10.0.0.1"})");
    LiveState live = given.run();
    CHECK(host == "10.0.0.1");
    CHECK(live.objects.at("db").presence == Presence::present);
    CHECK(live.targets.at("inner").uid == "target-2");
  }
  SUBCASE("the object is made by this plan") {
    LiveState live = given.run();
    CHECK(host.empty());
    CHECK(live.objects.at("db").presence == Presence::later);
  }
}

TEST_CASE("a provider whose secret a live object holds is connected once that is read, with its content") {
  Observed given;
  given.world.declare("keeper", "{}");
  Provider inner = given.world.providers.front();
  inner.address = "inner";
  inner.config =
      Value::record({{Value::string("password"),
                      Value::secret({"attribute", {Value::string("keeper"), Value::string("image")}})}});
  given.world.providers.push_back(inner);
  given.world.declare("db", "{}").provider = 1;
  given.world.need("db", "keeper");
  std::string password;
  given.connect = [&](const Provider& provider, const Value& config) {
    const Value* held = config.find("password");
    password = held->is_string() ? std::string(held->text()) : "a handle";
    Observed::put(given.add(provider.address, "target-2"), "db", R"({"image":"i"})");
  };
  SUBCASE("the object exists") {
    Observed::put(given.server(), "keeper", R"({"image":"s3cret"})");
    LiveState live = given.run();
    CHECK(password == "s3cret");
    CHECK(live.objects.at("db").presence == Presence::present);
  }
  SUBCASE("the object is made by this plan") {
    LiveState live = given.run();
    CHECK(password.empty());
    CHECK(live.objects.at("db").presence == Presence::later);
  }
  SUBCASE("the secret cannot be had: whoever connects says why") {
    given.world.providers.back().config = Value::record(
        {{Value::string("password"), Value::secret({"secret.env", {Value::string("missing")}})}});
    LiveState live = given.run();
    CHECK(password == "a handle");
  }
}

TEST_CASE("a lookup's identity may come from a live object") {
  Observed given;
  given.world.declare("a", "{}");
  Resource& found = given.world.declare("b", R"({"name":{"$unknown":["attribute",["a","host"]]}})");
  found.mode = ResourceMode::lookup;
  SUBCASE("that exists") {
    Observed::put(given.server(), "a", R"({"host":"h"})");
    Observed::put(given.server(), "h", "{}");
    CHECK(given.run().objects.at("b").presence == Presence::present);
  }
  SUBCASE("that does not") { CHECK(given.run().objects.at("b").presence == Presence::later); }
}

TEST_CASE("an owned address that names another object now: both are read") {
  Observed given;
  given.world.declare("a", R"({"name":"new"})");
  given.world.own("a", "uid of old", "[]").identity =
      Value::record({{Value::string("name"), Value::string("old")}});
  Observed::put(given.server(), "old", "{}");
  LiveState live = given.run();
  CHECK(live.objects.at("a").presence == Presence::absent);
  CHECK(live.former.at("a").uid == "uid of old");
}

TEST_CASE("secrets are digested on both sides, and what cannot be had is left out") {
  Observed given;
  given.world.declare("a", R"({"password":{"$secret":["secret.env",["P"]]},"token":"plain",
                               "data":{"$map":{"k":{"$secret":["secret.env",["missing"]]}}},
                               "image":{"$secret":["secret.env",["I"]]}})");
  given.world.declare("plain", R"({"image":"x"})");
  Observed::put(given.server(), "a", R"({"password":"p","data":{"k":"v"},"image":"i","replicas":1})");
  Observed::put(given.server(), "plain", R"({"image":"x"})");
  LiveState live = given.run();
  std::map<std::string, std::string> wanted{
      {"password", "a/password/content of P"}, {"token", "a/token/plain"}, {"image", "a/image/content of I"}};
  std::map<std::string, std::string> held{
      {"password", "a/password/p"}, {"data.k", "a/data.k/v"}, {"image", "a/image/i"}};
  CHECK(live.digests.at("a") == wanted);
  CHECK(live.live_digests.at("a") == held);
  CHECK(live.digests.size() == 1);
  CHECK(live.live_digests.size() == 1);
}

TEST_CASE("previews are asked with secrets revealed, and only where they can be had") {
  Observed given;
  given.world.declare("a", R"({"password":{"$secret":["secret.env",["P"]]},"image":"b"})");
  given.world.declare("b", R"({"image":{"$secret":["secret.env",["missing"]]},"replicas":3})");
  for (const char* name : {"a", "b"}) {
    Observed::put(given.server(), name, R"({"image":"a","replicas":1})");
    given.world.own(name, "uid of " + std::string(name), "[]");
  }
  given.server().previews.emplace(R"({"name":"a"})", *parse_json(R"({"image":"b"})"));
  given.world.live = given.run();
  ObserveInput input = given.input();
  auto wanted = candidates(given.graph, given.world.live, given.world.inventory, given.world.options());
  CHECK(wanted.size() == 2);
  Task<void> asking = preview(&input, std::move(wanted), &given.world.live);
  given.io.run(asking);
  REQUIRE(given.server().previewed.size() == 1);
  CHECK(given.server().previewed[0].desired.find("password")->text() == "content of P");
  CHECK(given.world.live.previews.size() == 1);
}

TEST_CASE("a server that consists of resources is asked only when these are there") {
  Observed given;
  given.world.declare("server", "{}");
  Provider inner = given.world.providers.front();
  inner.address = "inner";
  inner.served_by = {"server"};
  given.world.providers.push_back(inner);
  given.world.declare("db", "{}").provider = 1;
  given.world.need("db", "server");
  RecordedConnector& connector = given.add("inner", "target-2");
  Observed::put(connector, "db", R"({"image":"i"})");
  SUBCASE("it is") {
    Observed::put(given.server(), "server", "{}");
    CHECK(given.run().objects.at("db").presence == Presence::present);
  }
  SUBCASE("it is not") {
    LiveState live = given.run();
    CHECK(live.objects.at("db").presence == Presence::later);
    CHECK(connector.calls == 0);
    CHECK_FALSE(live.targets.contains("inner"));
  }
  SUBCASE("nobody knows") {
    given.server().silent = Error(DiagnosticCode::unreachable, "no answer");
    CHECK(given.run().objects.at("db").presence == Presence::later);
    CHECK(connector.calls == 0);
  }
}
