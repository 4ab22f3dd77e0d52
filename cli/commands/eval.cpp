#include <fmt/core.h>

#include "base/value_json.h"
#include "cli/commands/commands.h"
#include "cli/compile.h"
#include "cli/views/value_source.h"
#include "dsl/expand/evaluate_let.h"

namespace carbon {

ExitCode run_eval(const Options& options) {
  std::string name;
  auto compiled = check_with_let(options, options.expression, name);
  std::optional<Value> value;
  if (compiled->ok()) {
    value = evaluate_let(*compiled->program, name, expand_options(options), compiled->diagnostics);
  }
  print_diagnostics(compiled->diagnostics, compiled->loaded.sources, options.color);
  if (!value || !compiled->ok()) return ExitCode::error;
  bool json = options.format == OutputFormat::json;
  fmt::print("{}\n", json ? to_json(*value, JsonStyle::indented) : value_source(*value));
  return ExitCode::success;
}

}  // namespace carbon
