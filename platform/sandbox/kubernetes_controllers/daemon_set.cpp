#include <fmt/format.h>

#include "platform/sandbox/kubernetes_controllers/pod_template.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view daemon_sets = "daemonsets.apps";
constexpr std::string_view revision_label = "controller-revision-hash";

bool is_of(const Value& pod, std::string_view revision) {
  return text_at(pod, {"metadata", "labels", revision_label}) == revision;
}

/// The pod that the node shall have: the newest that counts; surplus, ended and outdated ones go.
std::vector<Value> settled_pods(Work& work, std::string_view revision) {
  bool replace = text_at(work.object, {"spec", "updateStrategy", "type"}) != "OnDelete";
  std::vector<Value> kept;
  for (const Value& pod : work.cluster.controlled("pods", work.object)) {
    bool fits = pod_counts(pod) && kept.empty() && (!replace || is_of(pod, revision));
    if (fits) {
      kept.push_back(pod);
    } else if (!is_going(pod)) {
      work.cluster.remove("pods", pod);
    }
  }
  return kept;
}

}  // namespace

void reconcile_daemon_set(Work& work) {
  const Value* pod_template = at(work.object, {"spec", "template"});
  if (is_going(work.object) || pod_template == nullptr) return;
  std::string name = current_revision(work, daemon_sets);
  std::string revision = name.substr(name_of(work.object).size() + 1);
  std::vector<Value> pods = settled_pods(work, revision);
  if (pods.empty()) {
    std::string pod = fmt::format("{}-", name_of(work.object));
    auto made =
        create_pod(work, daemon_sets,
                   pod_of({daemon_sets, work.object, *pod_template, pod, {{revision_label, revision}}}));
    if (made) pods.push_back(*made);
  }
  PodCounts counts = count_pods(work, pods, int_at(work.object, {"spec", "minReadySeconds"}).value_or(0));
  std::int64_t updated = 0;
  for (const Value& pod : pods) updated += is_of(pod, revision) ? 1 : 0;
  constexpr std::int64_t nodes = 1;
  const Value* before = work.object.find("status");
  Value status = before == nullptr ? Value::map({}) : *before;
  status = with(status, {"currentNumberScheduled"}, number(counts.total));
  status = with(status, {"desiredNumberScheduled"}, number(nodes));
  status = with(status, {"numberMisscheduled"}, number(0));
  status = with(status, {"numberReady"}, number(counts.ready));
  status = with_count(status, "numberAvailable", counts.available);
  status = with_count(status, "numberUnavailable", nodes - counts.available);
  status = with_count(status, "updatedNumberScheduled", updated);
  status =
      with_count(status, "observedGeneration", int_at(work.object, {"metadata", "generation"}).value_or(0));
  work.cluster.write_status(daemon_sets, work.object, status);
}

}  // namespace carbon::sandbox
