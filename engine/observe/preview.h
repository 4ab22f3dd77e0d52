#pragma once

#include <vector>

#include "engine/observe/observer.h"
#include "engine/plan/planner.h"

namespace carbon {

/// Asks the servers what these writes would give, at most 24 at a time, and puts their answers into
/// LiveState::previews. A write with a secret that cannot be had now, and a server that cannot tell, leave no
/// answer: the local difference stands. Input and state outlive the task.
Task<void> preview(const ObserveInput* input, std::vector<PreviewCandidate> candidates, LiveState* live);

}  // namespace carbon
