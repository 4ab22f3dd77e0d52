#include <fmt/core.h>

#include <map>
#include <optional>

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

/// The changes of a plan that is made now, with what there is to say of it on stderr; nothing when it must
/// not be shown, and then `code` says how to leave.
std::optional<GraphNodes> changes_of(const Options& options, std::unique_ptr<Compiled> compiled,
                                     const FileOfName& file_of, ExitCode& code) {
  auto opened =
      Pipeline::open(options, std::move(compiled), Store::Access::read, world_opener(options.cluster));
  if (!opened) {
    code = report(opened.error(), SourceMap(), options);
    return std::nullopt;
  }
  Pipeline& pipeline = **opened;
  pipeline.make_plan(false);
  print_diagnostics(pipeline.diagnostics(), pipeline.sources(), options.color);
  if (pipeline.diagnostics().has_errors()) code = exit_code_for(pipeline.diagnostics());
  if (pipeline.diagnostics().has_errors()) return std::nullopt;
  return nodes_of(pipeline.plan(), pipeline.expansion().graph, file_of);
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
  FileOfName file_of = [files = files_by_name(*compiled)](std::string_view name) {
    auto found = files.find(name);
    return found == files.end() ? std::string() : found->second;
  };
  ExitCode code = ExitCode::success;
  std::optional<GraphNodes> nodes;
  if (options.changes || options.stages) {
    nodes = changes_of(options, std::move(compiled), file_of, code);
    if (!nodes) return code;
  } else {
    nodes = nodes_of(compiled->expansion->graph, file_of);
  }
  GraphScope scope;
  scope.level = options.graph_level;
  scope.around = options.address;
  scope.stages = options.stages;
  Result<std::string> drawn = graph_view(*nodes, options.graph_format, scope, options.width);
  if (!drawn) return report(drawn.error(), SourceMap(), options);
  fmt::print("{}", *drawn);
  return ExitCode::success;
}

}  // namespace carbon
