#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/commands/running.h"
#include "engine/apply/journal.h"
#include "engine/plan/plan.h"

namespace carbon {

/// A run, and what it was to do.
struct KeptRun {
  std::string run;
  Plan plan;
};

/// The events of the newest run, or none where there is no run. Errors: C1001 where no run, or several, have
/// the name; C0807 where `named` is another one, with `help`.
[[nodiscard]] Result<std::vector<JournalEvent>> newest_run(Pipeline& pipeline, const std::string& named,
                                                           const std::string& help);

/// The newest run, which must be that of RUN where one is named, with the plan that is kept of it. Nothing
/// where there is none, or an error; either has been printed, and `code` says how to leave. `without` is the
/// help where the plan is not on record.
[[nodiscard]] std::optional<KeptRun> find_kept_run(const Options& options, const std::string& not_newest,
                                                   const std::string& without, ExitCode& code);

}  // namespace carbon
