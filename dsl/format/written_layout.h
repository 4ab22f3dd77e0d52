#pragma once

#include <cstdint>
#include <vector>

#include "dsl/syntax/node_ref.h"

namespace carbon::layout {

/// What of the layout as written stays: where its author has broken lines. One pass over the tree; whatever
/// it says of a node, it says again of that node in the formatted text.
class WrittenLayout {
 public:
  explicit WrittenLayout(const SyntaxTree& tree);

  /// A line end or comment stands between the node's own children or brackets, so each goes on its own line.
  [[nodiscard]] bool is_broken(NodeRef node) const { return facts_[node.index()].broken; }
  /// The node or something in it is broken or holds multi-line text: it cannot stand on one line.
  [[nodiscard]] bool is_multiline(NodeRef node) const { return facts_[node.index()].multiline; }
  /// Not even inside `${…}`, where line ends are given up but comments and multi-line text cannot be.
  [[nodiscard]] bool needs_lines(NodeRef node) const { return facts_[node.index()].needs_lines; }
  /// Kind of the node around this one.
  [[nodiscard]] NodeKind parent(NodeRef node) const { return facts_[node.index()].parent; }

 private:
  struct Facts {
    bool broken = false;
    bool multiline = false;
    bool needs_lines = false;
    NodeKind parent = NodeKind::file;
  };

  void read(NodeRef node);

  std::vector<Facts> facts_;
};

}  // namespace carbon::layout
