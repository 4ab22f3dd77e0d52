#include "cli/language_workspace.h"

#include <algorithm>
#include <filesystem>

#include "cli/source_file.h"
#include "cli/version.h"
#include "cli/views/value_source.h"
#include "dsl/expand/evaluate_let.h"
#include "dsl/syntax/node_ref.h"
#include "stdlib/packages.h"

namespace carbon {

namespace fs = std::filesystem;

namespace {

/// Texts that were replaced stay in the SourceMap of older analyses; beyond this a package is read anew.
constexpr std::size_t most_source_bytes = 64u * 1024 * 1024;

/// What the pointers of an analysis lead to.
struct Owned {
  std::shared_ptr<LoadedPlatform> loaded;
  Language language;
};

std::size_t bytes_of(const SourceMap& sources) {
  return sources.files().empty() ? 0 : sources.files().back().base + sources.files().back().text.size();
}

/// The innermost declaration that holds the offset, or nowhere.
SourceSpan declaration_at(const SyntaxTree& tree, std::uint32_t offset) {
  SourceSpan found;
  for (const SyntaxNode& node : tree.nodes()) {
    bool holds =
        node.begin <= offset && offset <= node.end && category(node.kind) == NodeCategory::declaration;
    if (holds) found = {node.begin, node.end};
  }
  return found;
}

bool declares_platform(const lsp::Analysis& analysis) {
  return analysis.program && analysis.program->platform;
}

}  // namespace

std::string LanguageWorkspace::canonical(const std::string& path) const {
  std::error_code error;
  fs::path real = fs::weakly_canonical(path, error);
  if (error) return path;
  return real.has_filename() ? real.string() : real.parent_path().string();
}

std::string LanguageWorkspace::root_of(const std::string& path, const std::vector<std::string>& folders,
                                       const lsp::OpenTexts& open) {
  fs::path own = fs::path(path).parent_path();
  std::vector<fs::path> above;
  for (const std::string& folder : folders) {
    if (!is_beneath(folder, own)) continue;
    for (fs::path each = own; each != fs::path(folder); each = each.parent_path())
      above.push_back(each.parent_path());
    break;
  }
  above.insert(above.begin(), own);
  for (const fs::path& each : above) {
    std::unique_ptr<lsp::Analysis> analysis = analyse(each.string(), open);
    if (declares_platform(*analysis) && analysis->tree_at(path) != nullptr) return each.string();
  }
  return own.string();
}

std::unique_ptr<lsp::Analysis> LanguageWorkspace::analyse(const std::string& root,
                                                          const lsp::OpenTexts& open) {
  return check(root, open, nullptr);
}

std::unique_ptr<lsp::Analysis> LanguageWorkspace::look_at(const std::string& root, const lsp::OpenTexts& open,
                                                          const std::string& path, std::size_t offset) {
  Cursor cursor{path, offset};
  return check(root, open, &cursor);
}

std::unique_ptr<lsp::Analysis> LanguageWorkspace::check(const std::string& root, const lsp::OpenTexts& open,
                                                        const Cursor* cursor) {
  std::shared_ptr<LoadedPlatform>& loaded = loaded_[root];
  if (loaded == nullptr || bytes_of(loaded->sources) > most_source_bytes)
    loaded = std::make_shared<LoadedPlatform>();
  auto made = std::make_unique<lsp::Analysis>();
  made->root = root;
  auto owned = std::make_shared<Owned>();
  owned->loaded = loaded;
  load(root, *loaded, made->diagnostics, open);
  made->sources = &loaded->sources;
  made->packages = loaded->packages;
  made->types = &owned->language.types;
  made->functions = &owned->language.functions;
  made->standard_packages = standard_packages();
  made->owner = owned;
  CheckInput input{loaded->sources,           made->packages, loaded->data, owned->language.types,
                   owned->language.functions, &made->index};
  input.tool_version = tool_version;
  if (cursor != nullptr) {
    const SyntaxTree* tree = made->tree_at(cursor->path);
    if (tree == nullptr) return made;
    auto offset = loaded->sources.file(tree->file()).base + static_cast<std::uint32_t>(cursor->offset);
    made->index.watch(offset);
    input.focus = declaration_at(*tree, offset);
    if (!input.focus.known()) input.focus = {offset, offset};
  }
  made->program = carbon::check(input, made->diagnostics);
  return made;
}

void LanguageWorkspace::evaluate(lsp::Analysis& analysis, const std::string& environment) {
  if (!analysis.program || !analysis.environment.empty()) return;
  const std::vector<Environment>& all = analysis.program->environments;
  auto named = [&](const Environment& each) { return each.name == environment; };
  bool known = std::any_of(all.begin(), all.end(), named);
  analysis.environment = known ? environment : all.empty() ? "default" : all.front().name;
  if (analysis.diagnostics.has_errors()) return;
  Options options;
  if (!all.empty()) options.environment = analysis.environment;
  ExpandOptions expanding = expand_options(options);
  expanding.sources = analysis.sources;
  Expansion made = expand(*analysis.program, expanding, analysis.diagnostics);
  if (!analysis.diagnostics.has_errors()) analysis.expansion = std::move(made);
}

std::optional<Value> LanguageWorkspace::value_of(const lsp::Analysis& analysis, const std::string& name) {
  if (!analysis.program || analysis.diagnostics.has_errors()) return std::nullopt;
  Options options;
  if (!analysis.program->environments.empty()) options.environment = analysis.environment;
  DiagnosticSink silent;
  std::optional<Value> value = evaluate_let(*analysis.program, name, expand_options(options), silent);
  return silent.has_errors() ? std::nullopt : value;
}

std::string LanguageWorkspace::text_of(const Value& value) const { return value_source(value); }

}  // namespace carbon
