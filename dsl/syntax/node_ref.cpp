#include "dsl/syntax/node_ref.h"

namespace carbon {

NodeRef SyntaxTree::root() const { return {*this, 0}; }

std::string_view SyntaxTree::text(SourceSpan span) const {
  const SourceMap::File& file = sources_->file(file_);
  return std::string_view(file.text).substr(span.begin - file.base, span.size());
}

using Filter = ChildRange::Filter;

ChildRange NodeRef::children() const { return {*this, {Filter::By::meaning, {}, {}}}; }
ChildRange NodeRef::children(NodeKind kind) const { return {*this, {Filter::By::kind, kind, {}}}; }
ChildRange NodeRef::children(NodeCategory category) const {
  return {*this, {Filter::By::category, {}, category}};
}
ChildRange NodeRef::children_with_trivia() const { return {*this, {Filter::By::nothing, {}, {}}}; }

NodeRef NodeRef::child(NodeKind kind) const { return children(kind).at(0); }
NodeRef NodeRef::child(NodeCategory category) const { return children(category).at(0); }

std::string_view NodeRef::word() const {
  NodeRef found = child(NodeKind::word);
  return found ? found.text() : std::string_view();
}

SourceSpan NodeRef::word_span() const {
  NodeRef found = child(NodeKind::word);
  return found ? found.span() : SourceSpan();
}

bool Filter::passes(NodeKind candidate) const {
  switch (by) {
    case By::kind: return candidate == kind;
    case By::category: return carbon::category(candidate) == category;
    case By::meaning: return carbon::category(candidate) != NodeCategory::trivia;
    case By::nothing: return true;
  }
  return false;
}

ChildRange::Iterator::Iterator(const SyntaxTree* tree, std::uint32_t index, std::uint32_t end, Filter filter)
    : tree_(tree), index_(index), end_(end), filter_(filter) {
  settle();
}

ChildRange::Iterator& ChildRange::Iterator::operator++() {
  index_ += tree_->nodes()[index_].size;
  settle();
  return *this;
}

ChildRange::Iterator ChildRange::Iterator::operator++(int) {
  Iterator before = *this;
  ++*this;
  return before;
}

void ChildRange::Iterator::settle() {
  while (index_ != end_ && !filter_.passes(tree_->nodes()[index_].kind)) {
    index_ += tree_->nodes()[index_].size;
  }
}

ChildRange::ChildRange(NodeRef parent, Filter filter) : filter_(filter) {
  if (!parent) return;
  tree_ = &parent.tree();
  first_ = parent.index() + 1;
  end_ = parent.index() + tree_->nodes()[parent.index()].size;
}

NodeRef ChildRange::at(std::size_t n) const {
  for (NodeRef node : *this) {
    if (n-- == 0) return node;
  }
  return {};
}

std::size_t ChildRange::count() const { return static_cast<std::size_t>(std::distance(begin(), end())); }

}  // namespace carbon
