#include <fmt/format.h>

#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes_tables/cells.h"

// printPod of k8s.io/kubernetes/pkg/printers/internalversion/printers.go.
namespace carbon::sandbox {

namespace {

/// Why a container that does not run does not.
std::string state_reason(const Value& status) {
  if (std::string_view reason = text_at(status, {"state", "waiting", "reason"}); !reason.empty())
    return std::string(reason);
  const Value* ended = at(status, {"state", "terminated"});
  if (ended == nullptr) return {};
  if (std::string_view reason = text_at(*ended, {"reason"}); !reason.empty()) return std::string(reason);
  return fmt::format("ExitCode:{}", int_at(*ended, {"exitCode"}).value_or(0));
}

std::string init_reason(const Value& pod) {
  std::vector<Value> statuses = items_at(pod, {"status", "initContainerStatuses"});
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    const Value* ended = at(statuses[i], {"state", "terminated"});
    if (ended != nullptr && int_at(*ended, {"exitCode"}).value_or(0) == 0) continue;
    if (bool_at(statuses[i], {"started"})) continue;  // a sidecar
    std::string reason = state_reason(statuses[i]);
    if (!reason.empty() && reason != "PodInitializing") return "Init:" + reason;
    return fmt::format("Init:{}/{}", i, items_at(pod, {"spec", "initContainers"}).size());
  }
  return {};
}

}  // namespace

Value pod_ready_cell(const Value& pod, std::int64_t) {
  std::size_t ready = 0;
  for (const Value& status : items_at(pod, {"status", "containerStatuses"})) {
    bool runs = at(status, {"state", "running"}) != nullptr;
    if (runs && bool_at(status, {"ready"})) ++ready;
  }
  return text(fmt::format("{}/{}", ready, items_at(pod, {"spec", "containers"}).size()));
}

Value pod_status_cell(const Value& pod, std::int64_t) {
  if (at(pod, {"metadata", "deletionTimestamp"}) != nullptr) return text("Terminating");
  if (std::string reason = init_reason(pod); !reason.empty()) return text(reason);
  std::string out(text_at(pod, {"status", "phase"}));
  if (std::string_view reason = text_at(pod, {"status", "reason"}); !reason.empty()) out = reason;
  bool runs = false;
  for (const Value& status : items_at(pod, {"status", "containerStatuses"})) {
    if (std::string reason = state_reason(status); !reason.empty()) out = reason;
    runs = runs || (bool_at(status, {"ready"}) && at(status, {"state", "running"}) != nullptr);
  }
  if (out == "Completed" && runs) out = "Running";
  return text(out);
}

Value pod_restarts_cell(const Value& pod, std::int64_t) {
  std::int64_t restarts = 0;
  for (const Value& status : items_at(pod, {"status", "containerStatuses"})) {
    restarts += int_at(status, {"restartCount"}).value_or(0);
  }
  return text(std::to_string(restarts));
}

}  // namespace carbon::sandbox
