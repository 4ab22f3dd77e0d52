#include <fmt/core.h>

#include "cli/commands/running.h"
#include "cli/views/run_view.h"

namespace carbon {

ExitCode run_runs(const Options& options) {
  ExitCode code = ExitCode::success;
  auto pipeline = open_pipeline(options, Store::Access::read, code);
  if (pipeline == nullptr) return code;
  Result<std::vector<JournalEvent>> events = pipeline->store().history();
  if (!events) return report(events.error(), pipeline->sources(), options);
  std::vector<std::vector<JournalEvent>> runs = runs_in(std::move(*events));
  bool json = options.format == OutputFormat::json;
  if (options.run.empty()) {
    std::vector<RunSummary> rows;
    for (const auto& run : runs) rows.push_back(summary_of_run(run));
    fmt::print("{}", json ? runs_json(rows) : runs_text(rows));
    return ExitCode::success;
  }
  Result<std::vector<JournalEvent>> run = find_run(std::move(runs), options.run);
  if (!run) return report(run.error(), pipeline->sources(), options);
  RunSummary summary = summary_of_run(*run);
  std::vector<RunStep> steps = steps_of_run(*run);
  fmt::print("{}", json ? run_json(summary, steps) : run_text(summary, steps));
  return ExitCode::success;
}

}  // namespace carbon
