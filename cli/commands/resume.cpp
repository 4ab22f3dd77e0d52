#include <fmt/core.h>

#include "cli/commands/running.h"
#include "engine/apply/resume.h"
#include "engine/apply/run_history.h"
#include "engine/plan/plan_code.h"

namespace carbon {

namespace {

/// The newest run, and what it was to do.
struct Left {
  std::string run;
  Plan plan;
};

Error without_plan(const std::string& run) {
  return Error(DiagnosticCode::run_without_plan, fmt::format("the plan of run {} is not on record", run))
      .help("`carbon apply` settles what it left open, and plans the rest anew");
}

/// The events of the run that can be gone on with: the newest one, and the one that was named.
Result<std::vector<JournalEvent>> newest_run(Pipeline& pipeline, const std::string& named) {
  auto runs = runs_in(CARBON_TRY(pipeline.store().history()));
  if (runs.empty()) return std::vector<JournalEvent>();
  if (named.empty()) return std::move(runs.front());
  std::string newest = runs.front().front().run;
  std::vector<JournalEvent> wanted = CARBON_TRY(find_run(std::move(runs), named));
  if (wanted.front().run == newest) return wanted;
  return fail(
      Error(DiagnosticCode::stale_plan, fmt::format("run {} came after run {}", newest, wanted.front().run))
          .help("only the newest run can be gone on with: `carbon apply` plans what is to be done now"));
}

/// Nothing where there is nothing to resume, or an error, which has been printed.
std::optional<Left> find_left(const Options& options, ExitCode& code) {
  auto pipeline = open_pipeline(options, Store::Access::read, code);
  if (pipeline == nullptr) return std::nullopt;
  auto leave = [&](const Error& error) {
    code = report(error, pipeline->sources(), options);
    return std::nullopt;
  };
  Result<std::vector<JournalEvent>> events = newest_run(*pipeline, options.run);
  if (!events) return leave(events.error());
  if (events->empty()) {
    fmt::print("Nothing has been applied yet.\n");
    return std::nullopt;
  }
  const std::string& run = events->front().run;
  Result<std::string> text = pipeline->store().plan_of(run);
  if (!text) return leave(text.error());
  if (text->empty()) return leave(without_plan(run));
  Result<Plan> plan = decode_plan(*text);
  if (!plan) return leave(plan.error());
  return Left{run, std::move(*plan)};
}

ExitCode nothing_left(const std::string& run) {
  fmt::print("Nothing is left to do: run {} did all that was planned.\n", run);
  return ExitCode::success;
}

}  // namespace

ExitCode run_resume(const Options& options) {
  ExitCode code = ExitCode::success;
  std::optional<Left> left = find_left(options, code);
  if (!left) return code;
  auto opened = Pipeline::open(options, SavedPlan{left->plan, "", {}});
  if (!opened) return report(opened.error(), SourceMap(), options);
  Pipeline& pipeline = **opened;
  auto leave = [&](const Error& error) { return report(error, SourceMap(), options); };
  auto settled = pipeline.settle_open_run();
  if (!settled) return leave(settled.error());
  print_settled(*settled);
  // Until the lock was taken somebody else may have gone on.
  Result<std::vector<JournalEvent>> events = newest_run(pipeline, left->run);
  if (!events) return leave(events.error());
  std::size_t planned = left->plan.changes.size();
  Remaining remaining = remaining_of(std::move(left->plan), *events);
  if (remaining.plan.changes.empty() && remaining.plan.records.empty()) return nothing_left(left->run);
  pipeline.go_on_with(std::move(remaining.plan), left->run);
  Status holds = pipeline.verify_saved_plan();
  if (!holds) return leave(holds.error());
  fmt::print(stderr, "goes on with run {}: {} of its {} changes are done\n", left->run, remaining.done,
             planned);
  Options shown = options;
  if (options.detail == PlanDetail::normal) shown.detail = PlanDetail::summary;
  print_plan(pipeline.plan(), plan_facts(pipeline, pipeline.counts()), shown);
  return apply_and_report(pipeline, options);
}

}  // namespace carbon
