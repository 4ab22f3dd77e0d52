#pragma once

#include <vector>

#include "dsl/syntax/node_ref.h"

namespace carbon::layout {

/// A comment on a line of its own.
struct OwnLineComment {
  NodeRef comment;
  bool blank_before = false;  ///< a blank line stands above it
};

/// A declaration, item or element with the comments that belong to it.
struct Entry {
  std::vector<OwnLineComment> above;
  NodeRef node;
  bool blank_before = false;  ///< a blank line stands above the node itself, below its comments
  NodeRef comment;            ///< behind it, at the end of its line; or empty
};

/// What stands in a file or between two brackets, with every comment in its place.
struct Sequence {
  NodeRef comment;                     ///< behind the opening bracket; or empty
  std::vector<OwnLineComment> header;  ///< of a file: what stays at the top when imports below it move
  std::vector<Entry> entries;
  std::vector<OwnLineComment> below;  ///< behind the last entry

  [[nodiscard]] bool empty() const { return !comment && header.empty() && entries.empty() && below.empty(); }
};

/// Reads the children of a node whose children are entries. A comment on a line of its own belongs to the
/// next entry, one at the end of a line to the entry before it.
[[nodiscard]] Sequence sequence_of(NodeRef node);

/// The comments among a node's children behind one child, or from the start, and before another, or to the
/// end.
[[nodiscard]] std::vector<NodeRef> comments_between(NodeRef node, NodeRef behind, NodeRef before);
/// The last child that is no comment, or the empty cursor.
[[nodiscard]] NodeRef last_child(NodeRef node);

/// Line ends between two offsets of the tree's file.
[[nodiscard]] std::size_t line_ends(const SyntaxTree& tree, std::uint32_t from, std::uint32_t to);

}  // namespace carbon::layout
