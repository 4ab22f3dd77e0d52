#include "lsp/rename.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "dsl/parse/scan.h"

namespace carbon::lsp {

namespace {

class Renaming {
 public:
  Renaming(const Analysis& analysis, const Referent& referent, const std::string& name)
      : analysis_(analysis),
        referent_(referent),
        name_(name),
        old_(analysis.sources->text(referent.target)),
        node_(declaration_of(analysis, referent.target)) {}

  std::vector<SpanEdit> run() {
    bool moves = node_.is(NodeKind::resource) || node_.is(NodeKind::use);
    if (moves) collect_moves();
    for (SourceSpan place : places_of(analysis_, referent_.target)) replace(place);
    if (moves) add_move();
    auto before = [](const SpanEdit& a, const SpanEdit& b) { return a.span.begin < b.span.begin; };
    std::stable_sort(edits_.begin(), edits_.end(), before);
    return std::move(edits_);
  }

 private:
  void replace(SourceSpan place) {
    // What `moved` says stays: older names lead on to the new one through the line that is added.
    if (std::any_of(moves_.begin(), moves_.end(),
                    [&](SourceSpan move) { return move.begin <= place.begin && place.end <= move.end; }))
      return;
    std::string_view text = analysis_.sources->text(place);
    if (text == old_) edits_.push_back({place, name_});
    bool quoted = text.size() == old_.size() + 2 && text.substr(1, old_.size()) == old_;
    if (quoted) edits_.push_back({{place.begin + 1, place.end - 1}, name_});
  }

  /// Siblings of the declaration that move something; one away from the new name is dropped, because the name
  /// is in use again.
  void collect_moves() {
    for (const auto& [path, trees] : analysis_.packages) {
      for (const SyntaxTree* tree : trees) collect_moves(tree->root());
    }
  }

  void collect_moves(NodeRef scope) {
    for (NodeRef each : scope.children(NodeCategory::declaration)) {
      if (NodeRef body = each.child(NodeKind::component_body)) collect_moves(body);
      if (!each.is(NodeKind::moved)) continue;
      moves_.push_back(each.span());
      auto ends = each.children(NodeCategory::expression);
      bool back = &each.tree() == &node_.tree() && ends.at(0).text() == name_ && ends.at(1).text() == old_;
      if (back) edits_.push_back({whole_line(each), ""});
    }
  }

  [[nodiscard]] const SourceMap::File& file() const { return analysis_.sources->file(node_.tree().file()); }

  [[nodiscard]] SourceSpan whole_line(NodeRef node) const {
    std::string_view text = file().text;
    std::uint32_t begin = node.span().begin - file().base;
    std::uint32_t end = node.span().end - file().base;
    while (begin > 0 && scan::is_blank(text[begin - 1])) --begin;
    if (end < text.size() && text[end] == '\n') ++end;
    return {file().base + begin, file().base + end};
  }

  void add_move() {
    std::string_view text = file().text;
    std::size_t begin = node_.span().begin - file().base;
    std::size_t line = text.substr(0, begin).rfind('\n');
    line = line == std::string_view::npos ? 0 : line + 1;
    std::string_view indent = text.substr(line, begin - line);
    std::size_t end = std::min(text.find('\n', node_.span().end - file().base), text.size());
    auto behind = file().base + static_cast<std::uint32_t>(end);
    edits_.push_back({{behind, behind}, fmt::format("\n{}moved {} -> {}", indent, old_, name_)});
  }

  const Analysis& analysis_;
  const Referent& referent_;
  const std::string& name_;
  std::string_view old_;
  NodeRef node_;
  std::vector<SourceSpan> moves_;
  std::vector<SpanEdit> edits_;
};

}  // namespace

std::string rename_problem(const Analysis& analysis, const Referent& referent) {
  if (!referent.target.known()) return "this name is built in";
  const SourceMap::File* file = analysis.sources->find(referent.target.begin);
  if (file == nullptr || analysis.path_of(*file).empty()) return "this name comes with carbon";
  NodeRef node = declaration_of(analysis, referent.target);
  if (node.is(NodeKind::environment)) return "what an environment owns is recorded under its name";
  bool import = node.is(NodeKind::import) || analysis.sources->text(referent.target).starts_with('"');
  return import ? "an import is renamed where it is written, with `as`" : "";
}

std::string name_problem(std::string_view name) {
  bool word = !name.empty() && scan::name(name.data(), name.data() + name.size()) == name.size();
  return word ? "" : fmt::format("`{}` is no name: letters, digits and `_`, and no reserved word", name);
}

std::string new_error(const Analysis& before, const Analysis& after) {
  auto errors = [](const Analysis& analysis) {
    std::vector<const Diagnostic*> all;
    for (const Diagnostic& each : analysis.diagnostics.all()) {
      // The checker's alone: evaluation may have been done before the edits and not after.
      bool check = each.severity == Severity::error && static_cast<unsigned>(each.code) < 400;
      if (check) all.push_back(&each);
    }
    return all;
  };
  std::vector<const Diagnostic*> now = errors(after);
  bool none = now.size() <= errors(before).size();
  return none ? "" : fmt::format("the name would not do: {}", now.back()->message);
}

namespace {

/// Where an offset of the text after the edits was before them; nothing inside an edit. Both from the file's
/// start.
std::optional<std::uint32_t> offset_before(std::uint32_t offset, const SourceMap::File& file,
                                           const std::vector<SpanEdit>& edits) {
  std::int64_t grown = 0;
  for (const SpanEdit& edit : edits) {
    if (edit.span.begin < file.base || edit.span.begin > file.base + file.text.size()) continue;
    std::int64_t begin = static_cast<std::int64_t>(edit.span.begin - file.base) + grown;
    auto size = static_cast<std::int64_t>(edit.replacement.size());
    if (offset <= begin) break;
    if (offset < begin + size) return std::nullopt;
    grown += size - static_cast<std::int64_t>(edit.span.size());
  }
  return static_cast<std::uint32_t>(static_cast<std::int64_t>(offset) - grown);
}

}  // namespace

std::vector<SpanEdit> kept_names(const Analysis& before, const Analysis& after,
                                 const std::vector<SpanEdit>& edits) {
  std::vector<SpanEdit> kept;
  for (const Diagnostic& diagnostic : after.diagnostics.all()) {
    if (diagnostic.code != DiagnosticCode::moved_identity) continue;
    for (const Help& help : diagnostic.helps) {
      if (!help.fix || help.fix->safety != FixSafety::safe) continue;
      const SourceMap::File* file = after.sources->find(help.fix->span.begin);
      const SyntaxTree* tree = file == nullptr ? nullptr : before.tree_at(after.path_of(*file));
      if (tree == nullptr) continue;
      const SourceMap::File& original = before.sources->file(tree->file());
      auto at = offset_before(help.fix->span.begin - file->base, original, edits);
      if (at) kept.push_back({{original.base + *at, original.base + *at}, help.fix->replacement});
    }
  }
  return kept;
}

std::vector<SpanEdit> rename_edits(const Analysis& analysis, const Referent& referent,
                                   const std::string& name) {
  return Renaming(analysis, referent, name).run();
}

}  // namespace carbon::lsp
