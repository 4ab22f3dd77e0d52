#include <fmt/core.h>
#include <filesystem>

#include "cli/commands/running.h"
#include "cli/fix.h"
#include "cli/import_lock.h"
#include "cli/policies.h"
#include "cli/source_file.h"
#include "cli/views/diagnostics_view.h"
#include "cli/views/unified_diff.h"

namespace carbon {

namespace {

void print_summary(const Compiled& compiled) {
  std::size_t resources = compiled.expansion ? compiled.expansion->graph.resources().size() : 0;
  PolicySummary policies;
  if (compiled.expansion) add_findings(compiled.expansion->report, policies);
  std::string judged = policies_text(policies);
  fmt::print("{} files, {} resources: no errors{}{}\n", compiled.loaded.sources.files().size(), resources,
             judged.empty() ? "" : "; ", judged);
}

ExitCode print_check(const Compiled& compiled, const std::vector<FixNote>& fixes, const Options& options) {
  if (options.sarif) {
    fmt::print("{}", diagnostics_sarif(compiled.diagnostics, compiled.loaded.sources, compiled.loaded.root));
  } else if (options.format == OutputFormat::text) {
    print_diagnostics(compiled.diagnostics, compiled.loaded.sources, options.color);
    if (compiled.ok()) print_summary(compiled);
  } else {
    fmt::print("{}", diagnostics_json(compiled.diagnostics, compiled.loaded.sources, fixes));
  }
  return compiled.ok() ? ExitCode::success : exit_code_for(compiled.diagnostics);
}

void print_fixes(const FixedPlatform& fixed) {
  for (const FixNote& each : fixed.fixes) {
    fmt::print("{}:{}:{}: {} fixed: {}\n", visible(each.path), each.line, each.column, to_string(each.code),
               visible(each.change));
  }
  if (!fixed.fixes.empty()) fmt::print("{} fixes in {} files\n", fixed.fixes.size(), fixed.files.size());
}

/// What a fix would change is shown and not made: the files keep their errors, and the exit code says so.
ExitCode show_fixes(const FixedPlatform& fixed, const Options& options) {
  for (const FixedFile& file : fixed.files)
    fmt::print("{}", visible(unified_diff(file.path, file.before, file.after)));
  print_diagnostics(fixed.compiled->diagnostics, fixed.compiled->loaded.sources, options.color);
  if (!fixed.compiled->ok()) return exit_code_for(fixed.compiled->diagnostics);
  return fixed.files.empty() ? ExitCode::success : ExitCode::error;
}

ExitCode check_once(const Options& options) {
  std::unique_ptr<Compiled> compiled = compile_platform(options);
  if (options.compare_lock) check_import_lock(compiled->loaded, compiled->diagnostics);
  if (options.write_lock && compiled->ok()) {
    std::filesystem::path file = std::filesystem::path(compiled->loaded.root) / import_lock_file;
    Result<std::string> text = import_lock(compiled->loaded);
    Status written = text ? replace_source(file, *text, WhenMissing::make) : Status(fail(text.error()));
    if (!written) return report(written.error(), compiled->loaded.sources, options);
  }
  return print_check(*compiled, {}, options);
}

}  // namespace

ExitCode run_check(const Options& options) {
  if (!options.fix) return check_once(options);
  FixedPlatform fixed = fix_platform(options);
  if (options.show_diff) return show_fixes(fixed, options);
  if (Status written = write_fixed(fixed); !written)
    return report(written.error(), fixed.compiled->loaded.sources, options);
  if (options.format == OutputFormat::text && !options.sarif) print_fixes(fixed);
  return print_check(*fixed.compiled, fixed.fixes, options);
}

}  // namespace carbon
