// Lists that fail, break off or are cut short, for every kind that carbon knows: what was not read is never
// planned to be deleted (invariant I12, figure T13).

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "engine/plan/planner.h"
#include "platform/connectors/kubernetes/kubernetes_connector.h"
#include "stdlib/k8s/kinds.h"
#include "tests/support/scripted_io.h"
#include "tests/support/thing_world.h"
#include "tests/unit/platform/connectors/kubernetes/kubernetes_fixture.h"

using namespace carbon;
using namespace carbon::test;

namespace {

constexpr std::array<std::string_view, 3> owned{"one", "three", "two"};

const ResourceType* type_of(const KubernetesKind& kind) {
  return kubernetes_type(fmt::format("k8s.{}", kind.kind));
}

std::string metadata(const KubernetesKind& kind, std::string_view name) {
  std::string space = kind.namespaced ? R"("namespace":"a",)" : "";
  return fmt::format(R"({{{}"name":"{}","uid":"uid-{}","resourceVersion":"7"}})", space, name, name);
}

std::string list(const KubernetesKind& kind, std::string_view about, std::vector<std::string_view> names) {
  std::string items;
  for (std::string_view name : names)
    items += fmt::format(R"({}{{"metadata":{}}})", items.empty() ? "" : ",", metadata(kind, name));
  std::string version =
      kind.group.empty() ? std::string(kind.version) : fmt::format("{}/{}", kind.group, kind.version);
  return fmt::format(
      R"({{"kind":"{}List","apiVersion":"{}","metadata":{{"resourceVersion":"9"{}}},"items":[{}]}})",
      kind.kind, version, about, items);
}

std::string failure(int code, std::string_view reason) {
  return fmt::format(
      R"({{"kind":"Status","apiVersion":"v1","metadata":{{}},"status":"Failure","reason":"{}","message":"no","code":{}}})",
      reason, code);
}

HttpReply no_reply(HttpReply::Cause cause) {
  HttpReply reply;
  reply.failure = "the connection broke";
  reply.sent = true;
  reply.cause = cause;
  return reply;
}

/// A way in which reading goes wrong: the answer to a list's first page, to its next one, and to a read by
/// name.
struct Way {
  std::string name;
  std::function<HttpReply(const KubernetesKind&, bool next_page)> answer;
};

Way always(std::string name, HttpReply reply) {
  return {std::move(name), [reply = std::move(reply)](const KubernetesKind&, bool) { return reply; }};
}

/// The first page is right and holds one of three; then this.
Way second_page(std::string name, HttpReply reply) {
  return {std::move(name), [reply = std::move(reply)](const KubernetesKind& kind, bool next_page) {
            return next_page
                       ? reply
                       : json_reply(200, list(kind, R"(,"continue":"t","remainingItemCount":2)", {"one"}));
          }};
}

std::vector<Way> ways() {
  std::vector<Way> all;
  const std::vector<std::pair<std::string, HttpReply>> replies{
      {"401", json_reply(401, failure(401, "Unauthorized"))},
      {"403", json_reply(403, failure(403, "Forbidden"))},
      {"410", json_reply(410, failure(410, "Expired"))},
      {"429", json_reply(429, failure(429, "TooManyRequests"))},
      {"500", json_reply(500, failure(500, "InternalError"))},
      {"503", json_reply(503, failure(503, "ServiceUnavailable"))},
      {"504", json_reply(504, failure(504, "Timeout"))},
      {"a reset connection", no_reply(HttpReply::Cause::reset)},
      {"a time-out", no_reply(HttpReply::Cause::timeout)},
      {"a refused connection", no_reply(HttpReply::Cause::refused)},
      {"an empty body", json_reply(200, "")},
      {"no JSON", json_reply(200, "{\"kind\":\"Li")},
      {"a proxy's 404", json_reply(404, "<html>404</html>")},
      {"a list of nothing", json_reply(200, R"({"kind":"List","metadata":{},"items":[]})")},
      {"items that are no list", json_reply(200, R"({"kind":"PodList","metadata":{},"items":{}})")},
  };
  for (const auto& [name, reply] : replies) {
    all.push_back(always(name, reply));
    all.push_back(second_page("then " + name, reply));
  }
  all.push_back({"a list that ends before its last item", [](const KubernetesKind& kind, bool) {
                   return json_reply(200, list(kind, R"(,"remainingItemCount":2)", {"one"}));
                 }});
  all.push_back({"the same page for ever", [](const KubernetesKind& kind, bool) {
                   return json_reply(200, list(kind, R"(,"continue":"t","remainingItemCount":2)", {}));
                 }});
  return all;
}

/// A plan of a platform that declares nothing any more and owns three objects of the kind.
Plan plan_of(const KubernetesKind& kind, const Way& way) {
  ScriptedIo io([&](const HttpRequest& request) {
    bool is_list = request.target.find("limit=") != std::string::npos;
    if (!is_list) return way.answer(kind, true);
    return way.answer(kind, request.target.find("continue=") != std::string::npos);
  });
  KubernetesConnector connector(io, {});
  std::vector<ObjectKey> keys;
  for (std::string_view name : owned) {
    keys.push_back({type_of(kind),
                    object_key("k8s.ConfigMap", kind.namespaced ? "a" : "", std::string(name)).identity,
                    fmt::format("uid-{}", name)});
  }
  ThingWorld world;
  std::vector<LiveObject> found = io.result_of(connector.observe(keys));
  for (std::size_t i = 0; i < owned.size(); ++i) {
    std::string address(owned[i]);
    InventoryEntry& entry = world.own(address, keys[i].uid, R"(["metadata.name"])");
    entry.type = type_of(kind)->name;
    entry.identity = keys[i].identity;
    world.live.objects[address] = found[i];
  }
  PlanOptions options{.types = kubernetes_types(), .functions = world.functions, .digester = world.digester};
  options.max_delete = 100;
  DiagnosticSink sink;
  return plan(world.graph(), world.live, world.inventory, options, sink);
}

auto deletes(const Plan& plan) {
  return std::count_if(plan.changes.begin(), plan.changes.end(),
                       [](const Change& change) { return change.action == Action::delete_; });
}

}  // namespace

TEST_CASE("what could not be read is not planned to be deleted, for every kind and every way to fail") {
  std::size_t kinds = 0, plans = 0;
  const std::vector<Way> all = ways();
  for (const KubernetesKind& kind : kubernetes_kinds()) {
    bool listed = kind.declarable && std::ranges::find(kind.verbs, "list") != kind.verbs.end() &&
                  std::ranges::find(kind.verbs, "delete") != kind.verbs.end();
    if (!listed) continue;
    ++kinds;
    for (const Way& way : all) {
      CAPTURE(kind.kind);
      CAPTURE(way.name);
      ++plans;
      CHECK(deletes(plan_of(kind, way)) == 0);
    }
    // The same world, read whole: all three are planned. Secrets are read by name.
    if (kind.kind == "Secret") continue;
    CAPTURE(kind.kind);
    Way whole{"whole", [](const KubernetesKind& of, bool) {
                return json_reply(200, list(of, "", {"one", "three", "two"}));
              }};
    CHECK(deletes(plan_of(kind, whole)) == 3);
  }
  CHECK(kinds >= 40);
  MESSAGE(kinds << " kinds, " << plans << " plans");
}
