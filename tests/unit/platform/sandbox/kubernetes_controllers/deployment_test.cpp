#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "small_cluster.h"

using namespace carbon;
using namespace carbon::sandbox;

namespace {

std::string deployment(std::string_view image, int replicas, std::string_view more = "",
                       std::string_view notes = "{}") {
  return fmt::format(
      R"({{"apiVersion":"apps/v1","kind":"Deployment","metadata":{{"name":"web"}},"spec":{{"replicas":{},{}
         "selector":{{"matchLabels":{{"app":"web"}}}},
         "template":{{"metadata":{{"labels":{{"app":"web"}},"annotations":{}}},
                      "spec":{{"containers":[{{"name":"c","image":"{}"}}]}}}}}}}})",
      replicas, more, notes, image);
}

constexpr std::string_view path = "/apis/apps/v1/namespaces/default/deployments/web";

Value web(SmallCluster& cluster) { return cluster.get("deployments.apps", "web"); }

std::string condition(const Value& object, std::string_view type, std::string_view field) {
  const Value* found = find_condition(*object.find("status"), type);
  return std::string(found == nullptr ? "" : text_at(*found, {field}));
}

}  // namespace

TEST_CASE("a deployment becomes available once its pods have had their time to start") {
  SmallCluster cluster;
  REQUIRE(cluster.create(deployment("a", 3)) == 201);
  Value object = web(cluster);
  CHECK(int_at(object, {"status", "replicas"}) == 3);
  CHECK(int_at(object, {"status", "unavailableReplicas"}) == 3);
  CHECK(condition(object, "Available", "reason") == "MinimumReplicasUnavailable");
  for (const Value& pod : cluster.all("pods")) CHECK(text_at(pod, {"status", "phase"}) == "Pending");
  cluster.pass(2);
  object = web(cluster);
  CHECK(int_at(object, {"status", "availableReplicas"}) == 3);
  CHECK(int_at(object, {"status", "observedGeneration"}) == int_at(object, {"metadata", "generation"}));
  CHECK(at(object, {"status", "unavailableReplicas"}) == nullptr);
  CHECK(condition(object, "Available", "status") == "True");
  CHECK(condition(object, "Progressing", "reason") == "NewReplicaSetAvailable");
  CHECK(text_at(object, {"metadata", "annotations", "deployment.kubernetes.io/revision"}) == "1");
  Value pod = cluster.all("pods").front();
  CHECK(text_at(pod, {"status", "phase"}) == "Running");
  CHECK(text_at(pod, {"spec", "nodeName"}) == "sandbox");
  CHECK(text_at(pod, {"metadata", "labels", "pod-template-hash"}) != "");
}

TEST_CASE("a new template rolls out without fewer pods available than allowed") {
  SmallCluster cluster;
  REQUIRE(cluster.create(deployment("a", 4)) == 201);
  cluster.pass(2);
  REQUIRE(cluster.patch(path, R"({"spec":{"template":{"metadata":{"labels":{"version":"2"}}}}})") == 200);
  int rounds = 0;
  auto complete = [&] {
    return condition(web(cluster), "Progressing", "reason") == "NewReplicaSetAvailable";
  };
  for (; rounds < 20 && !complete(); ++rounds) {
    CHECK(int_at(web(cluster), {"status", "availableReplicas"}).value_or(0) >= 3);
    CHECK(cluster.all("pods").size() <= 5);
    cluster.pass(1);
  }
  CHECK(rounds > 1);
  cluster.pass(5);
  CHECK(int_at(web(cluster), {"status", "availableReplicas"}) == 4);
  CHECK(text_at(web(cluster), {"metadata", "annotations", "deployment.kubernetes.io/revision"}) == "2");
  CHECK(cluster.all("replicasets.apps").size() == 2);
  CHECK(cluster.all("pods").size() == 4);
  // Back to the first template: its ReplicaSet serves again, as revision 3.
  REQUIRE(cluster.patch(path, R"({"spec":{"template":{"metadata":{"labels":{"version":null}}}}})") == 200);
  cluster.pass(30);
  CHECK(cluster.all("replicasets.apps").size() == 2);
  CHECK(text_at(web(cluster), {"metadata", "annotations", "deployment.kubernetes.io/revision"}) == "3");
}

TEST_CASE("Recreate ends all old pods before it makes new ones") {
  SmallCluster cluster;
  REQUIRE(cluster.create(deployment("a", 2, R"("strategy":{"type":"Recreate"},)")) == 201);
  cluster.pass(2);
  REQUIRE(cluster.patch(path, R"({"spec":{"template":{"metadata":{"labels":{"version":"2"}}}}})") == 200);
  CHECK(int_at(web(cluster), {"status", "availableReplicas"}).value_or(0) == 0);
  CHECK(cluster.all("pods").size() == 2);
  cluster.pass(2);
  CHECK(int_at(web(cluster), {"status", "updatedReplicas"}) == 2);
  CHECK(int_at(web(cluster), {"status", "availableReplicas"}) == 2);
}

TEST_CASE("scaling and deletion reach the pods") {
  SmallCluster cluster;
  REQUIRE(cluster.create(deployment("a", 3)) == 201);
  cluster.pass(2);
  REQUIRE(cluster.patch(path, R"({"spec":{"replicas":1}})") == 200);
  cluster.pass(1);
  CHECK(cluster.all("pods").size() == 1);
  REQUIRE(cluster.remove(path) == 200);
  cluster.pass(1);
  CHECK(cluster.all("replicasets.apps").empty());
  CHECK(cluster.all("pods").empty());
}

TEST_CASE("a deployment that does not get on misses its deadline") {
  SmallCluster cluster;
  REQUIRE(cluster.create(deployment("a", 1, "", R"({"sandbox.carbon.dev/fault":"crash-loop"})")) == 201);
  cluster.pass(30);
  Value pod = cluster.all("pods").front();
  Value status = items_at(pod, {"status", "containerStatuses"}).front();
  CHECK(text_at(status, {"state", "waiting", "reason"}) == "CrashLoopBackOff");
  CHECK(int_at(status, {"restartCount"}) == 5);
  CHECK(condition(web(cluster), "Progressing", "status") == "True");
  cluster.pass(600);
  CHECK(condition(web(cluster), "Progressing", "status") == "False");
  CHECK(condition(web(cluster), "Progressing", "reason") == "ProgressDeadlineExceeded");
}

TEST_CASE("minReadySeconds delays availability") {
  SmallCluster cluster;
  REQUIRE(cluster.create(deployment("a", 1, R"("minReadySeconds":30,)")) == 201);
  cluster.pass(5);
  CHECK(int_at(web(cluster), {"status", "readyReplicas"}) == 1);
  CHECK(int_at(web(cluster), {"status", "availableReplicas"}).value_or(0) == 0);
  cluster.pass(30);
  CHECK(int_at(web(cluster), {"status", "availableReplicas"}) == 1);
}

TEST_CASE("work that an earlier process left undone goes on") {
  SmallCluster cluster;
  REQUIRE(cluster.create(deployment("a", 1)) == 201);
  cluster.restart();
  cluster.pass(2);
  CHECK(int_at(web(cluster), {"status", "availableReplicas"}) == 1);
  std::int64_t settled = cluster.server().revision();
  cluster.restart();
  cluster.pass(100);
  CHECK(cluster.server().revision() == settled);
}
