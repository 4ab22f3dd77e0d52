#include <fmt/format.h>
#include <algorithm>

#include "platform/sandbox/kubernetes/selector.h"
#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "platform/sandbox/kubernetes_controllers/pod_template.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view replica_sets = "replicasets.apps";

/// Sorted by who has to go first: not ready before ready, then younger before older (ActivePodsWithRanks).
void sort_for_removal(std::vector<Value>& pods) {
  std::ranges::stable_sort(pods, [](const Value& a, const Value& b) {
    if (pod_ready(a) != pod_ready(b)) return pod_ready(b);
    return text_at(a, {"metadata", "creationTimestamp"}) > text_at(b, {"metadata", "creationTimestamp"});
  });
}

/// Brings the number of pods to the wanted one. Gives the refusal of a pod that could not be made.
std::string scale(Work& work, std::vector<Value>& pods, std::int64_t wanted) {
  const Value* pod_template = at(work.object, {"spec", "template"});
  auto have = static_cast<std::int64_t>(pods.size());
  for (; have < wanted && pod_template != nullptr; ++have) {
    std::string name = fmt::format("{}-", name_of(work.object));
    auto made = create_pod(work, replica_sets, pod_of({replica_sets, work.object, *pod_template, name}));
    if (!made) return made.error().message;
    pods.push_back(*made);
  }
  if (have <= wanted) return {};
  sort_for_removal(pods);
  auto surplus = static_cast<std::ptrdiff_t>(have - wanted);
  for (auto pod = pods.begin(); pod != pods.begin() + surplus; ++pod) work.cluster.remove("pods", *pod);
  pods.erase(pods.begin(), pods.begin() + surplus);
  return {};
}

std::int64_t fully_labelled(const Value& set, const std::vector<Value>& pods) {
  const Value* labels = at(set, {"spec", "template", "metadata", "labels"});
  return std::ranges::count_if(pods, [&](const Value& pod) {
    return labels_select(labels, at(pod, {"metadata", "labels"}));
  });
}

}  // namespace

void reconcile_replica_set(Work& work) {
  if (is_going(work.object)) return;
  std::vector<Value> pods = work.cluster.controlled("pods", work.object);
  std::erase_if(pods, [](const Value& pod) { return !pod_counts(pod); });
  std::string refusal = scale(work, pods, int_at(work.object, {"spec", "replicas"}).value_or(1));
  PodCounts counts = count_pods(work, pods, int_at(work.object, {"spec", "minReadySeconds"}).value_or(0));
  const Value* before = work.object.find("status");
  Value status = before == nullptr ? Value::map({}) : *before;
  status = with(status, {"replicas"}, number(counts.total));
  status = with_count(status, "fullyLabeledReplicas", fully_labelled(work.object, pods));
  status = with_count(status, "readyReplicas", counts.ready);
  status = with_count(status, "availableReplicas", counts.available);
  status =
      with_count(status, "observedGeneration", int_at(work.object, {"metadata", "generation"}).value_or(0));
  status = refusal.empty() ? without_condition(status, "ReplicaFailure")
                           : with_condition(status, {"ReplicaFailure", "True", "FailedCreate", refusal},
                                            work.cluster.now());
  work.cluster.write_status(replica_sets, work.object, status);
}

}  // namespace carbon::sandbox
