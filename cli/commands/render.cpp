#include <fmt/core.h>

#include <algorithm>

#include "base/spelling.h"
#include "cli/commands/running.h"
#include "cli/views/render_view.h"

namespace carbon {

namespace {

/// `web` is itself, `orders` all of the component or collection, `k8s.Secret` a type, `k8s` a package of
/// them.
bool names(std::string_view word, const Resource& resource) {
  auto within = [&](std::string_view text, std::string_view separators) {
    return text.starts_with(word) &&
           (text.size() == word.size() || separators.find(text[word.size()]) != std::string_view::npos);
  };
  return within(resource.address, ".[") || within(resource.type->name, ".");
}

/// In order of dependencies: an object stands behind what it needs.
Result<std::vector<std::uint32_t>> selected(const ResourceGraph& graph,
                                            const std::vector<std::string>& words) {
  std::vector<std::uint32_t> found;
  std::vector<bool> used(words.size(), false);
  for (std::uint32_t index : graph.order()) {
    const Resource& resource = graph.resource(index);
    if (resource.mode != ResourceMode::managed) continue;  // it is read, and never sent
    bool wanted = words.empty();
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!names(words[i], resource)) continue;
      wanted = used[i] = true;
    }
    if (wanted) found.push_back(index);
  }
  auto unused = std::find(used.begin(), used.end(), false);
  if (unused == used.end()) return found;
  const std::string& word = words[static_cast<std::size_t>(unused - used.begin())];
  std::vector<std::string_view> near;
  for (const Resource& resource : graph.resources()) near.push_back(resource.address);
  Error error(DiagnosticCode::unknown_address, fmt::format("no resource has the address or type `{}`", word));
  std::string_view best = nearest(word, near);
  return fail(best.empty() ? std::move(error).help("`carbon graph` shows what is declared")
                           : std::move(error).help(fmt::format("did you mean `{}`?", best)));
}

}  // namespace

ExitCode run_render(const Options& options) {
  auto compiled = compile_platform(options);
  print_diagnostics(compiled->diagnostics, compiled->loaded.sources, options.color);
  if (!compiled->ok() || !compiled->expansion) return ExitCode::error;
  const ResourceGraph& graph = compiled->expansion->graph;
  auto wanted = selected(graph, options.addresses);
  if (!wanted) return report(wanted.error(), compiled->loaded.sources, options);
  bool json = options.format == OutputFormat::json;
  fmt::print("{}", json ? render_json(graph, *wanted) : render_yaml(graph, *wanted));
  return ExitCode::success;
}

}  // namespace carbon
