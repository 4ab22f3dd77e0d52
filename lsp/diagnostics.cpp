#include "lsp/diagnostics.h"

#include <fmt/core.h>

#include <set>

#include "dsl/parse/scan.h"
#include "dsl/syntax/node_ref.h"
#include "lsp/json.h"

namespace carbon::lsp {

namespace {

constexpr std::size_t most_of_a_file = 200;

std::uint64_t severity(Severity severity) {
  switch (severity) {
    case Severity::error: return 1;
    case Severity::warning: return 2;
    case Severity::note: return 3;
  }
  return 1;
}

/// Message, then notes and helps, one a line: most editors show nothing else.
std::string text_of(const Diagnostic& diagnostic) {
  std::string text = diagnostic.message;
  if (!diagnostic.labels.empty() && !diagnostic.labels.front().text.empty())
    text += fmt::format(": {}", diagnostic.labels.front().text);
  for (const std::string& note : diagnostic.notes) text += fmt::format("\nnote: {}", note);
  for (const Help& help : diagnostic.helps) text += fmt::format("\nhelp: {}", help.text);
  if (diagnostic.helps.empty()) text += fmt::format("\nhelp: {}", remedy(diagnostic.code));
  return text;
}

/// The names that skipped text would declare: `resource main : …` that does not parse.
std::set<std::string_view> lost_names(const Analysis& analysis) {
  std::set<std::string_view> names;
  for (const auto& [path, trees] : analysis.packages) {
    for (const SyntaxTree* tree : trees) {
      for (const SyntaxNode& node : tree->nodes()) {
        if (node.kind != NodeKind::skipped) continue;
        std::string_view text = tree->text({node.begin, node.end});
        // Keyword and name: the second word.
        std::size_t keyword = scan::declaration_keyword(text.data(), text.data() + text.size());
        if (keyword == 0) continue;
        std::size_t name = text.find_first_not_of(" \t", keyword);
        if (name == std::string_view::npos) continue;
        std::size_t end = text.find_first_of(" \t\r\n:{=<(", name);
        names.insert(text.substr(name, end == std::string_view::npos ? end : end - name));
      }
    }
  }
  return names;
}

bool follows_from(const std::set<std::string_view>& lost, const Diagnostic& diagnostic,
                  const SourceMap& sources) {
  bool of_names = diagnostic.code == DiagnosticCode::unknown_name ||
                  diagnostic.code == DiagnosticCode::unknown_type ||
                  diagnostic.code == DiagnosticCode::unknown_function ||
                  diagnostic.code == DiagnosticCode::unknown_patch_target;
  return of_names && !diagnostic.labels.empty() &&
         lost.contains(sources.text(diagnostic.labels.front().span));
}

}  // namespace

Value to_value(const Diagnostic& diagnostic, const Analysis&, Locator& locator) {
  SourceSpan span = diagnostic.labels.empty() ? SourceSpan() : diagnostic.labels.front().span;
  std::vector<Value> related;
  for (std::size_t i = 1; i < diagnostic.labels.size(); ++i) {
    const Label& label = diagnostic.labels[i];
    std::optional<Value> location = locator.location(label.span);
    if (!location) continue;
    related.push_back(json::object(
        {json::field("location", std::move(*location)),
         json::field("message", json::text(label.text.empty() ? diagnostic.message : label.text))}));
  }
  return json::object({
      json::field("range", to_value(locator.range(span))),
      json::field("severity", json::number(severity(diagnostic.severity))),
      json::field("code", json::text(to_string(diagnostic.code))),
      json::field("source", json::text("carbon")),
      json::field("message", json::text(text_of(diagnostic))),
      json::field("relatedInformation", Value::list(std::move(related))),
  });
}

std::map<std::string, std::vector<Value>> published(const Analysis& analysis, Locator& locator) {
  std::map<std::string, std::vector<Value>> by_file;
  std::string first;
  for (const auto& [path, trees] : analysis.packages) {
    for (const SyntaxTree* tree : trees) {
      std::string uri = locator.uri(tree->root().span().known() ? tree->root().span() : SourceSpan{});
      if (uri.empty()) continue;
      if (first.empty()) first = uri;
      by_file[uri];
    }
  }
  std::set<std::string_view> lost = lost_names(analysis);
  DiagnosticSink sorted = analysis.diagnostics;
  sorted.sort();
  for (const Diagnostic& diagnostic : sorted.all()) {
    if (!lost.empty() && follows_from(lost, diagnostic, *analysis.sources)) continue;
    std::string uri = diagnostic.labels.empty() ? "" : locator.uri(diagnostic.labels.front().span);
    if (uri.empty()) uri = first;
    if (uri.empty()) continue;
    std::vector<Value>& here = by_file[uri];
    if (here.size() < most_of_a_file) here.push_back(to_value(diagnostic, analysis, locator));
  }
  return by_file;
}

}  // namespace carbon::lsp
