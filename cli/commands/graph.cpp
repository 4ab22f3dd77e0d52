#include <fmt/core.h>

#include "cli/commands/running.h"

namespace carbon {

namespace {

/// The file in which each name of the root package is declared.
std::map<std::string, std::string, std::less<>> files_by_name(const Compiled& compiled) {
  std::map<std::string, std::string, std::less<>> files;
  for (const Declaration& declared : compiled.program->packages.front().scope.declarations)
    files.emplace(declared.name, compiled.loaded.sources.locate(declared.span.begin).path);
  return files;
}

}  // namespace

ExitCode run_graph(const Options& options) {
  auto compiled = check_platform(options);
  if (compiled->ok()) {
    ExpandOptions expanding = expand_options(options);
    expanding.sources = &compiled->loaded.sources;
    expanding.judge = false;
    compiled->expansion = expand(*compiled->program, expanding, compiled->diagnostics);
  }
  print_diagnostics(compiled->diagnostics, compiled->loaded.sources, options.color);
  if (!compiled->ok() || !compiled->expansion) return ExitCode::error;
  GraphScope scope;
  scope.level = options.graph_level;
  scope.around = options.address;
  scope.file_of = [files = files_by_name(*compiled)](std::string_view name) {
    auto found = files.find(name);
    return found == files.end() ? std::string() : found->second;
  };
  Result<std::string> drawn = graph_view(compiled->expansion->graph, options.graph_format, scope);
  if (!drawn) {
    return report(drawn.error(), compiled->loaded.sources, options);
  }
  fmt::print("{}", *drawn);
  return ExitCode::success;
}

}  // namespace carbon
