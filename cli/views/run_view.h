#pragma once

#include <string>
#include <vector>

#include "engine/apply/run_history.h"

namespace carbon {

/// `carbon runs`: a line a run, the newest first.
[[nodiscard]] std::string runs_text(const std::vector<RunSummary>& runs);
/// `{ format_version, runs: [{ run, state, began, seconds, plan, by, carbon, done, failed, open }] }`
[[nodiscard]] std::string runs_json(const std::vector<RunSummary>& runs);

/// `carbon runs RUN`: what became of each object, in the order of the run, and what to do about what is open.
[[nodiscard]] std::string run_text(const RunSummary& run, const std::vector<RunStep>& steps);
/// `{ format_version, run: { … as above …, steps: [{ address, operation, outcome, began, seconds }] } }`
[[nodiscard]] std::string run_json(const RunSummary& run, const std::vector<RunStep>& steps);

}  // namespace carbon
