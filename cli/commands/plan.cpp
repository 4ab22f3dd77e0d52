#include <fmt/core.h>

#include <fstream>

#include "base/base64.h"
#include "cli/commands/running.h"
#include "cli/saved_plan.h"

namespace carbon {

ExitCode run_plan(const Options& options) {
  ExitCode code = ExitCode::success;
  auto pipeline = open_pipeline(options, LocalStore::Access::read, code);
  if (pipeline == nullptr) return code;
  PhaseStats planning(*pipeline);
  pipeline->make_plan(options.destroy);
  planning.print("plan", options);
  PlanFacts facts{pipeline->plan_name(), planning.counts().requests, pipeline->declared(), "", ""};
  bool failed = pipeline->diagnostics().has_errors();
  if (!options.out_file.empty() && !failed) {
    Status saved = save_plan(options.out_file, pipeline->plan(), pipeline->io(), pipeline->digester());
    if (!saved) return report(saved.error(), pipeline->sources(), options);
    facts.saved_as = options.out_file;
    facts.command = "carbon apply " + options.out_file;
  }
  print_plan(pipeline->plan(), facts, options);
  print_diagnostics(pipeline->diagnostics(), pipeline->sources(), options.color);
  if (failed) return exit_code_for(pipeline->diagnostics());
  bool changes = !pipeline->plan().summary.empty();
  return options.detailed_exitcode && changes ? ExitCode::changes : ExitCode::success;
}

ExitCode run_show(const Options& options) {
  auto saved = read_plan(options.plan_file);
  if (!saved) return report(saved.error(), SourceMap(), options);
  PlanFacts facts{saved->id, {}, 0, options.plan_file, "carbon apply " + options.plan_file};
  print_plan(saved->plan, facts, options);
  return ExitCode::success;
}

}  // namespace carbon
