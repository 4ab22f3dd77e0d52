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

/// Of a custom kind, by group and kind alone.
std::string custom(std::string_view group, std::string_view kind, std::string_view json) {
  KubernetesApi api;
  api.group = group;
  api.kind = kind;
  Readiness found = readiness_of(from_json(json), api);
  if (found.kind == Readiness::Kind::ready) return "ready";
  return (found.kind == Readiness::Kind::waiting ? "waiting: " : "failed: ") + found.reason;
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

TEST_CASE("Velero's objects are as ready as their phase says") {
  constexpr std::string_view group = "velero.io";
  CHECK(custom(group, "Schedule", "{}") == "waiting: no status yet: its operator has not seen it");
  CHECK(custom(group, "Schedule", R"({"status":{"phase":"New"}})") == "waiting: phase New");
  CHECK(custom(group, "Schedule", R"({"status":{"phase":"Enabled"}})") == "ready");
  CHECK(custom(group, "Schedule",
               R"({"status":{"phase":"FailedValidation","validationErrors":["bad cron","b"]}})") ==
        "failed: FailedValidation: bad cron; b");
  // It is looked at again every minute, so a bucket may still come.
  CHECK(custom(group, "BackupStorageLocation",
               R"({"status":{"phase":"Unavailable","message":"no bucket"}})") == "waiting: no bucket");
  CHECK(custom(group, "BackupStorageLocation", R"({"status":{"phase":"Available"}})") == "ready");
  CHECK(custom(group, "Backup", R"({"status":{"phase":"InProgress"}})") == "waiting: phase InProgress");
  CHECK(custom(group, "Backup", R"({"status":{"phase":"PartiallyFailed"}})") ==
        "failed: phase PartiallyFailed");
  CHECK(custom(group, "Restore", R"({"status":{"phase":"Failed","failureReason":"x"}})") ==
        "failed: Failed: x");
  CHECK(custom(group, "Restore", R"({"status":{"phase":"Completed"}})") == "ready");
  CHECK(custom(group, "VolumeSnapshotLocation", "{}") == "ready");
}

TEST_CASE("VictoriaMetrics' workloads must be operational, what they select need not be seen") {
  constexpr std::string_view group = "operator.victoriametrics.com";
  CHECK(custom(group, "VMSingle", "{}").starts_with("waiting: no status yet"));
  CHECK(custom(group, "VMSingle", R"({"metadata":{"generation":2},"status":{"observedGeneration":1,
        "updateStatus":"operational"}})") == "waiting: its controller has not seen the change yet");
  CHECK(custom(group, "VMAgent", R"({"status":{"updateStatus":"expanding"}})") == "waiting: phase expanding");
  CHECK(custom(group, "VMAgent", R"({"status":{"updateStatus":"failed","reason":"bad url"}})") ==
        "failed: failed: bad url");
  CHECK(custom(group, "VMAgent", R"({"status":{"updateStatus":"paused"}})") == "ready");
  CHECK(custom(group, "VMRule", "{}") == "ready");
  CHECK(custom(group, "VMRule", R"({"status":{"updateStatus":"failed","reason":"bad expr"}})") ==
        "failed: failed: bad expr");
}

TEST_CASE("a Certificate is ready when its condition says so of this generation") {
  constexpr std::string_view group = "cert-manager.io";
  CHECK(custom(group, "Certificate", "{}") == "waiting: not Ready yet");
  CHECK(custom(group, "Certificate", R"({"metadata":{"generation":1},"status":{"conditions":[
        {"type":"Ready","status":"True","observedGeneration":1}]}})") == "ready");
  CHECK(custom(group, "Certificate", R"({"metadata":{"generation":2},"status":{"conditions":[
        {"type":"Ready","status":"True","observedGeneration":1}]}})") ==
        "waiting: its controller has not seen the change yet");
  std::string_view denied = R"({"metadata":{"generation":2},"status":{"conditions":[
        {"type":"Ready","status":"False","reason":"DoesNotExist","message":"no secret"},
        {"type":"Issuing","status":"False","reason":"Failed","message":"quota","observedGeneration":2}]}})";
  CHECK(custom(group, "Certificate", denied) == "failed: Failed: quota");
  // What failed of the generation before says nothing of this one.
  CHECK(custom(group, "Certificate", R"({"metadata":{"generation":3},"status":{"conditions":[
        {"type":"Issuing","status":"False","reason":"Failed","message":"quota","observedGeneration":2}]}})") ==
        "waiting: not Ready yet");
  CHECK(custom(group, "ClusterIssuer", R"({"status":{"conditions":[{"type":"Ready","status":"False",
        "reason":"ErrRegisterACMEAccount","message":"no route"}]}})") ==
        "waiting: ErrRegisterACMEAccount: no route");
}

TEST_CASE("Spark's and Kyverno's objects") {
  constexpr std::string_view spark = "sparkoperator.k8s.io";
  CHECK(custom(spark, "SparkApplication", "{}").starts_with("waiting: no status yet"));
  CHECK(custom(spark, "SparkApplication", R"({"status":{"applicationState":{"state":"SUBMITTED"}}})") ==
        "waiting: phase SUBMITTED");
  CHECK(custom(spark, "SparkApplication", R"({"status":{"applicationState":{"state":"RUNNING"}}})") ==
        "ready");
  CHECK(custom(spark, "SparkApplication", R"({"status":{"applicationState":{"state":"FAILED",
        "errorMessage":"driver died"}}})") == "failed: FAILED: driver died");
  CHECK(custom(spark, "ScheduledSparkApplication", R"({"spec":{"suspend":true}})") == "ready");
  CHECK(custom(spark, "ScheduledSparkApplication", R"({"status":{"scheduleState":"FailedValidation",
        "reason":"bad cron"}})") == "failed: FailedValidation: bad cron");
  CHECK(custom("kyverno.io", "ClusterPolicy", "{}") == "waiting: not Ready yet");
  CHECK(custom("kyverno.io", "ClusterPolicy",
               R"({"status":{"conditions":[{"type":"Ready","status":"True"}]}})") == "ready");
  CHECK(custom("kyverno.io", "PolicyException", "{}") == "ready");
}
