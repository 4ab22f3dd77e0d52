#include <doctest/doctest.h>
#include <fmt/format.h>

#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "small_cluster.h"

using namespace carbon;
using namespace carbon::sandbox;

namespace {

std::string pod(std::string_view container, std::string_view more = "") {
  return fmt::format(
      R"({{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p"}},
          "spec":{{{}"containers":[{{"name":"c","image":"i"{}}}]}}}})",
      more, container);
}

std::string config_map(std::string_view name) {
  return fmt::format(
      R"({{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"{}"}},"data":{{"key":"v"}}}})", name);
}

constexpr std::string_view secret =
    R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"db"},"stringData":{"url":"x"}})";

std::string_view phase(SmallCluster& cluster) {
  static Value kept;
  kept = cluster.get("pods", "p");
  return text_at(kept, {"status", "phase"});
}

Value waiting(SmallCluster& cluster) {
  Value status = items_at(cluster.get("pods", "p"), {"status", "containerStatuses"}).front();
  const Value* found = at(status, {"state", "waiting"});
  return found == nullptr ? Value() : *found;
}

}  // namespace

TEST_CASE("a node that is cordoned or tainted takes no more pods") {
  SmallCluster cluster;
  auto pod = [](std::string_view name, std::string_view spec) {
    return fmt::format(
        R"({{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"{}"}},
           "spec":{{{}"containers":[{{"name":"c","image":"i"}}]}}}})",
        name, spec);
  };
  auto phase = [&](std::string_view name) {
    return std::string(text_at(cluster.get("pods", name), {"status", "phase"}));
  };
  REQUIRE(cluster.patch("/api/v1/nodes/sandbox", R"({"spec":{"unschedulable":true}})") == 200);
  REQUIRE(cluster.create(pod("waits", "")) == 201);
  cluster.pass(5);
  CHECK(phase("waits") == "Pending");
  CHECK(cluster.has_event("FailedScheduling", "were unschedulable"));
  REQUIRE(cluster.patch("/api/v1/nodes/sandbox", R"({"spec":{"unschedulable":null}})") == 200);
  cluster.pass(5);
  CHECK(phase("waits") == "Running");
  REQUIRE(cluster.patch("/api/v1/nodes/sandbox",
                        R"({"spec":{"taints":[{"key":"gpu","value":"yes","effect":"NoSchedule"}]}})") == 200);
  REQUIRE(cluster.create(pod("plain", "")) == 201);
  REQUIRE(cluster.create(pod(
              "tolerant", R"("tolerations":[{"key":"gpu","value":"yes","effect":"NoSchedule"}],)")) == 201);
  REQUIRE(cluster.create(pod("other", R"("tolerations":[{"key":"gpu","value":"no"}],)")) == 201);
  cluster.pass(5);
  CHECK(phase("plain") == "Pending");
  CHECK(phase("other") == "Pending");
  CHECK(phase("tolerant") == "Running");
  CHECK(phase("waits") == "Running");
  CHECK_FALSE(cluster.get("leases.coordination.k8s.io", "sandbox", "kube-node-lease").is_null());
}

TEST_CASE("a pod whose Secret is missing says so, and starts when it comes") {
  SmallCluster cluster;
  REQUIRE(cluster.create(
              pod(R"(,"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"db","key":"url"}}}])")) == 201);
  cluster.pass(5);
  CHECK(text_at(waiting(cluster), {"reason"}) == "CreateContainerConfigError");
  CHECK(text_at(waiting(cluster), {"message"}) == "secret \"db\" not found");
  CHECK(cluster.has_event("Failed", "secret \"db\" not found"));
  REQUIRE(cluster.create(secret) == 201);
  cluster.pass(2);
  CHECK(phase(cluster) == "Running");
}

TEST_CASE("a missing key is named") {
  SmallCluster cluster;
  REQUIRE(cluster.create(secret) == 201);
  REQUIRE(cluster.create(
              pod(R"(,"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}}])")) ==
          201);
  cluster.pass(5);
  CHECK(text_at(waiting(cluster), {"message"}) == "couldn't find key password in Secret default/db");
}

TEST_CASE("optional references do not hold a pod back") {
  SmallCluster cluster;
  REQUIRE(cluster.create(pod(R"(,"envFrom":[{"configMapRef":{"name":"nowhere","optional":true}}])")) == 201);
  cluster.pass(2);
  CHECK(phase(cluster) == "Running");
}

TEST_CASE("a missing ConfigMap volume keeps the containers from being created") {
  SmallCluster cluster;
  REQUIRE(cluster.create(pod("", R"("volumes":[{"name":"v","configMap":{"name":"settings"}}],)")) == 201);
  cluster.pass(5);
  CHECK(text_at(waiting(cluster), {"reason"}) == "ContainerCreating");
  CHECK(cluster.has_event("FailedMount", "configmap \"settings\" not found"));
  REQUIRE(cluster.create(config_map("other")) == 201);
  CHECK(phase(cluster) == "Pending");
  REQUIRE(cluster.create(config_map("settings")) == 201);
  cluster.pass(2);
  CHECK(phase(cluster) == "Running");
}

TEST_CASE("a pod without its claim cannot be scheduled; the claim brings a volume") {
  SmallCluster cluster;
  REQUIRE(cluster.create(
              pod("", R"("volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"data"}}],)")) == 201);
  cluster.pass(5);
  Value waits = cluster.get("pods", "p");
  const Value* scheduled = find_condition(*waits.find("status"), "PodScheduled");
  REQUIRE(scheduled != nullptr);
  CHECK(text_at(*scheduled, {"reason"}) == "Unschedulable");
  CHECK(text_at(*scheduled, {"message"}).find("persistentvolumeclaim \"data\" not found") !=
        std::string_view::npos);
  for (std::string_view storage_class : {"standard", "unheard-of"}) {
    CAPTURE(storage_class);
    REQUIRE(cluster.create(fmt::format(
                R"({{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{{"name":"{}"}},
                    "spec":{{"storageClassName":"{}","accessModes":["ReadWriteOnce"],
                    "resources":{{"requests":{{"storage":"1Gi"}}}}}}}})",
                storage_class == "standard" ? "data" : "other", storage_class)) == 201);
  }
  cluster.pass(3);
  CHECK(phase(cluster) == "Running");
  for (std::string_view name : {"data", "other"}) {
    Value claim = cluster.get("persistentvolumeclaims", name);
    CHECK(text_at(claim, {"status", "phase"}) == "Bound");
    CHECK(text_at(claim, {"status", "capacity", "storage"}) == "1Gi");
    Value volume = cluster.get("persistentvolumes", text_at(claim, {"spec", "volumeName"}), "");
    CHECK(text_at(volume, {"status", "phase"}) == "Bound");
  }
  // Deleted, the claim stays while the pod uses it, and takes its volume along when it goes.
  REQUIRE(cluster.remove("/api/v1/namespaces/default/persistentvolumeclaims/data") == 200);
  cluster.pass(5);
  CHECK_FALSE(cluster.get("persistentvolumeclaims", "data").is_null());
  REQUIRE(cluster.remove("/api/v1/namespaces/default/pods/p") == 200);
  cluster.pass(5);
  CHECK(cluster.get("persistentvolumeclaims", "data").is_null());
  CHECK(cluster.all("persistentvolumes").size() == 1);
}

TEST_CASE("a pod that is not restarted ends by itself") {
  SmallCluster cluster;
  REQUIRE(cluster.create(pod("", R"("restartPolicy":"Never",)")) == 201);
  cluster.pass(5);
  CHECK(phase(cluster) == "Succeeded");
}
