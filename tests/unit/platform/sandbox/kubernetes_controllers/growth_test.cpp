// How the controllers' work grows with the number of objects. Work is counted, not timed: see
// Controllers::work_done().
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "small_cluster.h"

using namespace carbon;
using namespace carbon::sandbox;

namespace {

std::string labelled_pod(std::string_view name, std::string_view app) {
  return fmt::format(
      R"({{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"{}","labels":{{"app":"{}","part-of":"shop"}}}},
         "spec":{{"containers":[{{"name":"c","image":"i"}}]}}}})",
      name, app);
}

std::string service(std::string_view name, std::string_view app) {
  return fmt::format(
      R"({{"apiVersion":"v1","kind":"Service","metadata":{{"name":"{}"}},
         "spec":{{"selector":{{"app":"{}","part-of":"shop"}},"ports":[{{"port":80}}]}}}})",
      name, app);
}

std::string budget(std::string_view name, std::string_view selector) {
  return fmt::format(
      R"({{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{{"name":"{}"}},
         "spec":{{"minAvailable":1,"selector":{}}}}})",
      name, selector);
}

std::string budget_of(std::string_view name, std::string_view app) {
  return budget(name, fmt::format(R"({{"matchLabels":{{"part-of":"shop"}},"matchExpressions":
      [{{"key":"app","operator":"In","values":["{}","{}-canary"]}}]}})",
                                  app, app));
}

/// Work for that many applications of two pods, one Service and one budget, all in one namespace.
std::size_t work_for(int applications) {
  SmallCluster cluster;
  std::size_t before = cluster.work_done();
  for (int i = 0; i < applications; ++i) {
    std::string app = fmt::format("app-{}", i);
    REQUIRE(cluster.create(service(app, app)) == 201);
    REQUIRE(cluster.create(budget_of(app, app)) == 201);
    for (std::string_view copy : {"a", "b"})
      REQUIRE(cluster.create(labelled_pod(app + "-" + std::string(copy), app)) == 201);
  }
  cluster.pass(5);
  std::string last = fmt::format("app-{}", applications - 1);
  std::vector<Value> subsets = items_at(cluster.get("endpoints", last), {"subsets"});
  REQUIRE(subsets.size() == 1);
  CHECK(items_at(subsets[0], {"addresses"}).size() == 2);
  CHECK(int_at(cluster.get("poddisruptionbudgets.policy", last), {"status", "currentHealthy"}) == 2);
  return cluster.work_done() - before;
}

/// Work for that many pods that wait, each for its own Secret, and get them one after the other.
std::size_t work_for_waiting(int pods) {
  SmallCluster cluster;
  std::size_t before = cluster.work_done();
  for (int i = 0; i < pods; ++i) {
    REQUIRE(
        cluster.create(fmt::format(
            R"({{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p{}"}},"spec":{{"containers":[{{"name":"c",
                   "image":"i","envFrom":[{{"secretRef":{{"name":"s{}"}}}}]}}]}}}})",
            i, i)) == 201);
  }
  cluster.pass(5);
  CHECK(text_at(cluster.get("pods", "p0"), {"status", "phase"}) == "Pending");
  for (int i = 0; i < pods; ++i) {
    REQUIRE(cluster.create(fmt::format(R"({{"apiVersion":"v1","kind":"Secret","metadata":{{"name":"s{}"}}}})",
                                       i)) == 201);
  }
  cluster.pass(5);
  for (int i = 0; i < pods; ++i)
    CHECK(text_at(cluster.get("pods", fmt::format("p{}", i)), {"status", "phase"}) == "Running");
  return cluster.work_done() - before;
}

std::size_t addresses_of(SmallCluster& cluster, std::string_view name) {
  std::vector<Value> subsets = items_at(cluster.get("endpoints", name), {"subsets"});
  return subsets.empty() ? 0 : items_at(subsets[0], {"addresses"}).size();
}

std::int64_t healthy(SmallCluster& cluster, std::string_view name) {
  return int_at(cluster.get("poddisruptionbudgets.policy", name), {"status", "currentHealthy"}).value_or(-1);
}

}  // namespace

TEST_CASE("Services and budgets look at their own pods only") {
  std::size_t some = work_for(20);
  std::size_t many = work_for(80);
  CAPTURE(some);
  CAPTURE(many);
  CHECK(many <= 4 * some + some / 2);
}

TEST_CASE("a pod waits for what it lacks, not for its whole namespace") {
  std::size_t some = work_for_waiting(20);
  std::size_t many = work_for_waiting(80);
  CAPTURE(some);
  CAPTURE(many);
  CHECK(many <= 4 * some + some / 2);
}

TEST_CASE("a pod that gets another label leaves one Service and joins the other") {
  SmallCluster cluster;
  REQUIRE(cluster.create(service("old", "old")) == 201);
  REQUIRE(cluster.create(service("new", "new")) == 201);
  REQUIRE(cluster.create(labelled_pod("p", "old")) == 201);
  cluster.pass(5);
  CHECK(addresses_of(cluster, "old") == 1);
  CHECK(addresses_of(cluster, "new") == 0);
  REQUIRE(cluster.patch("/api/v1/namespaces/default/pods/p", R"({"metadata":{"labels":{"app":"new"}}})") ==
          200);
  CHECK(addresses_of(cluster, "old") == 0);
  CHECK(addresses_of(cluster, "new") == 1);
  REQUIRE(cluster.patch("/api/v1/namespaces/default/services/new",
                        R"({"spec":{"selector":{"app":"none"}}})") == 200);
  CHECK(addresses_of(cluster, "new") == 0);
}

TEST_CASE("every form of selector finds its pods, also after a restart") {
  SmallCluster cluster;
  REQUIRE(cluster.create(labelled_pod("a", "a")) == 201);
  REQUIRE(cluster.create(labelled_pod("b", "b")) == 201);
  REQUIRE(cluster.create(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"plain"},
      "spec":{"containers":[{"name":"c","image":"i"}]}})") == 201);
  REQUIRE(cluster.create(budget("all", "{}")) == 201);
  REQUIRE(cluster.create(budget("labelled", R"({"matchExpressions":[{"key":"app","operator":"Exists"}]})")) ==
          201);
  REQUIRE(cluster.create(
              budget("bare", R"({"matchExpressions":[{"key":"app","operator":"DoesNotExist"}]})")) == 201);
  REQUIRE(cluster.create(budget(
              "among", R"({"matchExpressions":[{"key":"app","operator":"In","values":["a","b","b"]}]})")) ==
          201);
  REQUIRE(cluster.create(budget(
              "not-a", R"({"matchExpressions":[{"key":"app","operator":"NotIn","values":["a"]}]})")) == 201);
  cluster.pass(5);
  cluster.restart();
  CHECK(healthy(cluster, "all") == 3);
  CHECK(healthy(cluster, "labelled") == 2);
  CHECK(healthy(cluster, "bare") == 1);
  CHECK(healthy(cluster, "among") == 2);
  CHECK(healthy(cluster, "not-a") == 2);
  REQUIRE(cluster.remove("/api/v1/namespaces/default/pods/a") == 200);
  CHECK(healthy(cluster, "all") == 2);
  CHECK(healthy(cluster, "among") == 1);
}
