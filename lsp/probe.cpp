#include "lsp/probe.h"

#include <algorithm>
#include <array>

#include "dsl/parse/parse.h"
#include "dsl/parse/scan.h"
#include "dsl/syntax/node_ref.h"

namespace carbon::lsp {

namespace {

/// What closes everything that is open at the end of the text: brackets, strings and interpolations.
std::string closers(std::string_view text) {
  std::string open;
  auto in_string = [&open] { return !open.empty() && open.back() == '"'; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (in_string()) {
      if (c == '\\') {
        ++i;
      } else if (c == '"' || c == '\n') {
        open.pop_back();
      } else if (c == '$' && i + 1 < text.size() && text[i + 1] == '{') {
        open += '}';
        ++i;
      }
      continue;
    }
    if (c == '#') i = std::min(text.find('\n', i), text.size());
    if (c == '\'') i = std::min(text.find('\'', i + 1), text.size());
    if (c == '"') open += '"';
    if (c == '(') open += ')';
    if (c == '[') open += ']';
    if (c == '{') open += '}';
    bool closes = c == ')' || c == ']' || c == '}';
    if (closes && !open.empty() && open.back() == c) open.pop_back();
  }
  std::reverse(open.begin(), open.end());
  return open;
}

/// Declarations whose head alone does not parse.
bool needs_body(std::string_view declaration) {
  constexpr auto keywords = std::to_array<std::string_view>(
      {"resource", "lookup", "use", "provider", "policy", "component", "platform"});
  return std::any_of(keywords.begin(), keywords.end(), [&](std::string_view each) {
    return declaration.starts_with(each) && declaration.find('{') == std::string_view::npos;
  });
}

struct Parsed {
  explicit Parsed(const std::string& text) : tree(parse(sources, sources.add("probe", text), faults)) {}
  SourceMap sources;
  DiagnosticSink faults;
  SyntaxTree tree;

  /// The skipped text that holds the offset.
  [[nodiscard]] SourceSpan skipped_at(std::size_t offset) const {
    for (const SyntaxNode& node : tree.nodes()) {
      std::size_t begin = node.begin - 1;
      std::size_t end = node.end - 1;
      if (node.kind == NodeKind::skipped && begin <= offset && offset <= end) return {node.begin, node.end};
    }
    return {};
  }
};

}  // namespace

Probe probe_at(std::string_view text, std::size_t cursor) {
  Probe made;
  made.word_begin = made.word_end = std::min(cursor, text.size());
  while (made.word_begin > 0 && scan::continues_word(text[made.word_begin - 1])) --made.word_begin;
  while (made.word_end < text.size() && scan::continues_word(text[made.word_end])) ++made.word_end;
  std::string_view word = text.substr(made.word_begin, made.word_end - made.word_begin);
  if (word.empty()) word = placeholder;
  std::string before(text.substr(0, made.word_begin));
  before += word;
  made.offset = before.size();
  made.text = before + std::string(text.substr(made.word_end));
  SourceSpan skipped = Parsed(made.text).skipped_at(made.offset);
  if (!skipped.known()) return made;
  std::string_view unread = std::string_view(before).substr(skipped.begin - 1);
  std::string end = closers(unread);
  if (needs_body(unread)) end += " {}";
  made.text = before + end + made.text.substr(skipped.end - 1);
  return made;
}

}  // namespace carbon::lsp
