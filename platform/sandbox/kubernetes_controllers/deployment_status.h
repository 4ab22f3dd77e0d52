#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

namespace carbon::sandbox {

/// How far a rollout is.
struct RolloutState {
  const std::vector<Value>& sets;  ///< all ReplicaSets
  const Value* newest = nullptr;   ///< that of the present template
  std::int64_t max_unavailable = 0;
  std::string refusal;  ///< why the newest one could not be made
};

/// Writes the Deployment's counts and its conditions Available, Progressing and ReplicaFailure, and asks to
/// be called again when the progress deadline ends (deployment/progress.go, sync.go).
void write_deployment_status(Work& work, const RolloutState& state);

}  // namespace carbon::sandbox
