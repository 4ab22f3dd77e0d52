#include "platform/connectors/kubernetes/object_reader.h"

#include <doctest/doctest.h>

#include "tests/support/scripted_io.h"
#include "tests/unit/platform/connectors/kubernetes/kubernetes_fixture.h"

using namespace carbon;
using namespace carbon::test;

namespace {

HttpEndpoint named_server() {
  HttpEndpoint endpoint;
  endpoint.name = endpoint.base = "https://server";
  return endpoint;
}

std::string item(const std::string& name_space, const std::string& name) {
  return R"({"metadata":{"namespace":")" + name_space + R"(","name":")" + name + R"(","uid":"u-)" + name +
         R"(","resourceVersion":"7"}})";
}

std::string page(const std::string& items, const std::string& more = {}) {
  return R"({"kind":"ConfigMapList","metadata":{"resourceVersion":"9")" + more + R"(},"items":[)" + items +
         "]}";
}

/// What a real server says of an object that is not there, with this object's name.
HttpReply not_found(const HttpRequest& request) {
  HttpReply reply = recorded_reply("500-");
  std::string name = request.target.substr(request.target.rfind('/') + 1);
  for (auto at = reply.body.find("nothing"); at != std::string::npos; at = reply.body.find("nothing", at))
    reply.body.replace(at, 7, name);
  return reply;
}

struct Observed {
  std::vector<LiveObject> objects;
  std::vector<std::string> targets;
};

Observed observe(std::vector<ObjectKey> keys, ScriptedIo::Answer answer) {
  ScriptedIo io(std::move(answer));
  KubernetesClient client(io, named_server());
  ObjectReader reader(client);
  Observed observed;
  observed.objects = io.result_of(reader.read_all(std::move(keys)));
  for (const HttpRequest& request : io.requests) observed.targets.push_back(request.target);
  return observed;
}

std::vector<ObjectKey> maps(std::initializer_list<std::pair<const char*, const char*>> names) {
  std::vector<ObjectKey> keys;
  for (const auto& [name_space, name] : names) keys.push_back(object_key("k8s.ConfigMap", name_space, name));
  return keys;
}

}  // namespace

TEST_CASE("one object is read by name, several of a namespace by one list") {
  auto one = observe(maps({{"a", "x"}}), not_found);
  CHECK(one.targets == std::vector<std::string>{"/api/v1/namespaces/a/configmaps/x"});
  CHECK(one.objects[0].presence == Presence::absent);
  auto two = observe(maps({{"a", "x"}, {"a", "y"}}),
                     [](const HttpRequest&) { return json_reply(200, page(item("a", "y"))); });
  CHECK(two.targets == std::vector<std::string>{"/api/v1/namespaces/a/configmaps?limit=500"});
  CHECK(two.objects[0].presence == Presence::absent);
  REQUIRE(two.objects[1].presence == Presence::present);
  CHECK(two.objects[1].uid == "u-y");
  CHECK(two.objects[1].version == "7");
  CHECK(two.objects[1].object.find("kind")->text() == "ConfigMap");
}

TEST_CASE("many namespaces are one list over all of them, unless the kind is large") {
  auto keys = [] { return maps({{"a", "x"}, {"b", "x"}, {"c", "x"}, {"d", "x"}}); };
  auto all = observe(keys(), [](const HttpRequest&) { return json_reply(200, page(item("b", "x"))); });
  CHECK(all.targets == std::vector<std::string>{"/api/v1/configmaps?limit=500"});
  CHECK(all.objects[1].presence == Presence::present);
  CHECK(all.objects[3].presence == Presence::absent);
  auto large = observe(keys(), [](const HttpRequest& request) {
    if (request.target.find("/namespaces/") != std::string::npos) return not_found(request);
    return json_reply(200, page(item("b", "x"), R"(,"continue":"t","remainingItemCount":20000)"));
  });
  CHECK(large.targets.size() == 5);
  CHECK(large.objects[1].presence == Presence::absent);
}

TEST_CASE("pages are followed, and an expired token starts the list again") {
  int calls = 0;
  auto found = observe(maps({{"a", "x"}, {"a", "y"}}), [&](const HttpRequest&) {
    switch (++calls) {
      case 1: return json_reply(200, page(item("a", "x"), R"(,"continue":"one")"));
      case 2: return recorded_reply("620-");
      case 3: return json_reply(200, page("", R"(,"continue":"two")"));
      default: return json_reply(200, page(item("a", "y")));
    }
  });
  CHECK(found.targets.back() == "/api/v1/namespaces/a/configmaps?limit=500&continue=two");
  CHECK(found.objects[0].presence == Presence::absent);  // gone between the two lists
  CHECK(found.objects[1].presence == Presence::present);
}

TEST_CASE("what may not be listed is read by narrower requests") {
  auto found = observe(maps({{"a", "x"}, {"a", "y"}, {"b", "z"}, {"c", "z"}, {"d", "z"}}), [](const HttpRequest&
                                                                                                  request) {
    if (request.target.ends_with("/configmaps/x"))
      return json_reply(
          200,
          R"({"kind":"ConfigMap","metadata":{"namespace":"a","name":"x","uid":"u","resourceVersion":"1"}})");
    if (request.target.ends_with("/configmaps/y")) return recorded_reply("542-");
    if (request.target.find('?') != std::string::npos) return recorded_reply("543-");
    return not_found(request);
  });
  CHECK(found.targets.size() == 7);
  CHECK(found.objects[0].presence == Presence::present);
  REQUIRE(found.objects[1].presence == Presence::unknown);
  CHECK(found.objects[1].why->code() == DiagnosticCode::forbidden);
  CHECK(found.objects[2].presence == Presence::absent);
}

TEST_CASE("Secrets are never listed") {
  auto found =
      observe({object_key("k8s.Secret", "a", "x"), object_key("k8s.GeneratedSecret", "a", "y")}, not_found);
  CHECK(found.targets.size() == 2);
  for (const std::string& target : found.targets) CHECK(target.find('?') == std::string::npos);
}

TEST_CASE("a kind that is not served is absent; a broken reply is unknown") {
  auto keys = [] { return maps({{"a", "x"}, {"a", "y"}}); };
  auto presence = [&](HttpReply reply) {
    return observe(keys(), [&](const HttpRequest&) { return reply; }).objects[0].presence;
  };
  CHECK(presence(recorded_reply("501-")) == Presence::absent);
  CHECK(presence(recorded_reply("502-")) == Presence::absent);
  HttpReply html = json_reply(200, "<html>welcome</html>");
  CHECK(presence(html) == Presence::unknown);
  HttpReply not_found_page;
  not_found_page.status = 404;
  not_found_page.headers.push_back({"Content-Type", "text/html"});
  CHECK(presence(not_found_page) == Presence::unknown);
  for (const char* body :
       {"", "{}", "null", "[]", R"({"kind":"ConfigMapList","items":[]})",
        R"({"kind":"ConfigMapList","metadata":{}})", R"({"kind":"ConfigMapList","metadata":{},"items":{}})",
        R"({"kind":"ConfigMapList","metadata":{},"items":[{}]})",
        R"({"kind":"ConfigMapList","metadata":{},"items":[{"metadata":{"name":"x"}}]})",
        R"({"kind":"ConfigMapList","metadata":{},"items":[{"metadata":{"name":"x","namespace":"a"}}]})",
        R"({"kind":"Status","metadata":{},"items":[]})"}) {
    CAPTURE(body);
    CHECK(presence(json_reply(200, body)) == Presence::unknown);
  }
}

TEST_CASE("a list that never ends is unknown") {
  auto same = observe(maps({{"a", "x"}, {"a", "y"}}),
                      [&](const HttpRequest&) { return json_reply(200, page("", R"(,"continue":"same")")); });
  CHECK(same.objects[0].presence == Presence::unknown);
  CHECK(same.targets.size() == 2);
}

TEST_CASE("the next page is asked for ahead, and only what the page says is believed") {
  auto pages_of = [](std::string first) {
    return [first = std::move(first)](const HttpRequest& request) {
      if (request.target.ends_with("continue=t%2B")) return json_reply(200, page(item("a", "y")));
      if (request.target.ends_with("continue=lie")) return json_reply(200, page(item("a", "z")));
      return json_reply(200, first);
    };
  };
  auto keys = maps({{"a", "x"}, {"a", "y"}, {"a", "z"}});
  auto told = observe(keys, pages_of(page(item("a", "x"), R"(,"continue":"t+")")));
  CHECK(told.targets.size() == 2);
  auto odd =
      observe(keys, pages_of(R"({"kind":"ConfigMapList","x":{"continue":"lie"},"metadata":{"continue":"t+"},)"
                             R"("items":[)" +
                             item("a", "x") + "]}"));
  CHECK(odd.targets.size() == 3);
  for (const Observed* found : {&told, &odd}) {
    CHECK(found->objects[0].presence == Presence::present);
    CHECK(found->objects[1].presence == Presence::present);
    CHECK(found->objects[2].presence == Presence::absent);
  }
}

TEST_CASE("an overloaded server is asked again when it says, a lost reply a few times") {
  int calls = 0;
  auto busy = observe(maps({{"a", "x"}}), [&](const HttpRequest& request) {
    return ++calls < 4 ? recorded_reply("560-") : not_found(request);
  });
  CHECK(busy.objects[0].presence == Presence::absent);
  CHECK(busy.targets.size() == 4);
  HttpReply lost;
  lost.cause = HttpReply::Cause::reset;
  lost.failure = "reset";
  auto gone = observe(maps({{"a", "x"}}), [&](const HttpRequest&) { return lost; });
  CHECK(gone.targets.size() == 3);
  REQUIRE(gone.objects[0].presence == Presence::unknown);
  CHECK(gone.objects[0].why->code() == DiagnosticCode::unreachable);
}

TEST_CASE("a name that would leave its place in the path is never sent") {
  auto found = observe(maps({{"a", ".."}, {"a", "x/y"}}), not_found);
  CHECK(found.targets.empty());
  CHECK(found.objects[0].presence == Presence::unknown);
  CHECK(found.objects[1].presence == Presence::unknown);
}

TEST_CASE("1,000 objects of one kind in a namespace are two pages") {
  std::vector<ObjectKey> keys;
  for (int i = 0; i < 1000; ++i) keys.push_back(object_key("k8s.ConfigMap", "a", "n" + std::to_string(i)));
  auto found = observe(std::move(keys), [](const HttpRequest& request) {
    bool second = request.target.find("continue") != std::string::npos;
    std::string items;
    for (int i = second ? 500 : 0; i < (second ? 1000 : 500); ++i)
      items += (items.empty() ? "" : ",") + item("a", "n" + std::to_string(i));
    return json_reply(200, page(items, second ? "" : R"(,"continue":"t","remainingItemCount":500)"));
  });
  CHECK(found.targets.size() == 2);
  for (const LiveObject& object : found.objects) CHECK(object.presence == Presence::present);
}
