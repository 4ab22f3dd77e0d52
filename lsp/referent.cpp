#include "lsp/referent.h"

#include <algorithm>

#include "dsl/check/imports.h"
#include "dsl/parse/scan.h"

namespace carbon::lsp {

namespace {

/// The child that holds the offset or ends at it. Where two touch, a word counts behind its last letter.
NodeRef child_at(NodeRef parent, std::uint32_t offset) {
  NodeRef found;
  for (NodeRef child : parent.children_with_trivia()) {
    if (child.span().begin > offset) break;
    if (offset > child.span().end) continue;
    if (found && scan::continues_word(parent.tree().text({offset - 1, offset}).front())) break;
    found = child;
  }
  return found;
}

const SyntaxTree* tree_of(const Analysis& analysis, std::uint32_t offset) {
  const SourceMap::File* file = analysis.sources->find(offset);
  for (const auto& [path, trees] : analysis.packages) {
    for (const SyntaxTree* tree : trees) {
      if (file != nullptr && &analysis.sources->file(tree->file()) == file) return tree;
    }
  }
  return nullptr;
}

std::string_view text(const Analysis& analysis, SourceSpan span) { return analysis.sources->text(span); }

}  // namespace

std::vector<NodeRef> nodes_at(const SyntaxTree& tree, std::uint32_t offset) {
  std::vector<NodeRef> path{tree.root()};
  while (NodeRef child = child_at(path.back(), offset)) path.push_back(child);
  return path;
}

std::optional<Referent> referent_at(const Analysis& analysis, std::uint32_t offset) {
  if (const FieldUse* use = analysis.index.field_at(offset)) {
    std::string_view name = text(analysis, use->span);
    if (name.size() > 1 && (name.front() == '"' || name.front() == '\''))
      name = name.substr(1, name.size() - 2);
    if (const FieldType* field = use->owner->field(name))
      return Referent{use->span, analysis.index.declared(use->owner, name), field->type, field, use->owner};
  }
  if (const NameUse* use = analysis.index.name_at(offset))
    return Referent{use->span, use->target, use->type, nullptr, nullptr};
  SourceSpan declared = analysis.index.field_declared_at(offset);
  if (declared.known()) return Referent{declared, declared, nullptr, nullptr, nullptr};
  return std::nullopt;
}

std::vector<SourceSpan> places_of(const Analysis& analysis, SourceSpan target) {
  std::vector<SourceSpan> places = analysis.index.places_of(target);
  std::vector<SourceSpan> fields = analysis.index.field_places(target, *analysis.sources);
  places.insert(places.end(), fields.begin(), fields.end());
  places.push_back(target);
  auto before = [](const SourceSpan& a, const SourceSpan& b) { return a.begin < b.begin; };
  std::sort(places.begin(), places.end(), before);
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

NodeRef declaration_of(const Analysis& analysis, SourceSpan target) {
  const SyntaxTree* tree = target.known() ? tree_of(analysis, target.begin) : nullptr;
  if (tree == nullptr) return {};
  std::vector<NodeRef> path = nodes_at(*tree, target.begin);
  for (std::size_t i = path.size(); i-- > 1;) {
    bool declares = path[i].is(NodeKind::word) && path[i].span() == target;
    if (declares) return path[i - 1];
  }
  return {};
}

std::vector<std::string> imported_files(const Analysis& analysis, NodeRef import) {
  DiagnosticSink silent;
  std::vector<std::string> files;
  for (const Import& each : imports_of(import.tree(), silent)) {
    if (each.span != import.child(NodeCategory::expression).span()) continue;
    if (each.kind == ImportKind::data) files.push_back(analysis.root + "/" + each.path);
    auto package = analysis.packages.find(each.path);
    if (each.kind != ImportKind::package || package == analysis.packages.end()) continue;
    for (const SyntaxTree* tree : package->second)
      files.push_back(analysis.path_of(analysis.sources->file(tree->file())));
  }
  return files;
}

}  // namespace carbon::lsp
