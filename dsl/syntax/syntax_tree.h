#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/source.h"
#include "dsl/syntax/node_kind.h"

namespace carbon {

/// One production with its place. Nodes stand in preorder in one vector: the children of node i start at i +
/// 1, and the next sibling of a child c is c + nodes[c].size. Sixteen bytes, no pointers.
struct SyntaxNode {
  std::uint32_t begin = 0;  ///< SourceMap offset, as in SourceSpan
  std::uint32_t end = 0;
  std::uint32_t size = 1;  ///< nodes of this subtree, itself included
  NodeKind kind = NodeKind::file;
};
static_assert(sizeof(SyntaxNode) == 16);

class NodeRef;  // dsl/syntax/node_ref.h

/// The lossless tree of one file: every byte is in a leaf, a comment, skipped text, or is a keyword,
/// punctuation or blank between two nodes. Refers to the SourceMap, which must stay where it is. Immutable
/// once parsed; readers may be on any thread.
class SyntaxTree {
 public:
  SyntaxTree(const SourceMap& sources, std::uint32_t file, std::vector<SyntaxNode> nodes)
      : sources_(&sources), file_(file), nodes_(std::move(nodes)) {}

  [[nodiscard]] const SourceMap& sources() const { return *sources_; }
  [[nodiscard]] std::uint32_t file() const { return file_; }
  [[nodiscard]] const std::vector<SyntaxNode>& nodes() const { return nodes_; }
  /// The `file` node.
  [[nodiscard]] NodeRef root() const;
  [[nodiscard]] std::string_view text(SourceSpan span) const;

 private:
  const SourceMap* sources_;
  std::uint32_t file_;
  std::vector<SyntaxNode> nodes_;
};

}  // namespace carbon
