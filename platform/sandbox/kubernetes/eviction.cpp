// POST pods/NAME/eviction: k8s.io/kubernetes/pkg/registry/core/pod/storage/eviction.go.
#include <fmt/format.h>

#include "platform/sandbox/kubernetes/api_server.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/selector.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view budgets = "poddisruptionbudgets.policy";

/// Pods that are not up, or going anyway, disrupt nothing.
bool disrupts_nothing(const Value& pod) {
  return text_at(pod, {"status", "phase"}) != "Running" ||
         at(pod, {"metadata", "deletionTimestamp"}) != nullptr;
}

ApiStatus too_disruptive(const Value& budget) {
  ApiStatus status;
  status.code = 429;
  status.reason = "TooManyRequests";
  status.message = "Cannot evict pod as it would violate the pod's disruption budget.";
  status.has_details = true;
  status.causes.push_back({"DisruptionBudget",
                           fmt::format("The disruption budget {} needs {} healthy pods and has {} currently",
                                       text_at(budget, {"metadata", "name"}),
                                       int_at(budget, {"status", "desiredHealthy"}).value_or(0),
                                       int_at(budget, {"status", "currentHealthy"}).value_or(0)),
                           ""});
  return status;
}

}  // namespace

/// Takes one disruption from the budget that the pod is under, or refuses.
ApiResult<void> ApiServer::take_disruption(const Value& pod, const WriteOptions& options,
                                           const Occasion& occasion) {
  std::vector<StoreKey> selecting;
  std::string place(text_at(pod, {"metadata", "namespace"}));
  store_->visit(budgets, place, nullptr, [&](const StoreKey& key, std::int64_t) {
    std::optional<Value> budget = writer_.load(key);
    if (budget && selects(at(*budget, {"spec", "selector"}), at(pod, {"metadata", "labels"})))
      selecting.push_back(key);
    return true;
  });
  if (selecting.empty() || disrupts_nothing(pod)) return {};
  if (selecting.size() > 1) {
    return refuse(
        plain_error("This pod has more than one PodDisruptionBudget, which the eviction subresource "
                    "does not support."));
  }
  Value budget = *writer_.load(selecting.front());
  std::int64_t allowed = int_at(budget, {"status", "disruptionsAllowed"}).value_or(0);
  if (allowed <= 0) return refuse(too_disruptive(budget));
  Route route{resources_.by_storage(budgets), place, selecting.front().name, "status"};
  Value fewer = fields({{"status", fields({{"disruptionsAllowed", number(allowed - 1)}})}});
  auto taken = patch(route, "application/merge-patch+json", fewer, options, occasion);
  if (!taken) return refuse(taken.error());
  return {};
}

ApiResponse ApiServer::answer_eviction(const ApiRequest& request, const Route& route,
                                       const Occasion& occasion) {
  if (std::optional<Value> pod = writer_.load(route.key())) {
    WriteOptions options;
    options.manager = request.user_agent.substr(0, request.user_agent.find('/'));
    options.dry_run = request.query.contains("dryRun");
    if (auto taken = take_disruption(*pod, options, occasion); !taken) return status_response(taken.error());
  }
  return answer_delete(request, route, occasion);
}

}  // namespace carbon::sandbox
