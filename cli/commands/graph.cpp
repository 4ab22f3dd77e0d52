#include <fmt/core.h>

#include "cli/commands/commands.h"
#include "cli/compile.h"

namespace carbon {

ExitCode run_graph(const Options& options) {
  auto compiled = compile_platform(options);
  print_diagnostics(compiled->diagnostics, compiled->loaded.sources, options.color);
  if (!compiled->ok() || !compiled->expansion) return ExitCode::error;
  Result<std::string> drawn = graph_view(compiled->expansion->graph, options.graph_format);
  if (!drawn) {
    fmt::print(stderr, "{}", to_text(drawn.error().diagnostic(), compiled->loaded.sources, options.color));
    return ExitCode::error;
  }
  fmt::print("{}", *drawn);
  return ExitCode::success;
}

}  // namespace carbon
