#include <doctest/doctest.h>
#include <fmt/format.h>
#include <set>

#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "small_cluster.h"

using namespace carbon;
using namespace carbon::sandbox;

namespace {

constexpr std::string_view labelled = R"("metadata":{"labels":{"app":"x"}})";
constexpr std::string_view selected = R"("selector":{"matchLabels":{"app":"x"}})";

std::string workload(std::string_view version, std::string_view kind, std::string_view spec,
                     std::string_view pod = "") {
  return fmt::format(
      R"({{"apiVersion":"{}","kind":"{}","metadata":{{"name":"x"}},"spec":{{{}
         "template":{{{},"spec":{{{}"containers":[{{"name":"c","image":"i"}}]}}}}}}}})",
      version, kind, spec, labelled, pod);
}

std::string stateful_set(int replicas) {
  return workload(
      "apps/v1", "StatefulSet",
      fmt::format(
          R"("replicas":{},"serviceName":"x",{},"volumeClaimTemplates":[{{"metadata":{{"name":"data"}},
                     "spec":{{"accessModes":["ReadWriteOnce"],"storageClassName":"standard",
                     "resources":{{"requests":{{"storage":"1Gi"}}}}}}}}],)",
          replicas, selected));
}

}  // namespace

TEST_CASE("a StatefulSet makes its pods one after the other, with their claims") {
  SmallCluster cluster;
  REQUIRE(cluster.create(stateful_set(3)) == 201);
  CHECK(cluster.all("pods").size() == 1);
  cluster.pass(20);
  CHECK(cluster.all("pods").size() == 3);
  CHECK_FALSE(cluster.get("pods", "x-2").is_null());
  Value set = cluster.get("statefulsets.apps", "x");
  CHECK(int_at(set, {"status", "readyReplicas"}) == 3);
  CHECK(int_at(set, {"status", "updatedReplicas"}) == 3);
  CHECK(text_at(set, {"status", "currentRevision"}) == text_at(set, {"status", "updateRevision"}));
  CHECK(text_at(cluster.get("persistentvolumeclaims", "data-x-1"), {"status", "phase"}) == "Bound");
  CHECK(text_at(cluster.get("pods", "x-0"), {"metadata", "labels", "apps.kubernetes.io/pod-index"}) == "0");
}

TEST_CASE("a StatefulSet updates from the highest pod down and shrinks from the highest") {
  SmallCluster cluster;
  REQUIRE(cluster.create(stateful_set(2)) == 201);
  cluster.pass(20);
  std::string before(text_at(cluster.get("statefulsets.apps", "x"), {"status", "currentRevision"}));
  constexpr std::string_view path = "/apis/apps/v1/namespaces/default/statefulsets/x";
  REQUIRE(cluster.patch(path, R"({"spec":{"template":{"metadata":{"labels":{"v":"2"}}}}})") == 200);
  CHECK(text_at(cluster.get("pods", "x-0"), {"metadata", "labels", "controller-revision-hash"}) == before);
  cluster.pass(30);
  Value set = cluster.get("statefulsets.apps", "x");
  CHECK(text_at(set, {"status", "currentRevision"}) != before);
  CHECK(int_at(set, {"status", "updatedReplicas"}) == 2);
  REQUIRE(cluster.patch(path, R"({"spec":{"replicas":1}})") == 200);
  cluster.pass(5);
  CHECK(cluster.get("pods", "x-1").is_null());
  CHECK_FALSE(cluster.get("persistentvolumeclaims", "data-x-1").is_null());
}

TEST_CASE("a DaemonSet runs one pod on the one node") {
  SmallCluster cluster;
  REQUIRE(cluster.create(workload("apps/v1", "DaemonSet", fmt::format("{},", selected))) == 201);
  cluster.pass(2);
  Value set = cluster.get("daemonsets.apps", "x");
  CHECK(int_at(set, {"status", "desiredNumberScheduled"}) == 1);
  CHECK(int_at(set, {"status", "numberAvailable"}) == 1);
  REQUIRE(cluster.patch("/apis/apps/v1/namespaces/default/daemonsets/x",
                        R"({"spec":{"template":{"metadata":{"labels":{"v":"2"}}}}})") == 200);
  cluster.pass(5);
  CHECK(int_at(cluster.get("daemonsets.apps", "x"), {"status", "updatedNumberScheduled"}) == 1);
  CHECK(cluster.all("pods").size() == 1);
}

TEST_CASE("a Job completes, and one that fails too often fails") {
  SmallCluster cluster;
  std::string never = R"("restartPolicy":"Never",)";
  REQUIRE(cluster.create(workload("batch/v1", "Job", R"("completions":3,"parallelism":2,)", never)) == 201);
  CHECK(cluster.all("pods").size() == 2);
  cluster.pass(20);
  Value job = cluster.get("jobs.batch", "x");
  CHECK(int_at(job, {"status", "succeeded"}) == 3);
  CHECK(condition_is(*job.find("status"), "Complete", "True"));
  CHECK(text_at(job, {"status", "completionTime"}) != "");

  std::string faulty = workload("batch/v1", "Job", R"("backoffLimit":1,)", never);
  faulty.replace(faulty.find(R"("name":"x")"), 10, R"("name":"y")");
  faulty.replace(faulty.find(R"("labels")"), 0,
                 R"("annotations":{"sandbox.carbon.dev/fault":"crash-loop"},)");
  REQUIRE(cluster.create(faulty) == 201);
  cluster.pass(30);
  Value failed = cluster.get("jobs.batch", "y");
  CHECK(condition_is(*failed.find("status"), "Failed", "True"));
  CHECK(int_at(failed, {"status", "failed"}) == 2);
}

TEST_CASE("a missing ServiceAccount stops the pods of a ReplicaSet, until it is there") {
  SmallCluster cluster;
  REQUIRE(cluster.create(workload("apps/v1", "ReplicaSet", fmt::format(R"("replicas":2,{},)", selected),
                                  R"("serviceAccountName":"robot",)")) == 201);
  cluster.pass(5);
  CHECK(cluster.all("pods").empty());
  Value set = cluster.get("replicasets.apps", "x");
  CHECK(condition_is(*set.find("status"), "ReplicaFailure", "True"));
  CHECK(cluster.has_event("FailedCreate", "serviceaccount \"robot\" not found"));
  REQUIRE(cluster.create(R"({"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"robot"}})") ==
          201);
  cluster.pass(5);
  CHECK(int_at(cluster.get("replicasets.apps", "x"), {"status", "readyReplicas"}) == 2);
}

TEST_CASE("a Service lists its ready pods; a load balancer and an Ingress get an address") {
  SmallCluster cluster;
  REQUIRE(cluster.create(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},
      "spec":{"type":"LoadBalancer","selector":{"app":"x"},"ports":[{"port":80,"targetPort":8080}]}})") ==
          201);
  REQUIRE(cluster.create(workload("apps/v1", "ReplicaSet", fmt::format(R"("replicas":2,{},)", selected))) ==
          201);
  cluster.pass(5);
  std::vector<Value> subsets = items_at(cluster.get("endpoints", "s"), {"subsets"});
  REQUIRE(subsets.size() == 1);
  CHECK(items_at(subsets[0], {"addresses"}).size() == 2);
  CHECK(int_at(items_at(subsets[0], {"ports"}).front(), {"port"}) == 8080);
  CHECK(items_at(cluster.get("services", "s"), {"status", "loadBalancer", "ingress"}).size() == 1);
  std::vector<Value> slices = cluster.all("endpointslices.discovery.k8s.io");
  REQUIRE(slices.size() == 1);
  CHECK(text_at(slices[0], {"metadata", "labels", "kubernetes.io/service-name"}) == "s");
  std::vector<Value> endpoints = items_at(slices[0], {"endpoints"});
  REQUIRE(endpoints.size() == 2);
  CHECK(bool_at(endpoints[0], {"conditions", "ready"}));
  CHECK(int_at(items_at(slices[0], {"ports"}).front(), {"port"}) == 8080);
  REQUIRE(cluster.create(R"({"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"i"},
      "spec":{"defaultBackend":{"service":{"name":"s","port":{"number":80}}}}})") == 201);
  CHECK(items_at(cluster.get("ingresses.networking.k8s.io", "i"), {"status", "loadBalancer", "ingress"})
            .size() == 1);
}

TEST_CASE("a Service with many pods has several slices, and fewer when it shrinks") {
  SmallCluster cluster;
  REQUIRE(cluster.create(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},
      "spec":{"selector":{"app":"x"},"ports":[{"port":80}]}})") == 201);
  auto sizes = [&] {
    std::multiset<std::size_t> found;
    for (const Value& slice : cluster.all("endpointslices.discovery.k8s.io"))
      found.insert(items_at(slice, {"endpoints"}).size());
    return found;
  };
  CHECK(sizes() == std::multiset<std::size_t>{0});
  REQUIRE(cluster.create(workload("apps/v1", "ReplicaSet", fmt::format(R"("replicas":230,{},)", selected))) ==
          201);
  cluster.pass(5);
  CHECK(sizes() == std::multiset<std::size_t>{100, 100, 30});
  REQUIRE(cluster.patch("/apis/apps/v1/namespaces/default/replicasets/x", R"({"spec":{"replicas":3}})") ==
          200);
  CHECK(sizes() == std::multiset<std::size_t>{3});
  REQUIRE(cluster.remove("/api/v1/namespaces/default/services/s") == 200);
  CHECK(sizes().empty());
  CHECK(cluster.all("endpoints").empty());
}

TEST_CASE("a disruption budget counts the pods that it selects") {
  SmallCluster cluster;
  REQUIRE(cluster.create(workload("apps/v1", "ReplicaSet", fmt::format(R"("replicas":3,{},)", selected))) ==
          201);
  REQUIRE(cluster.create(fmt::format(
              R"({{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{{"name":"b"}},
                 "spec":{{"minAvailable":2,{}}}}})",
              selected)) == 201);
  cluster.pass(5);
  Value budget = cluster.get("poddisruptionbudgets.policy", "b");
  CHECK(int_at(budget, {"status", "currentHealthy"}) == 3);
  CHECK(int_at(budget, {"status", "disruptionsAllowed"}) == 1);
}

TEST_CASE("an eviction is refused where a budget allows no disruption") {
  SmallCluster cluster;
  REQUIRE(cluster.create(workload("apps/v1", "ReplicaSet", fmt::format(R"("replicas":2,{},)", selected))) ==
          201);
  auto evict = [&](const std::string& pod) {
    return cluster.post(
        "/api/v1/namespaces/default/pods/" + pod + "/eviction",
        fmt::format(R"({{"apiVersion":"policy/v1","kind":"Eviction","metadata":{{"name":"{}"}}}})", pod));
  };
  cluster.pass(5);
  CHECK(evict("none") == 404);
  auto budget = [](std::string_view name, int needed) {
    return fmt::format(
        R"({{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{{"name":"{}"}},
           "spec":{{"minAvailable":{},{}}}}})",
        name, needed, selected);
  };
  REQUIRE(cluster.create(budget("all", 2)) == 201);
  std::string first(text_at(cluster.all("pods").front(), {"metadata", "name"}));
  CHECK(evict(first) == 429);
  CHECK_FALSE(cluster.get("pods", first).is_null());
  constexpr std::string_view path = "/apis/policy/v1/namespaces/default/poddisruptionbudgets/all";
  REQUIRE(cluster.patch(path, R"({"spec":{"minAvailable":1}})") == 200);
  CHECK(evict(first) == 201);
  CHECK(cluster.get("pods", first).is_null());
  // Its successor is not up yet, so that the other one has to stay; the successor itself may go.
  for (const Value& pod : cluster.all("pods")) {
    bool up = text_at(pod, {"status", "phase"}) == "Running";
    CHECK(evict(std::string(text_at(pod, {"metadata", "name"}))) == (up ? 429 : 201));
  }
  REQUIRE(cluster.create(budget("second", 0)) == 201);
  cluster.pass(5);
  CHECK(evict(std::string(text_at(cluster.all("pods").front(), {"metadata", "name"}))) == 500);
}

TEST_CASE("a pod's quality of service is that of its containers") {
  SmallCluster cluster;
  auto quality = [&](std::string_view name, std::string_view resources) {
    REQUIRE(cluster.create(fmt::format(R"({{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"{}"}},
        "spec":{{"containers":[{{"name":"c","image":"i","resources":{}}}]}}}})",
                                       name, resources)) == 201);
    return std::string(text_at(cluster.get("pods", name), {"status", "qosClass"}));
  };
  CHECK(quality("a", "{}") == "BestEffort");
  CHECK(quality("b", R"({"requests":{"cpu":"1"}})") == "Burstable");
  CHECK(quality("c", R"({"limits":{"cpu":"1000m","memory":"1Gi"}})") == "Guaranteed");
  CHECK(quality("d", R"({"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"1","memory":"1Mi"}})") ==
        "Burstable");
  CHECK(quality("e", R"({"limits":{"cpu":"1"}})") == "Burstable");
  CHECK(quality("f", R"({"requests":{"cpu":"0","ephemeral-storage":"1Gi"}})") == "BestEffort");
}

TEST_CASE("a CustomResourceDefinition is established") {
  SmallCluster cluster;
  REQUIRE(cluster.create(R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
      "metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced",
      "names":{"plural":"widgets","singular":"widget","kind":"Widget"},
      "versions":[{"name":"v1","served":true,"storage":true,
                   "schema":{"openAPIV3Schema":{"type":"object"}}}]}})") == 201);
  Value definition = cluster.get("customresourcedefinitions.apiextensions.k8s.io", "widgets.example.com", "");
  CHECK(condition_is(*definition.find("status"), "Established", "True"));
  CHECK(text_at(definition, {"status", "acceptedNames", "kind"}) == "Widget");
}
