#include <fmt/core.h>
#include <algorithm>
#include <map>

#include "cli/commands/running.h"
#include "cli/views/run_view.h"

namespace carbon {

namespace {

/// The events of each run, the newest run first. A run's events may lie between those of another: what
/// settled it was written later.
std::vector<std::vector<JournalEvent>> by_run(std::vector<JournalEvent> events) {
  std::map<std::string, std::size_t> known;
  std::vector<std::vector<JournalEvent>> runs;
  for (JournalEvent& event : events) {
    auto [at, is_new] = known.emplace(event.run, runs.size());
    if (is_new) runs.emplace_back();
    runs[at->second].push_back(std::move(event));
  }
  std::reverse(runs.begin(), runs.end());
  return runs;
}

Error no_such_run(const std::string& wanted, std::size_t found) {
  if (found > 1)
    return Error(DiagnosticCode::bad_usage, fmt::format("{} runs begin with `{}`", found, wanted))
        .help("write more of its digits");
  return Error(DiagnosticCode::bad_usage, fmt::format("no run begins with `{}`", wanted))
      .help("`carbon runs` lists those on record");
}

}  // namespace

ExitCode run_runs(const Options& options) {
  ExitCode code = ExitCode::success;
  auto pipeline = open_pipeline(options, Store::Access::read, code);
  if (pipeline == nullptr) return code;
  Result<std::vector<JournalEvent>> events = pipeline->store().history();
  if (!events) return report(events.error(), pipeline->sources(), options);
  std::vector<std::vector<JournalEvent>> runs = by_run(std::move(*events));
  bool json = options.format == OutputFormat::json;
  if (options.run.empty()) {
    std::vector<RunSummary> rows;
    for (const auto& run : runs) rows.push_back(summary_of_run(run));
    fmt::print("{}", json ? runs_json(rows) : runs_text(rows));
    return ExitCode::success;
  }
  auto other = [&](const std::vector<JournalEvent>& run) {
    return !run.front().run.starts_with(options.run);
  };
  std::erase_if(runs, other);
  if (runs.size() != 1) return report(no_such_run(options.run, runs.size()), pipeline->sources(), options);
  RunSummary summary = summary_of_run(runs.front());
  std::vector<RunStep> steps = steps_of_run(runs.front());
  fmt::print("{}", json ? run_json(summary, steps) : run_text(summary, steps));
  return ExitCode::success;
}

}  // namespace carbon
