#include <fmt/core.h>

#include <fstream>
#include <optional>
#include <variant>

#include "base/base64.h"
#include "base/spelling.h"
#include "cli/commands/running.h"
#include "cli/rbac.h"
#include "cli/saved_plan.h"
#include "cli/views/steps_view.h"

namespace carbon {

namespace {

/// `carbon-shop`, or `carbon-shop-prod` in an environment.
std::string role_name(const Expansion& of) {
  std::string name = "carbon-" + kebab(of.platform);
  return of.environment.empty() || of.environment == "default" ? name : name + "-" + kebab(of.environment);
}

ExitCode print_rbac(const Options& options, Pipeline& pipeline) {
  const std::string& account = *options.rbac;
  if (!account.empty() && account.find('/') == std::string::npos) {
    Error error(DiagnosticCode::bad_usage, fmt::format("`--rbac {}` names no namespace", account));
    return report(std::move(error).help("write `--rbac NAMESPACE/NAME`, or `--rbac` for the Roles alone"),
                  SourceMap(), options);
  }
  std::optional<KeptInCluster> kept;
  const StorePlace& place = pipeline.place();
  if (const auto* cluster = std::get_if<SharedCluster>(&place.shared))
    kept = KeptInCluster{place.provider, cluster->name_space, inventory_key(place.name.text())};
  std::vector<RbacNeeds> needs =
      rbac_needs(pipeline.expansion().graph, pipeline.inventory(), pipeline.types(), kept);
  fmt::print("{}", rbac_yaml(needs, role_name(pipeline.expansion()), account));
  return ExitCode::success;
}

}  // namespace

ExitCode run_plan(const Options& options) {
  ExitCode code = ExitCode::success;
  auto pipeline = open_pipeline(options, Store::Access::read, code);
  if (pipeline == nullptr) return code;
  if (options.rbac) return print_rbac(options, *pipeline);
  PhaseStats planning(*pipeline);
  pipeline->make_plan(options.destroy);
  planning.print("plan", options);
  PlanFacts facts = plan_facts(*pipeline, planning.counts());
  bool failed = pipeline->diagnostics().has_errors();
  if (!options.out_file.empty() && !failed) {
    Status saved = save_plan(options.out_file, pipeline->plan(), pipeline->io(), pipeline->digester());
    if (!saved) return report(saved.error(), pipeline->sources(), options);
    facts.saved_as = options.out_file;
    facts.command = "carbon apply " + options.out_file;
  }
  if (options.sql) {
    fmt::print("{}", plan_sql(pipeline->plan()));
  } else {
    print_plan(pipeline->plan(), facts, options);
  }
  print_diagnostics(pipeline->diagnostics(), pipeline->sources(), options.color);
  if (failed) return exit_code_for(pipeline->diagnostics());
  bool changes = !pipeline->plan().summary.empty();
  return options.detailed_exitcode && changes ? ExitCode::changes : ExitCode::success;
}

ExitCode run_show(const Options& options) {
  // Reachable to the end: the process is about to leave, and freeing a large plan takes a tenth of all this.
  static auto* const kept = new Result<SavedPlan>(read_plan(options.plan_file));
  Result<SavedPlan>& saved = *kept;
  if (!saved) return report(saved.error(), SourceMap(), options);
  PlanFacts facts{saved->id, {}, 0, options.plan_file, "carbon apply " + options.plan_file};
  print_plan(saved->plan, facts, options);
  return ExitCode::success;
}

}  // namespace carbon
