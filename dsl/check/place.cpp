#include "dsl/check/place.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/spelling.h"

namespace carbon {

namespace {

bool is_instance(DeclarationKind kind) {
  switch (kind) {
    case DeclarationKind::resource:
    case DeclarationKind::lookup:
    case DeclarationKind::provider:
    case DeclarationKind::use: return true;
    case DeclarationKind::environment:
    case DeclarationKind::data:
    case DeclarationKind::borrowed:
    case DeclarationKind::let:
    case DeclarationKind::input:
    case DeclarationKind::output: return false;
  }
  return false;
}

/// `x` of `x != null`, in an operation of exactly these three parts beginning at `at`; or the empty cursor.
NodeRef compared_with_null(const std::vector<NodeRef>& parts, std::size_t at) {
  if (at + 2 >= parts.size()) return {};
  bool shaped = parts[at].is(NodeKind::name) && parts[at + 1].is(NodeKind::binary_operator) &&
                parts[at + 1].text() == "!=" && parts[at + 2].is(NodeKind::null_value);
  return shaped ? parts[at] : NodeRef();
}

}  // namespace

bool reaches_instances(ScopeWork& scope, std::uint32_t declaration) {
  std::int8_t& known = scope.impure[declaration];
  if (known >= 0) return known == 1;
  const Declaration& declared = scope.scope->declarations[declaration];
  known = 0;  // a cycle adds nothing, and is reported elsewhere
  bool reaches = is_instance(declared.kind) || declared.kind == DeclarationKind::input || declared.looks_up;
  for (std::size_t i = 0; i < declared.reads.size() && !reaches; ++i)
    reaches = reaches_instances(scope, declared.reads[i].declaration);
  return (scope.impure[declaration] = reaches ? 1 : 0) == 1;
}

std::uint32_t Place::reserve(std::uint32_t count) {
  std::uint32_t first = next_slot_;
  next_slot_ += count;
  return first;
}

std::uint32_t Place::query(const ResourceType& type) {
  for (const TypeQuery& known : queries_->types) {
    if (known.type == &type) return known.slot;
  }
  queries_->types.push_back({&type, reserve(1)});
  return queries_->types.back().slot;
}

std::uint32_t Place::bind_hidden(std::string_view name, TypePtr type, SourceSpan span) {
  std::uint32_t slot = reserve(1);
  locals_.push_back({name, slot, type, span});
  session_.index_name(span, span, type);
  return slot;
}

std::uint32_t Place::bind(std::string_view name, SourceSpan span, TypePtr type) {
  std::uint32_t slot = reserve(1);
  bind_at(name, span, type, slot);
  return slot;
}

void Place::bind_at(std::string_view name, SourceSpan span, TypePtr type, std::uint32_t slot) {
  SourceSpan hidden;
  bool hides = false;
  for (std::size_t i = visible_from_; i < locals_.size(); ++i) {
    if (locals_[i].name == name) hides = true, hidden = locals_[i].span;
  }
  auto look = [&](ScopeWork& scope) {
    auto found = scope.names.find(name);
    if (hides || found == scope.names.end()) return;
    hides = true;
    hidden = found->second.span;
  };
  if (home_ != nullptr) {
    look(*home_);
    ScopeWork& package = session_.packages[home_->package];
    auto found = package.names.find(name);
    // A component does not see the package's instances and inputs, so it may reuse their names.
    bool seen = found != package.names.end() &&
                (home_->component == nullptr || found->second.kind != NameKind::value);
    if (seen) look(package);
  }
  if (hides) {
    Diagnostic& error = session_.error(DiagnosticCode::duplicate_name,
                                       fmt::format("`{}` would hide another name", name), span, "again here");
    if (hidden.known()) error.labels.push_back({hidden, "declared here"});
  }
  locals_.push_back({name, slot, type, span});
  session_.index_name(span, span, type);
}

void Place::release(Mark mark) {
  locals_.resize(std::min(mark.locals, locals_.size()), Local{});
  narrowed_.resize(std::min(mark.narrowed, narrowed_.size()), Narrowed{});
}

void Place::narrow(NodeRef condition) {
  while (condition.is(NodeKind::paren)) condition = condition.value();
  if (!condition.is(NodeKind::operation)) return;
  std::vector<NodeRef> parts;
  for (NodeRef child : condition.children()) parts.push_back(child);
  std::vector<NodeRef> found;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= parts.size(); ++i) {
    bool end = i == parts.size();
    if (!end && parts[i].is(NodeKind::binary_operator) && parts[i].text() == "or") return;
    if (!end && !(parts[i].is(NodeKind::binary_operator) && parts[i].text() == "and")) continue;
    if (i - start == 3) {
      if (NodeRef name = compared_with_null(parts, start)) found.push_back(name);
    } else if (i - start == 1) {
      narrow(parts[start]);
    }
    start = i + 1;
  }
  for (NodeRef name : found) narrowed_.push_back({name.text()});
}

TypePtr Place::narrowed(std::string_view name, TypePtr type) const {
  if (type == nullptr || type->kind != TypeKind::optional) return type;
  bool known = std::any_of(narrowed_.begin(), narrowed_.end(),
                           [&](const Narrowed& each) { return each.name == name; });
  return known ? type->element : type;
}

void Place::read(ScopeWork& scope, std::uint32_t declaration, SourceSpan span) {
  std::vector<Read>* reads = nullptr;
  if (reader_ == UINT32_MAX) return;
  if (&scope == home_) reads = &home_->scope->declarations[reader_].reads;
  if (&scope != home_ && home_->component != nullptr) reads = &home_->component->package_reads;
  if (reads != nullptr) reads->push_back({declaration, span});
}

void Place::looks_up() { home_->scope->declarations[reader_].looks_up = true; }

Resolved Place::value(ScopeWork& scope, std::uint32_t declaration, SourceSpan span) {
  Resolved made;
  made.kind = Resolved::Kind::value;
  made.depth = &scope == home_ ? 1 : 2;
  made.slot = declaration;
  const Declaration& declared = scope.scope->declarations[declaration];
  made.type = narrowed(declared.name, declared.type);
  bool borrowed = declared.kind == DeclarationKind::borrowed;
  const Scope& lender = *session_.packages[declared.package].scope;
  session_.index_name(span, borrowed ? lender.declarations[declared.lent].span : declared.span, made.type);
  read(scope, declaration, span);
  return made;
}

Resolved Place::borrow(std::uint32_t package, std::uint32_t declaration, SourceSpan span) {
  ScopeWork& own = session_.packages[home_->package];
  auto [at, fresh] = own.borrowed.emplace(std::pair(package, declaration), 0);
  if (fresh) {
    at->second = static_cast<std::uint32_t>(own.scope->declarations.size());
    const Declaration& lent = session_.packages[package].scope->declarations[declaration];
    Declaration& made = own.scope->declarations.emplace_back();
    made.kind = DeclarationKind::borrowed;
    made.name = lent.name;
    made.type = lent.type;
    made.package = package;
    made.lent = declaration;
    own.nodes.emplace_back();
    own.lowered.push_back(Progress::done);
    own.impure.push_back(0);
  }
  return value(own, at->second, span);
}

Resolved Place::entry(const NameEntry& entry, ScopeWork& scope, SourceSpan span) {
  Resolved made;
  made.index = entry.index;
  switch (entry.kind) {
    case NameKind::value: {
      bool own = &scope == home_;
      const Declaration& declared = scope.scope->declarations[entry.index];
      // `env` is the same everywhere; other names of another package are borrowed.
      if (!own && declared.kind == DeclarationKind::environment)
        return value(session_.packages[home_->package], 0, span);
      if (!own && scope.package != home_->package) return borrow(scope.package, entry.index, span);
      if (!own && reaches_instances(scope, entry.index)) return {};
      return value(scope, entry.index, span);
    }
    case NameKind::function:
    case NameKind::package:
      session_.index_name(span, entry.span, nullptr);
      made.kind = entry.kind == NameKind::function ? Resolved::Kind::function : Resolved::Kind::package;
      return made;
    case NameKind::component:
    case NameKind::type: return {};
  }
  return {};
}

void Place::show_scope(CursorFindings& cursor, ScopeWork& scope, bool outside) {
  for (const auto& [name, entry] : scope.names) {
    if (entry.kind == NameKind::type || entry.kind == NameKind::component) continue;
    bool value = entry.kind == NameKind::value;
    if (value && outside && reaches_instances(scope, entry.index)) continue;
    VisibleName::Kind kind = value                              ? VisibleName::Kind::value
                             : entry.kind == NameKind::function ? VisibleName::Kind::function
                                                                : VisibleName::Kind::package;
    TypePtr type = value ? scope.scope->declarations[entry.index].type : nullptr;
    cursor.names.push_back({std::string(name), kind, type, entry.span});
  }
}

void Place::show_names(CursorFindings& cursor) {
  cursor.names.clear();
  for (std::size_t i = visible_from_; i < locals_.size(); ++i) {
    const Local& local = locals_[i];
    cursor.names.push_back(
        {std::string(local.name), VisibleName::Kind::value, narrowed(local.name, local.type), local.span});
  }
  if (home_ == nullptr) return;
  ScopeWork& around = session_.packages[package()];
  if (looking_ == UINT32_MAX) show_scope(cursor, *home_, false);
  if (&around != home_ || looking_ != UINT32_MAX) show_scope(cursor, around, true);
}

Resolved Place::resolve(std::string_view name, SourceSpan span) {
  if (session_.input.index != nullptr && session_.input.index->watches(span))
    show_names(session_.input.index->cursor());
  for (std::size_t i = locals_.size(); i-- > visible_from_;) {
    const Local& local = locals_[i];
    if (local.name != name) continue;
    session_.index_name(span, local.span, narrowed(name, local.type));
    return {Resolved::Kind::value, 0, local.slot, narrowed(name, local.type), 0};
  }
  if (home_ == nullptr) return {};
  if (looking_ == UINT32_MAX) {
    auto found = home_->names.find(name);
    if (found != home_->names.end()) {
      found->second.used = true;
      return entry(found->second, *home_, span);
    }
  }
  ScopeWork& around = session_.packages[package()];
  auto found = around.names.find(name);
  if (found == around.names.end()) return judging_ == Judging::test ? output(name, span) : Resolved();
  found->second.used = true;
  return entry(found->second, around, span);
}

/// An output of the root, whose name is its own: only tests see it.
Resolved Place::output(std::string_view name, SourceSpan span) {
  const auto& all = home_->scope->declarations;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (all[i].kind == DeclarationKind::output && all[i].name == name) return value(*home_, i, span);
  }
  return {};
}

Resolved Place::resolve_in(const PackageEntry& package, std::string_view name, SourceSpan span) {
  NameIndex* index = session_.input.index;
  if (index != nullptr && index->watches(span)) {
    index->cursor().package = package.path;
    index->cursor().names.clear();
    if (package.package != PackageEntry::no_text)
      show_scope(index->cursor(), session_.packages[package.package], true);
  }
  if (package.package == PackageEntry::no_text || name.starts_with('_') || home_ == nullptr) return {};
  ScopeWork& scope = session_.packages[package.package];
  auto found = scope.names.find(name);
  if (found == scope.names.end() || name == "env") return {};
  return entry(found->second, scope, span);
}

void Place::report_unknown(std::string_view name, SourceSpan span) {
  std::vector<std::string_view> near;
  for (std::size_t i = visible_from_; i < locals_.size(); ++i) near.push_back(locals_[i].name);
  bool hidden = false;
  if (home_ != nullptr) {
    for (const auto& [known, entry] : home_->names) {
      if (entry.kind != NameKind::type && entry.kind != NameKind::component) near.push_back(known);
    }
    ScopeWork& around = session_.packages[home_->package];
    for (const auto& [known, entry] : around.names) {
      bool seen = entry.kind == NameKind::value && !reaches_instances(around, entry.index);
      if (home_->component != nullptr && (seen || entry.kind == NameKind::package)) near.push_back(known);
      hidden = hidden || (known == name && entry.kind == NameKind::value);
    }
  }
  Diagnostic& error = session_.error(DiagnosticCode::unknown_name, fmt::format("there is no `{}` here", name),
                                     span, "not declared");
  if (hidden) {
    error.notes.emplace_back("a component sees no instances and inputs of its package: pass it as an input");
    return;
  }
  session_.suggest(error, name, span, near);
}

}  // namespace carbon
