#include "dsl/format/sequence.h"

#include <algorithm>
#include <utility>

namespace carbon::layout {

std::size_t line_ends(const SyntaxTree& tree, std::uint32_t from, std::uint32_t to) {
  std::string_view gap = tree.text({from, to});
  return static_cast<std::size_t>(std::count(gap.begin(), gap.end(), '\n'));
}

Sequence sequence_of(NodeRef node) {
  Sequence out;
  Entry next;
  std::uint32_t at = node.span().begin;
  bool behind_opener = !node.is(NodeKind::file);
  for (NodeRef child : node.children_with_trivia()) {
    std::size_t lines = line_ends(node.tree(), at, child.span().begin);
    at = child.span().end;
    if (category(child.kind()) != NodeCategory::trivia) {
      next.node = child;
      next.blank_before = lines > 1;
      out.entries.push_back(std::exchange(next, {}));
    } else if (lines != 0 || (out.entries.empty() && !behind_opener)) {
      next.above.push_back({child, lines > 1});
    } else if (out.entries.empty()) {
      out.comment = child;
    } else {
      out.entries.back().comment = child;
    }
    behind_opener = false;
  }
  out.below = std::move(next.above);
  return out;
}

std::vector<NodeRef> comments_between(NodeRef node, NodeRef behind, NodeRef before) {
  std::vector<NodeRef> out;
  for (NodeRef child : node.children_with_trivia()) {
    bool inside = (!behind || child.index() > behind.index()) && (!before || child.index() < before.index());
    if (inside && category(child.kind()) == NodeCategory::trivia) out.push_back(child);
  }
  return out;
}

NodeRef last_child(NodeRef node) {
  NodeRef last;
  for (NodeRef child : node.children()) last = child;
  return last;
}

}  // namespace carbon::layout
