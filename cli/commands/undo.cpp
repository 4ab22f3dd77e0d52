#include <fmt/core.h>

#include "cli/commands/kept_run.h"
#include "cli/saved_plan.h"

namespace carbon {

namespace {

const std::string only_newest =
    "only the newest run can be undone: write into the files what is to be, and apply";
const std::string no_plan = "write into the files what is to be, and apply";

/// Files still say what the run did; nothing that carbon does changes them.
void warn_of_files(const std::string& run) {
  fmt::print(
      stderr,
      "The files still declare what run {} did: change them back too, or the next apply does it again.\n",
      run);
}

ExitCode nothing_to_undo(const std::string& run) {
  fmt::print("Nothing is to be undone of run {}.\n", run);
  return ExitCode::success;
}

}  // namespace

void take_back(Pipeline& pipeline, const std::string& run, const Options& options) {
  fmt::print(stderr, "takes back what run {} did\n", run);
  auto leave = [&](const Error& error) {
    (void)report(error, SourceMap(), options);
    fmt::print(stderr, "Nothing was taken back: `carbon undo` tries it again.\n");
  };
  // A step whose outcome is not known has none in the journal yet.
  Result<Settled> settled = pipeline.settle_open_run();
  if (!settled) return leave(settled.error());
  print_settled(*settled);
  Result<std::vector<JournalEvent>> events = newest_run(pipeline, run, only_newest);
  if (!events) return leave(events.error());
  pipeline.plan_undo(run, *events);
  Options shown = options;
  shown.on_error = "finish";
  if (options.detail == PlanDetail::normal) shown.detail = PlanDetail::summary;
  print_plan(pipeline.plan(), plan_facts(pipeline, pipeline.counts()), shown);
  print_diagnostics(pipeline.diagnostics(), pipeline.sources(), options.color);
  if (pipeline.diagnostics().has_errors())
    return fmt::print(stderr, "Nothing was taken back: `carbon undo` tries it again.\n");
  if (pipeline.plan().changes.empty()) return (void)nothing_to_undo(run);
  (void)apply_and_report(pipeline, shown);
}

ExitCode run_undo(const Options& options) {
  ExitCode code = ExitCode::success;
  std::optional<KeptRun> kept = find_kept_run(options, only_newest, no_plan, code);
  if (!kept) return code;
  bool only_shown = options.preview || !options.out_file.empty();
  auto opened = Pipeline::open(options, SavedPlan{std::move(kept->plan), "", {}},
                               only_shown ? Store::Access::read : Store::Access::write);
  if (!opened) return report(opened.error(), SourceMap(), options);
  Pipeline& pipeline = **opened;
  auto leave = [&](const Error& error) { return report(error, SourceMap(), options); };
  if (!only_shown) {
    auto settled = pipeline.settle_open_run();
    if (!settled) return leave(settled.error());
    print_settled(*settled);
  }
  // Until the lock was taken somebody else may have gone on.
  Result<std::vector<JournalEvent>> events = newest_run(pipeline, kept->run, only_newest);
  if (!events) return leave(events.error());
  pipeline.plan_undo(kept->run, *events);
  PlanFacts facts = plan_facts(pipeline, pipeline.counts());
  bool failed = pipeline.diagnostics().has_errors();
  if (!options.out_file.empty() && !failed) {
    Status saved = save_plan(options.out_file, pipeline.plan(), pipeline.io(), pipeline.digester());
    if (!saved) return leave(saved.error());
    facts.saved_as = options.out_file;
    facts.command = "carbon apply " + options.out_file;
  }
  print_plan(pipeline.plan(), facts, options);
  print_diagnostics(pipeline.diagnostics(), pipeline.sources(), options.color);
  if (failed) {
    if (!only_shown) fmt::print(stderr, "Nothing was changed.\n");
    return exit_code_for(pipeline.diagnostics());
  }
  if (pipeline.plan().changes.empty()) return nothing_to_undo(kept->run);
  warn_of_files(kept->run);
  if (only_shown) return ExitCode::success;
  if (!confirmed(options, "Undo all of this?")) return ExitCode::error;
  // Half an undo is gone on with, or looked at; nobody wants it undone.
  Options carried_out = options;
  if (options.on_error == "undo") carried_out.on_error = "finish";
  return apply_and_report(pipeline, carried_out);
}

}  // namespace carbon
