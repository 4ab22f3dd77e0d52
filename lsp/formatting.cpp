#include "lsp/formatting.h"

#include <fmt/core.h>

#include <algorithm>

#include "dsl/format/fidelity.h"
#include "dsl/format/format.h"
#include "dsl/parse/parse.h"

namespace carbon::lsp {

namespace {

/// Length of the lines that both begin with.
std::size_t common_lines(std::string_view a, std::string_view b) {
  auto [end, rest] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  auto same = static_cast<std::size_t>(end - a.begin());
  if (same == a.size() && same == b.size()) return same;
  std::size_t line = a.substr(0, same).rfind('\n');
  return line == std::string_view::npos ? 0 : line + 1;
}

/// Length of the lines that both end with.
std::size_t common_last_lines(std::string_view a, std::string_view b) {
  auto [end, rest] = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend());
  auto same = static_cast<std::size_t>(end - a.rbegin());
  std::size_t line = a.substr(a.size() - same).find('\n');
  return line == std::string_view::npos ? 0 : same - line - 1;
}

TextChange change_between(std::string_view before, std::string_view after) {
  std::size_t first = common_lines(before, after);
  before.remove_prefix(first);
  after.remove_prefix(first);
  std::size_t last = common_last_lines(before, after);
  after.remove_suffix(last);
  return {first, first + before.size() - last, std::string(after)};
}

}  // namespace

std::variant<TextChange, std::string> format_change(std::string_view text) {
  SourceMap sources;
  DiagnosticSink faults;
  SyntaxTree tree = parse(sources, sources.add("text", std::string(text)), faults);
  if (faults.has_errors()) return "a text with syntax errors has no canonical style";
  std::string formatted = format(tree);
  // Somebody's platform is about to be edited: the formatter is not trusted, it is checked.
  SyntaxTree after = parse(sources, sources.add("text", formatted), faults);
  std::string fault = faults.has_errors() ? "the result does not parse" : format_fault(tree, after);
  if (!fault.empty())
    return fmt::format(
        "left as it is: the formatter would change more than the layout, which is a mistake in carbon: {}",
        fault);
  return change_between(text, formatted);
}

}  // namespace carbon::lsp
