#include "tests/support/lossless.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <vector>

namespace carbon::testing {

namespace {

constexpr std::array<std::string_view, 27> keywords = {
    "platform", "import", "let",      "input",  "output",    "check",       "fn",   "type",  "resource",
    "lookup",   "use",    "provider", "policy", "component", "environment", "test", "moved", "removed",
    "as",       "via",    "for",      "in",     "by",        "if",          "then", "else",  "when"};

bool is_leaf(NodeKind kind) {
  static constexpr std::array leaves = {
      NodeKind::word,   NodeKind::schema_keyword, NodeKind::via_name,      NodeKind::prefix_operator,
      NodeKind::name,   NodeKind::boolean,        NodeKind::null_value,    NodeKind::binary_operator,
      NodeKind::number, NodeKind::raw_string,     NodeKind::raw_multiline, NodeKind::string_text,
      NodeKind::escape, NodeKind::language_tag,   NodeKind::comment,       NodeKind::doc_comment,
      NodeKind::skipped};
  return std::find(leaves.begin(), leaves.end(), kind) != leaves.end();
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// What in the gap is no blank, punctuation or keyword.
std::string_view foreign_word(std::string_view gap) {
  while (!gap.empty()) {
    auto end = std::find_if_not(gap.begin(), gap.end(), is_letter);
    auto size = static_cast<std::size_t>(end - gap.begin());
    if (size == 0) {
      if (std::string_view(" \t\r\n{}[]()<>=:,|?.->*\"$").find(gap[0]) == std::string_view::npos) {
        return gap.substr(0, 1);
      }
      gap.remove_prefix(1);
      continue;
    }
    std::string_view word = gap.substr(0, size);
    if (std::find(keywords.begin(), keywords.end(), word) == keywords.end()) return word;
    gap.remove_prefix(size);
  }
  return {};
}

std::string nesting_fault(const SyntaxTree& tree) {
  const std::vector<SyntaxNode>& nodes = tree.nodes();
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const SyntaxNode& parent = nodes[i];
    if (parent.end < parent.begin) return fmt::format("node {} ends before it begins", i);
    if (parent.size == 0 || i + parent.size > nodes.size()) return fmt::format("node {} has a wrong size", i);
    std::uint32_t at = parent.begin;
    std::uint32_t child = i + 1;
    for (; child < i + parent.size; child += nodes[child].size) {
      if (nodes[child].begin < at) return fmt::format("node {} stands before its elder", child);
      at = nodes[child].end;
      if (nodes[child].size == 0) return fmt::format("node {} has no size", child);
    }
    if (child != i + parent.size) return fmt::format("the children of node {} do not fill it", i);
    if (at > parent.end) return fmt::format("node {} ends before its children", i);
  }
  return {};
}

}  // namespace

std::string lossless_fault(const SyntaxTree& tree) {
  const SourceMap::File& file = tree.sources().file(tree.file());
  const std::vector<SyntaxNode>& nodes = tree.nodes();
  if (nodes.empty() || nodes[0].size != nodes.size()) return "there is no root around all nodes";
  if (nodes[0].begin != file.base || nodes[0].end != file.base + file.text.size()) {
    return "the root does not cover the file";
  }
  if (std::string fault = nesting_fault(tree); !fault.empty()) return fault;
  std::string rebuilt;
  std::uint32_t at = file.base;
  auto take_gap = [&](std::uint32_t to) {
    std::string_view gap = tree.text({at, to});
    rebuilt += gap;
    at = to;
    return foreign_word(gap);
  };
  for (const SyntaxNode& node : nodes) {
    if (!is_leaf(node.kind)) continue;
    if (node.size != 1) return fmt::format("a {} has children", to_string(node.kind));
    if (std::string_view word = take_gap(node.begin); !word.empty()) {
      return fmt::format("`{}` is in no leaf", word);
    }
    rebuilt += tree.text({node.begin, node.end});
    at = node.end;
  }
  if (std::string_view word = take_gap(nodes[0].end); !word.empty()) {
    return fmt::format("`{}` is in no leaf", word);
  }
  return rebuilt == file.text ? std::string() : "leaves and gaps do not add up to the file";
}

}  // namespace carbon::testing
