#include <algorithm>

#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "platform/sandbox/kubernetes_controllers/pod_template.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view budget_storage = "poddisruptionbudgets.policy";

}  // namespace

void reconcile_disruption_budget(Work& work) {
  const Value& budget = work.object;
  std::int64_t expected = 0;
  std::int64_t healthy = 0;
  for (const Value& pod : work.cluster.selected_pods(budget_storage, budget)) {
    if (!pod_counts(pod)) continue;
    ++expected;
    if (pod_ready(pod)) ++healthy;
  }
  // Counted from the pods there are; the real controller asks their workloads for the number that shall be.
  const Value* most_missing = at(budget, {"spec", "maxUnavailable"});
  std::int64_t desired = most_missing != nullptr
                             ? expected - share_of(most_missing, expected, Rounding::up, "0")
                             : share_of(at(budget, {"spec", "minAvailable"}), expected, Rounding::up, "0");
  desired = std::max<std::int64_t>(0, desired);
  std::int64_t allowed = expected == 0 ? 0 : std::max<std::int64_t>(0, healthy - desired);
  const Value* before = budget.find("status");
  Value status = before == nullptr ? Value::map({}) : *before;
  status = with(status, {"currentHealthy"}, number(healthy));
  status = with(status, {"desiredHealthy"}, number(desired));
  status = with(status, {"expectedPods"}, number(expected));
  status = with(status, {"disruptionsAllowed"}, number(allowed));
  status = with_count(status, "observedGeneration", int_at(budget, {"metadata", "generation"}).value_or(0));
  Condition condition = allowed > 0 ? Condition{"DisruptionAllowed", "True", "SufficientPods", ""}
                                    : Condition{"DisruptionAllowed", "False", "InsufficientPods", ""};
  status = with_condition(status, condition, work.cluster.now());
  work.cluster.write_status(budget_storage, budget, status);
}

}  // namespace carbon::sandbox
