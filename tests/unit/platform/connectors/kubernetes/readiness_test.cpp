#include "platform/connectors/kubernetes/readiness.h"

#include <doctest/doctest.h>

#include "tests/support/scripted_io.h"
#include "tests/unit/platform/connectors/kubernetes/kubernetes_fixture.h"

using namespace carbon;
using namespace carbon::test;

namespace {

std::string ready(std::string_view type, std::string_view json) {
  Readiness found = readiness_of(from_json(json), kubernetes_type(type)->kubernetes);
  switch (found.kind) {
    case Readiness::Kind::ready: return "ready";
    case Readiness::Kind::waiting: return "waiting: " + found.reason;
    case Readiness::Kind::failed: return "failed: " + found.reason;
  }
  return {};
}

}  // namespace

TEST_CASE("a Deployment is ready when all replicas are updated and available") {
  CHECK(ready("k8s.Deployment", R"({"metadata":{"generation":2},"status":{"observedGeneration":1}})") ==
        "waiting: its controller has not seen the change yet");
  CHECK(
      ready("k8s.Deployment",
            R"({"spec":{"replicas":3},"status":{"updatedReplicas":3,"replicas":3,"availableReplicas":2}})") ==
      "waiting: 2 of 3 replicas available");
  CHECK(ready("k8s.Deployment", R"({"spec":{"replicas":1},"status":{"updatedReplicas":1,"replicas":2}})") ==
        "waiting: 1 old replicas still there");
  CHECK(ready("k8s.Deployment", R"({"status":{"conditions":[{"type":"Progressing","status":"False",
        "reason":"ProgressDeadlineExceeded","message":"timed out"}]}})") ==
        "failed: ProgressDeadlineExceeded: timed out");
  CHECK(ready("k8s.Deployment",
              R"({"spec":{"replicas":1},"status":{"updatedReplicas":1,"replicas":1,"availableReplicas":1,
        "readyReplicas":1,"conditions":[{"type":"Available","status":"True"}]}})") == "ready");
}

TEST_CASE("a StatefulSet follows its revision, its partition and OnDelete") {
  std::string_view counted = R"("replicas":3,"readyReplicas":3)";
  auto set = [&](std::string_view spec, std::string_view status) {
    return ready("k8s.StatefulSet", R"({"spec":{"replicas":3)" + std::string(spec) + R"(},"status":{)" +
                                        std::string(counted) + std::string(status) + "}}");
  };
  CHECK(set("", R"(,"currentRevision":"a","updateRevision":"b","updatedReplicas":1)") ==
        "waiting: 1 of 3 replicas updated");
  CHECK(set("", R"(,"currentRevision":"a","updateRevision":"a")") == "ready");
  CHECK(set(R"(,"updateStrategy":{"rollingUpdate":{"partition":2}})",
            R"(,"currentRevision":"a","updateRevision":"b","updatedReplicas":1)") == "ready");
  CHECK(set(R"(,"updateStrategy":{"type":"OnDelete"})", R"(,"currentRevision":"a","updateRevision":"b")") ==
        "ready");
}

TEST_CASE("the pods of the newest template are told by a label") {
  auto label = [](std::string_view type, std::string_view object, std::string_view revisions) {
    Value list = revisions.empty() ? Value() : *parse_json(revisions);
    auto found = newest_pods(*parse_json(object), kubernetes_type(type)->kubernetes,
                             revisions.empty() ? nullptr : &list);
    return found.value_or("not known");
  };
  CHECK(label("k8s.Job", "{}", "").empty());
  CHECK(label("k8s.StatefulSet", R"({"status":{"updateRevision":"db-7"}})", "") ==
        "controller-revision-hash=db-7");
  CHECK(label("k8s.StatefulSet", "{}", "").empty());
  constexpr std::string_view set = R"({"metadata":{"uid":"u"}})";
  CHECK(label("k8s.DaemonSet", set, R"({"items":[]})") == "not known");
  CHECK(label("k8s.DaemonSet", set, "") == "not known");
  CHECK(label("k8s.DaemonSet", set, R"({"items":[
      {"revision":2,"metadata":{"labels":{"controller-revision-hash":"b"},"ownerReferences":[{"uid":"u"}]}},
      {"revision":1,"metadata":{"labels":{"controller-revision-hash":"a"},"ownerReferences":[{"uid":"u"}]}},
      {"revision":9,"metadata":{"labels":{"controller-revision-hash":"c"},"ownerReferences":[{"uid":"v"}]}}]})") ==
        "controller-revision-hash=b");
}

TEST_CASE("jobs, claims, pods, namespaces and definitions") {
  CHECK(ready("k8s.Job", R"({"status":{"active":1}})") == "waiting: not Complete yet");
  CHECK(ready("k8s.Job", R"({"status":{"conditions":[{"type":"Complete","status":"True"}]}})") == "ready");
  CHECK(
      ready(
          "k8s.Job",
          R"({"status":{"conditions":[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded"}]}})") ==
      "failed: BackoffLimitExceeded");
  CHECK(ready("k8s.Job", R"({"spec":{"suspend":true},"status":{}})") == "ready");
  CHECK(ready("k8s.PersistentVolumeClaim", R"({"status":{"phase":"Pending"}})") == "waiting: phase Pending");
  CHECK(ready("k8s.PersistentVolumeClaim", R"({"status":{"phase":"Bound"}})") == "ready");
  CHECK(ready("k8s.PersistentVolumeClaim", R"({"status":{"phase":"Lost"}})") == "failed: phase Lost");
  CHECK(ready("k8s.Pod", R"({"status":{"phase":"Failed","message":"evicted"}})") == "failed: evicted");
  CHECK(ready("k8s.Pod", R"({"status":{"phase":"Succeeded"}})") == "ready");
  CHECK(ready("k8s.Namespace", R"({"status":{"phase":"Terminating"}})") == "waiting: phase Terminating");
  CHECK(ready("k8s.ConfigMap", R"({"data":{}})") == "ready");
  CHECK(ready("k8s.ConfigMap", R"({"metadata":{"deletionTimestamp":"2026-11-24T00:00:00Z"}})") ==
        "waiting: being deleted");
  CHECK(ready("k8s.CustomResourceDefinition",
              R"({"status":{"conditions":[{"type":"NamesAccepted","status":"True"}]}})") ==
        "waiting: not Established yet");
}

TEST_CASE("custom resources follow their Ready condition where they have one") {
  KubernetesApi api{"example.com", "v1", "Widget", "widgets", true};
  CHECK(readiness_of(
            from_json(R"({"status":{"conditions":[{"type":"Ready","status":"False","reason":"Starting"}]}})"),
            api)
            .reason == "Starting");
  CHECK(readiness_of(from_json("{}"), api).kind == Readiness::Kind::ready);
  CHECK(
      readiness_of(
          from_json(R"({"status":{"conditions":[{"type":"Stalled","status":"True","message":"no"}]}})"), api)
          .kind == Readiness::Kind::failed);
}

TEST_CASE("what real servers stored some seconds after create reads as expected") {
  auto settled = [](std::string_view recorded, std::string_view type) {
    return ready(type, recorded_reply(recorded).body);
  };
  CHECK(settled("800-deployment-settled", "k8s.Deployment").starts_with("waiting: 0 of "));
  CHECK(settled("801-statefulset-settled", "k8s.StatefulSet").starts_with("waiting: "));
  CHECK(settled("817-customresourcedefinition-settled", "k8s.CustomResourceDefinition") == "ready");
  CHECK(settled("818-namespace-settled", "k8s.Namespace") == "ready");
  CHECK(settled("802-service-settled", "k8s.Service") == "ready");
  CHECK(settled("814-daemonset-settled", "k8s.DaemonSet") == "ready");
}

TEST_CASE("a pod's trouble is told, and hopeless ones end the wait") {
  auto pod = [](std::string_view reason, int restarts) {
    return pod_trouble(from_json(
        R"({"metadata":{"name":"p"},"status":{"containerStatuses":[{"name":"c","restartCount":)" +
        std::to_string(restarts) + R"(,"state":{"waiting":{"reason":")" + std::string(reason) + "\"}}}]}}"));
  };
  CHECK(pod("ContainerCreating", 0).kind == Readiness::Kind::ready);
  CHECK(pod("CrashLoopBackOff", 1).kind == Readiness::Kind::waiting);
  CHECK(pod("CrashLoopBackOff", 3).kind == Readiness::Kind::failed);
  CHECK(pod("ImagePullBackOff", 0).reason == "pod p, container c: ImagePullBackOff");
}
