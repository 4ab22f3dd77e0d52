#include <fmt/core.h>

#include "cli/commands/running.h"
#include "cli/saved_plan.h"

namespace carbon {

namespace {

ExitCode refuse(DiagnosticCode code, std::string message, std::string help, const Options& options) {
  return report(Error(code, std::move(message)).help(std::move(help)), SourceMap(), options);
}

ExitCode already_used(const Options& options) {
  return refuse(DiagnosticCode::plan_used, fmt::format("{} was applied already", options.plan_file),
                "make a new one with `carbon plan -o FILE`", options);
}

/// Exactly the saved plan, or nothing.
ExitCode apply_saved(const Options& options) {
  auto saved = read_plan(options.plan_file);
  if (!saved) return report(saved.error(), SourceMap(), options);
  if (!options.expect_digest.empty() && options.expect_digest != saved->id) {
    return refuse(DiagnosticCode::plan_of_other_target,
                  fmt::format("{} is the plan {}, and {} was approved", options.plan_file, saved->id,
                              options.expect_digest),
                  "review this plan, or apply the one that was approved", options);
  }
  PlanEnvelope envelope = saved->envelope;
  auto opened = Pipeline::open(options, std::move(*saved), Store::Access::write);
  if (!opened) return report(opened.error(), SourceMap(), options);
  Pipeline& pipeline = **opened;
  auto used = pipeline.store().plan_was_used(pipeline.plan_name(), envelope.nonce);
  if (!used) return report(used.error(), SourceMap(), options);
  if (*used) return already_used(options);
  if (pipeline.io().wall_clock() > envelope.expires_at) {
    return refuse(DiagnosticCode::plan_expired, fmt::format("{} is older than 24 hours", options.plan_file),
                  "make it again with `carbon plan -o FILE`", options);
  }
  // First: what a killed run did may be what this plan was to do.
  auto settled = pipeline.settle_open_run();
  if (!settled) return report(settled.error(), SourceMap(), options);
  print_settled(*settled);
  if (pipeline.plan().inventory_generation != pipeline.inventory().generation) {
    return refuse(DiagnosticCode::stale_plan,
                  fmt::format("{} was made from inventory generation {}, which is {} now", options.plan_file,
                              pipeline.plan().inventory_generation, pipeline.inventory().generation),
                  "somebody applied in between: make the plan again and review what it says now", options);
  }
  Status holds = pipeline.verify_saved_plan();
  if (!holds) return report(holds.error(), SourceMap(), options);
  auto first = pipeline.store().use_plan(pipeline.plan_name(), envelope.nonce);
  if (!first) return report(first.error(), SourceMap(), options);
  if (!*first) return already_used(options);
  return apply_and_report(pipeline, options);
}

/// Plans, shows, asks and applies. Destroy is planning against nothing.
ExitCode plan_and_apply(const Options& options, bool destroy) {
  ExitCode code = ExitCode::success;
  auto pipeline = open_settled_pipeline(options, code);
  if (pipeline == nullptr) return code;
  PhaseStats planning(*pipeline);
  pipeline->make_plan(destroy);
  planning.print("plan", options);
  PlanFacts facts = plan_facts(*pipeline, planning.counts());
  Options shown = options;
  // A plan that nobody is asked about needs no details on the screen.
  if (options.yes && options.detail == PlanDetail::normal) shown.detail = PlanDetail::summary;
  print_plan(pipeline->plan(), facts, shown);
  print_diagnostics(pipeline->diagnostics(), pipeline->sources(), options.color);
  if (pipeline->diagnostics().has_errors()) {
    fmt::print(stderr, "Nothing was changed.\n");
    return exit_code_for(pipeline->diagnostics());
  }
  const Plan& plan = pipeline->plan();
  if (plan.changes.empty() && plan.records.empty()) return ExitCode::success;
  std::string_view question = destroy ? "Delete all of this?" : "Apply this plan?";
  // What carbon is only to remember was written by who runs this, and nothing live is touched.
  if (!plan.changes.empty() && !confirmed(options, question)) return ExitCode::error;
  return apply_and_report(*pipeline, options);
}

}  // namespace

ExitCode run_apply(const Options& options) {
  return options.plan_file.empty() ? plan_and_apply(options, false) : apply_saved(options);
}

ExitCode run_destroy(const Options& options) { return plan_and_apply(options, true); }

}  // namespace carbon
