#include <fmt/core.h>

#include "cli/commands/kept_run.h"
#include "engine/apply/resume.h"

namespace carbon {

namespace {

const std::string only_newest =
    "only the newest run can be gone on with: `carbon apply` plans what is to be done now";
const std::string plan_anew = "`carbon apply` settles what it left open, and plans the rest anew";

ExitCode nothing_left(const std::string& run) {
  fmt::print("Nothing is left to do: run {} did all that was planned.\n", run);
  return ExitCode::success;
}

}  // namespace

ExitCode run_resume(const Options& options) {
  ExitCode code = ExitCode::success;
  std::optional<KeptRun> left = find_kept_run(options, only_newest, plan_anew, code);
  if (!left) return code;
  auto opened = Pipeline::open(options, SavedPlan{left->plan, "", {}}, Store::Access::write);
  if (!opened) return report(opened.error(), SourceMap(), options);
  Pipeline& pipeline = **opened;
  auto leave = [&](const Error& error) { return report(error, SourceMap(), options); };
  auto settled = pipeline.settle_open_run();
  if (!settled) return leave(settled.error());
  print_settled(*settled);
  // Until the lock was taken somebody else may have gone on.
  Result<std::vector<JournalEvent>> events = newest_run(pipeline, left->run, only_newest);
  if (!events) return leave(events.error());
  std::size_t planned = left->plan.changes.size();
  Remaining remaining = remaining_of(std::move(left->plan), *events, [&](const std::string& name) {
    const ResourceType* type = pipeline.types().find(name);
    return type != nullptr && type->has_readiness();
  });
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
