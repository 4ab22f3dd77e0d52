#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

#include "dsl/syntax/syntax_tree.h"

namespace carbon {

class ChildRange;

/// A cursor on one node of a SyntaxTree: two words, copied freely, valid as long as the tree. The empty
/// cursor means "there is none"; it converts to false, and asking it for children gives none.
///
///     if (NodeRef each = resource.child(NodeKind::each_clause)) …
///     for (NodeRef item : resource.child(NodeKind::body).children()) …
class NodeRef {
 public:
  NodeRef() = default;
  NodeRef(const SyntaxTree& tree, std::uint32_t index) : tree_(&tree), index_(index) {}

  explicit operator bool() const { return tree_ != nullptr; }
  [[nodiscard]] const SyntaxTree& tree() const { return *tree_; }
  [[nodiscard]] std::uint32_t index() const { return index_; }
  [[nodiscard]] NodeKind kind() const { return node().kind; }
  [[nodiscard]] bool is(NodeKind kind) const { return tree_ != nullptr && node().kind == kind; }
  [[nodiscard]] SourceSpan span() const { return {node().begin, node().end}; }
  [[nodiscard]] std::string_view text() const { return tree_->text(span()); }

  /// Children in order, without trivia.
  [[nodiscard]] ChildRange children() const;
  [[nodiscard]] ChildRange children(NodeKind kind) const;
  [[nodiscard]] ChildRange children(NodeCategory category) const;
  [[nodiscard]] ChildRange children_with_trivia() const;

  /// The first such child, or the empty cursor.
  [[nodiscard]] NodeRef child(NodeKind kind) const;
  [[nodiscard]] NodeRef child(NodeCategory category) const;
  /// The first type and the first expression among the children, or the empty cursor.
  [[nodiscard]] NodeRef type() const { return child(NodeCategory::type); }
  [[nodiscard]] NodeRef value() const { return child(NodeCategory::expression); }
  /// Text of the first `word` child: the name of a declaration, field, setting, member or argument; or empty.
  [[nodiscard]] std::string_view word() const;
  [[nodiscard]] SourceSpan word_span() const;

  friend bool operator==(const NodeRef&, const NodeRef&) = default;

 private:
  [[nodiscard]] const SyntaxNode& node() const { return tree_->nodes()[index_]; }

  const SyntaxTree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

/// The children of one node that pass a filter; a forward range of NodeRef.
class ChildRange {
 public:
  /// Which children to show: one kind, one category, all but trivia, or all.
  struct Filter {
    enum class By : std::uint8_t { kind, category, meaning, nothing };
    By by = By::meaning;
    NodeKind kind = NodeKind::file;
    NodeCategory category = NodeCategory::root;

    [[nodiscard]] bool passes(NodeKind candidate) const;
  };

  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = NodeRef;
    using difference_type = std::ptrdiff_t;
    using pointer = const NodeRef*;
    using reference = NodeRef;

    Iterator() = default;
    Iterator(const SyntaxTree* tree, std::uint32_t index, std::uint32_t end, Filter filter);

    NodeRef operator*() const { return {*tree_, index_}; }
    Iterator& operator++();
    Iterator operator++(int);
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    void settle();

    const SyntaxTree* tree_ = nullptr;
    std::uint32_t index_ = 0;
    std::uint32_t end_ = 0;
    Filter filter_;
  };

  ChildRange(NodeRef parent, Filter filter);

  [[nodiscard]] Iterator begin() const { return {tree_, first_, end_, filter_}; }
  [[nodiscard]] Iterator end() const { return {tree_, end_, end_, filter_}; }
  [[nodiscard]] bool empty() const { return begin() == end(); }
  /// The n-th child from 0, or the empty cursor. O(n).
  [[nodiscard]] NodeRef at(std::size_t n) const;
  [[nodiscard]] std::size_t count() const;

 private:
  const SyntaxTree* tree_ = nullptr;
  std::uint32_t first_ = 0;
  std::uint32_t end_ = 0;
  Filter filter_;
};

}  // namespace carbon
