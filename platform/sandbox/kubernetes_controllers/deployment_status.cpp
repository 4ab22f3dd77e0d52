#include "platform/sandbox/kubernetes_controllers/deployment_status.h"

#include <fmt/format.h>

#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "platform/sandbox/kubernetes_controllers/object_time.h"
#include "platform/sandbox/kubernetes_controllers/pod_template.h"

namespace carbon::sandbox {

namespace {

struct Totals {
  std::int64_t wanted = 0;
  std::int64_t sized = 0;  ///< sum of the sets' spec.replicas
  std::int64_t replicas = 0;
  std::int64_t updated = 0;
  std::int64_t ready = 0;
  std::int64_t available = 0;

  [[nodiscard]] bool complete() const {
    return updated == wanted && replicas == wanted && available == wanted;
  }
};

std::int64_t status_count(const Value& object, std::string_view field) {
  return int_at(object, {"status", field}).value_or(0);
}

Totals totals_of(const Value& deployment, const RolloutState& state) {
  Totals totals;
  totals.wanted = int_at(deployment, {"spec", "replicas"}).value_or(1);
  for (const Value& set : state.sets) {
    totals.sized += int_at(set, {"spec", "replicas"}).value_or(1);
    totals.replicas += status_count(set, "replicas");
    totals.ready += status_count(set, "readyReplicas");
    totals.available += status_count(set, "availableReplicas");
  }
  if (state.newest != nullptr) totals.updated = status_count(*state.newest, "replicas");
  return totals;
}

Value with_counts(Value status, const Value& deployment, const Totals& totals) {
  status =
      with_count(status, "observedGeneration", int_at(deployment, {"metadata", "generation"}).value_or(0));
  status = with_count(status, "replicas", totals.replicas);
  status = with_count(status, "updatedReplicas", totals.updated);
  status = with_count(status, "readyReplicas", totals.ready);
  status = with_count(status, "availableReplicas", totals.available);
  return with_count(status, "unavailableReplicas",
                    std::max<std::int64_t>(0, totals.sized - totals.available));
}

Value with_availability(const Value& status, const Totals& totals, const RolloutState& state,
                        std::int64_t now) {
  bool enough = totals.available >= totals.wanted - state.max_unavailable;
  Condition condition = enough ? Condition{"Available", "True", "MinimumReplicasAvailable",
                                           "Deployment has minimum availability."}
                               : Condition{"Available", "False", "MinimumReplicasUnavailable",
                                           "Deployment does not have minimum availability."};
  return with_condition(status, condition, now, ConditionTimes::transition_and_update);
}

/// Whether the counts say that something moved since the last status.
bool progressed(const Value& before, const Totals& totals) {
  auto count = [&](std::string_view field) { return int_at(before, {field}).value_or(0); };
  return totals.updated > count("updatedReplicas") || totals.ready > count("readyReplicas") ||
         totals.available > count("availableReplicas") ||
         totals.replicas - totals.updated < count("replicas") - count("updatedReplicas");
}

Value with_progress(Work& work, const Value& status, const Value& before, const Totals& totals,
                    const RolloutState& state) {
  constexpr std::string_view type = "Progressing";
  std::int64_t now = work.cluster.now();
  std::string set(state.newest == nullptr ? "" : name_of(*state.newest));
  auto set_to = [&](std::string_view value, std::string_view reason, const std::string& message) {
    return with_condition(status, {type, value, reason, message}, now, ConditionTimes::transition_and_update);
  };
  const Value* old = find_condition(before, type);
  if (!state.refusal.empty()) return set_to("False", "ReplicaSetCreateError", state.refusal);
  if (state.newest == nullptr) return status;
  if (totals.complete()) {
    return set_to("True", "NewReplicaSetAvailable",
                  fmt::format("ReplicaSet \"{}\" has successfully progressed.", set));
  }
  if (old == nullptr)
    return set_to("True", "NewReplicaSetCreated", fmt::format("Created new replica set \"{}\"", set));
  bool new_template = text_at(*old, {"message"}).find(set) == std::string_view::npos;
  if (progressed(before, totals) || new_template) {
    // The update time restarts the deadline, also when the text stays the same.
    return with_condition(
        without_condition(status, type),
        {type, "True", "ReplicaSetUpdated", fmt::format("ReplicaSet \"{}\" is progressing.", set)}, now,
        ConditionTimes::transition_and_update);
  }
  auto limit = int_at(work.object, {"spec", "progressDeadlineSeconds"});
  std::string_view reason = text_at(*old, {"reason"});
  if (!limit || reason == "ProgressDeadlineExceeded" || reason == "NewReplicaSetAvailable") return status;
  std::int64_t deadline = time_of(text_at(*old, {"lastUpdateTime"})).value_or(now) + *limit * second;
  if (now < deadline) {
    work.again_at(deadline);
    return status;
  }
  return set_to("False", "ProgressDeadlineExceeded",
                fmt::format("ReplicaSet \"{}\" has timed out progressing.", set));
}

Value with_failure(const Value& status, const RolloutState& state, std::int64_t now) {
  for (const Value& set : state.sets) {
    const Value* its = set.find("status");
    const Value* failure = its == nullptr ? nullptr : find_condition(*its, "ReplicaFailure");
    if (failure == nullptr) continue;
    return with_condition(status,
                          {"ReplicaFailure", text_at(*failure, {"status"}), text_at(*failure, {"reason"}),
                           text_at(*failure, {"message"})},
                          now, ConditionTimes::transition_and_update);
  }
  return without_condition(status, "ReplicaFailure");
}

}  // namespace

void write_deployment_status(Work& work, const RolloutState& state) {
  Totals totals = totals_of(work.object, state);
  const Value* present = work.object.find("status");
  Value before = present == nullptr ? Value::map({}) : *present;
  std::int64_t now = work.cluster.now();
  Value status = with_counts(before, work.object, totals);
  status = with_availability(status, totals, state, now);
  status = with_progress(work, status, before, totals, state);
  status = with_failure(status, state, now);
  work.cluster.write_status("deployments.apps", work.object, status);
}

}  // namespace carbon::sandbox
