#include "cli/commands/kept_run.h"

#include <fmt/core.h>

#include "engine/apply/run_history.h"
#include "engine/plan/plan_code.h"

namespace carbon {

Result<std::vector<JournalEvent>> newest_run(Pipeline& pipeline, const std::string& named,
                                             const std::string& help) {
  auto runs = runs_in(CARBON_TRY(pipeline.store().history()));
  if (runs.empty()) return std::vector<JournalEvent>();
  if (named.empty()) return std::move(runs.front());
  std::string newest = runs.front().front().run;
  std::vector<JournalEvent> wanted = CARBON_TRY(find_run(std::move(runs), named));
  if (wanted.front().run == newest) return wanted;
  return fail(
      Error(DiagnosticCode::stale_plan, fmt::format("run {} came after run {}", newest, wanted.front().run))
          .help(help));
}

std::optional<KeptRun> find_kept_run(const Options& options, const std::string& not_newest,
                                     const std::string& without, ExitCode& code) {
  auto pipeline = open_pipeline(options, Store::Access::read, code);
  if (pipeline == nullptr) return std::nullopt;
  auto leave = [&](const Error& error) {
    code = report(error, pipeline->sources(), options);
    return std::nullopt;
  };
  Result<std::vector<JournalEvent>> events = newest_run(*pipeline, options.run, not_newest);
  if (!events) return leave(events.error());
  if (events->empty()) {
    fmt::print("Nothing has been applied yet.\n");
    return std::nullopt;
  }
  const std::string& run = events->front().run;
  Result<std::string> text = pipeline->store().plan_of(run);
  if (!text) return leave(text.error());
  if (text->empty())
    return leave(
        Error(DiagnosticCode::run_without_plan, fmt::format("the plan of run {} is not on record", run))
            .help(without));
  Result<Plan> plan = decode_plan(*text);
  if (!plan) return leave(plan.error());
  return KeptRun{run, std::move(*plan)};
}

}  // namespace carbon
