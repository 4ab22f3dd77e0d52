#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dsl/parse/fault.h"
#include "dsl/parse/parse.h"
#include "dsl/parse/skip.h"
#include "dsl/syntax/syntax_tree.h"

namespace carbon {

/// Thrown when an item or declaration cannot go on; caught where the next one starts. The reason is already
/// in the builder, so it carries nothing.
struct GiveUpItem {};
/// Thrown when enough errors were found; caught by parse().
struct GiveUpFile {};

/// Collects the nodes and faults of one parse. Nodes are appended in preorder as rules succeed; whoever backs
/// out of a rule restores the state of before, so nothing of it stays.
class TreeBuilder {
 public:
  /// What a rule must restore when it fails or is abandoned.
  struct State {
    std::size_t nodes;
    std::size_t open;
    std::size_t depth;
  };

  /// `base` is the SourceMap offset of the text's first byte.
  TreeBuilder(std::string_view text, std::uint32_t base);

  [[nodiscard]] State state() const { return {nodes_.size(), open_.size(), depth_}; }
  void restore(State state) {
    // Not resize(): these never grow, and this is on the path of every failed attempt.
    nodes_.erase(nodes_.begin() + static_cast<std::ptrdiff_t>(state.nodes), nodes_.end());
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(state.open), open_.end());
    depth_ = state.depth;
  }

  void open(NodeKind kind, const char* at) {
    open_.push_back(static_cast<std::uint32_t>(nodes_.size()));
    std::uint32_t begin = place(at);
    nodes_.push_back({begin, begin, 1, kind});
  }
  void close(const char* at) {
    std::uint32_t index = open_.back();
    open_.pop_back();
    nodes_[index].end = place(at);
    nodes_[index].size = static_cast<std::uint32_t>(nodes_.size()) - index;
  }
  void leaf(NodeKind kind, const char* begin, const char* end) {
    nodes_.push_back({place(begin), place(end), 1, kind});
  }
  /// Puts a node around all that was appended since the state.
  void wrap(NodeKind kind, State since, const char* begin, const char* end);
  /// Whether more than one sibling was appended since the state.
  [[nodiscard]] bool has_siblings(State since) const {
    return nodes_.size() != since.nodes && since.nodes + nodes_[since.nodes].size != nodes_.size();
  }
  /// Changes the kind of the innermost open node, once the tokens behind its first word tell what it is.
  void retag(NodeKind kind) { nodes_[open_.back()].kind = kind; }
  /// Text of the last appended node.
  [[nodiscard]] std::string_view last_text() const;

  /// One level of nesting deeper, or a fault when there are too many.
  void enter(const char* at) {
    if (depth_ == max_nesting) raise(Expected::less_nesting, at);
    ++depth_;
  }
  void leave() { --depth_; }

  /// Records why the grammar cannot go on here, then throws.
  [[noreturn]] void raise(Expected expected, const char* at);
  [[noreturn]] void raise_at_last(Expected expected);
  /// Brackets that were skipped from here on are not in balance.
  void lost_balance(const char* at) { unbalanced_ = static_cast<std::uint32_t>(at - text_.data()); }
  [[nodiscard]] AwaitedClosers awaited() const;
  /// Where the last failure was, if it was at the file's end or before a declaration in column 0, else null.
  /// All that is open ends there, so whoever gives up need not look for an end of their own: without this,
  /// each of 256 levels would walk over the same text again.
  [[nodiscard]] const char* stopped_at() const { return stopped_at_; }

  [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }
  [[nodiscard]] std::string_view source() const { return text_; }
  /// Gives up on all behind the last complete declaration and makes it one skipped node.
  void abandon();
  [[nodiscard]] std::vector<SyntaxNode> take() { return std::move(nodes_); }

 private:
  [[nodiscard]] std::uint32_t place(const char* at) const {
    return base_ + static_cast<std::uint32_t>(at - text_.data());
  }
  [[nodiscard]] Fault explain(Expected expected, std::uint32_t offset) const;
  [[nodiscard]] bool stops(std::uint32_t offset) const;
  [[nodiscard]] bool is_repeated(const Fault& fault) const;
  [[nodiscard]] bool is_consequence(const Fault& fault) const;
  [[nodiscard]] bool line_opens(std::uint32_t offset) const;
  [[nodiscard]] bool separated(std::uint32_t from, std::uint32_t to) const;

  std::string_view text_;
  std::uint32_t base_;
  std::size_t depth_ = 0;
  std::vector<SyntaxNode> nodes_;
  std::vector<std::uint32_t> open_;  ///< indices of the nodes that are not closed yet, outermost first
  std::vector<Fault> faults_;
  const char* stopped_at_ = nullptr;
  std::uint32_t unbalanced_ = Fault::nowhere;  ///< where the last skipped text begins that is not in balance
};

}  // namespace carbon
