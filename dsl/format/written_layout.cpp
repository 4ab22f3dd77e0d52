#include "dsl/format/written_layout.h"

#include <algorithm>
#include <array>

#include "dsl/format/sequence.h"

namespace carbon::layout {

namespace {

bool is_multiline_text(NodeKind kind) {
  return kind == NodeKind::multiline || kind == NodeKind::raw_multiline;
}

/// Nodes in which line ends do not stay, or are text.
bool ignores_line_ends(NodeKind kind) {
  static constexpr std::array kinds = {NodeKind::file,   NodeKind::index,     NodeKind::interpolation,
                                       NodeKind::string, NodeKind::multiline, NodeKind::raw_multiline};
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool has_line_end_between_children(NodeRef node) {
  if (ignores_line_ends(node.kind())) return false;
  const SyntaxTree& tree = node.tree();
  std::uint32_t at = node.span().begin;
  bool found = false;
  for (NodeRef child : node.children_with_trivia()) {
    found = found || line_ends(tree, at, child.span().begin) != 0;
    at = child.span().end;
  }
  bool is_empty = at == node.span().begin;
  return !is_empty && (found || line_ends(tree, at, node.span().end) != 0);
}

/// Declarations have no separator but the line end.
bool has_several_declarations(NodeRef node) {
  return node.is(NodeKind::component_body) && node.children().count() > 1;
}

}  // namespace

WrittenLayout::WrittenLayout(const SyntaxTree& tree) : facts_(tree.nodes().size()) {
  // Children stand behind their parent, so that from the end each is read before it.
  for (auto i = static_cast<std::uint32_t>(facts_.size()); i-- > 0;) read({tree, i});
}

void WrittenLayout::read(NodeRef node) {
  Facts& facts = facts_[node.index()];
  facts.needs_lines = is_multiline_text(node.kind());
  for (NodeRef child : node.children_with_trivia()) {
    Facts& inner = facts_[child.index()];
    inner.parent = node.kind();
    bool is_comment = category(child.kind()) == NodeCategory::trivia;
    facts.broken = facts.broken || is_comment;
    facts.needs_lines = facts.needs_lines || is_comment || inner.needs_lines;
    facts.multiline = facts.multiline || inner.multiline;
  }
  facts.broken = facts.broken || has_line_end_between_children(node) || has_several_declarations(node);
  facts.multiline = facts.multiline || facts.broken || facts.needs_lines;
  if (node.is(NodeKind::interpolation)) facts.multiline = facts.needs_lines;
}

}  // namespace carbon::layout
