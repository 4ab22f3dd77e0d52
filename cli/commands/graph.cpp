#include <fmt/core.h>

#include "cli/commands/running.h"

namespace carbon {

ExitCode run_graph(const Options& options) {
  auto compiled = compile_platform(options);
  print_diagnostics(compiled->diagnostics, compiled->loaded.sources, options.color);
  if (!compiled->ok() || !compiled->expansion) return ExitCode::error;
  Result<std::string> drawn = graph_view(compiled->expansion->graph, options.graph_format);
  if (!drawn) {
    return report(drawn.error(), compiled->loaded.sources, options);
  }
  fmt::print("{}", *drawn);
  return ExitCode::success;
}

}  // namespace carbon
