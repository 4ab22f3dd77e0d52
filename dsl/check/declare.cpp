#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>

#include "base/spelling.h"
#include "dsl/check/session.h"
#include "dsl/syntax/removal.h"

namespace carbon {

TypePtr Session::reference_to(const ResourceType& type) {
  TypePtr& made = references[type.name];
  if (made == nullptr) made = types.reference(type.name);
  return made;
}

TypePtr Session::schema_of(TypePtr reference) {
  auto [at, fresh] = schemas.emplace(reference, nullptr);
  if (!fresh) return at->second;
  const ResourceType* resource = input.types.find(reference->name);
  return at->second = resource != nullptr ? resource->schema : nullptr;
}

TypePtr Session::partial(TypePtr record) {
  auto [at, fresh] = partials.emplace(record, nullptr);
  if (!fresh) return at->second;
  Type& made = types.make(TypeKind::record);
  at->second = &made;
  if (input.index != nullptr) input.index->derive(&made, record);
  made.name = record->name;
  made.open = record->open;
  made.fields = record->fields;
  for (FieldType& field : made.fields) {
    auto flags = static_cast<unsigned>(field.flags) & ~static_cast<unsigned>(FieldFlag::required);
    field.flags = static_cast<FieldFlag>(flags);
  }
  return &made;
}

Session::Extent Session::extent_of(TypePtr type) {
  if (type == nullptr || type->kind == TypeKind::reference) return {};
  bool simple =
      type->element == nullptr && type->fields.empty() && type->alternatives.empty() && type->open == nullptr;
  if (simple) return {};
  // What comes back to itself counts as nothing there.
  auto [at, fresh] = extents.emplace(type, Extent{});
  if (!fresh) return at->second;
  Extent made;
  auto add = [&](TypePtr part) {
    Extent inner = extent_of(part);
    made.weight = std::min<std::uint64_t>(made.weight + inner.weight, UINT32_MAX);
    made.depth = std::max(made.depth, inner.depth + 1);
  };
  if (type->element != nullptr) add(type->element);
  if (type->open != nullptr) add(type->open);
  for (const FieldType& field : type->fields) add(field.type);
  for (TypePtr alternative : type->alternatives) add(alternative);
  extents[type] = made;  // the table may have grown meanwhile
  return made;
}

bool Session::is_small(TypePtr type) {
  constexpr std::uint64_t most_weight = 100'000;
  constexpr std::uint32_t deepest = 500;
  Extent extent = extent_of(type);
  return extent.weight <= most_weight && extent.depth <= deepest;
}

void Session::suggest(Diagnostic& error, std::string_view word, SourceSpan span,
                      const std::vector<std::string_view>& candidates) {
  std::string_view best = nearest(word, candidates);
  if (best.empty()) return;
  // One letter of two is half of a name: a fair guess, but not one to be made without a look.
  constexpr std::size_t certain = 3;
  FixSafety safety = std::min(word.size(), best.size()) >= certain ? FixSafety::safe : FixSafety::maybe;
  error.helps.push_back({fmt::format("did you mean `{}`?", best), Fix{span, std::string(best), safety}});
}

void Session::remove_again(Diagnostic& error, NodeRef before, NodeRef again) {
  if (!before || before.text() != again.text()) return;
  error.helps.push_back({"remove this one: both say the same",
                         Fix{removal_span(input.sources, again.span()), "", FixSafety::safe}});
}

namespace {

constexpr std::array<std::pair<NodeKind, DeclarationKind>, 7> value_kinds{{
    {NodeKind::let, DeclarationKind::let},
    {NodeKind::input, DeclarationKind::input},
    {NodeKind::output, DeclarationKind::output},
    {NodeKind::resource, DeclarationKind::resource},
    {NodeKind::lookup, DeclarationKind::lookup},
    {NodeKind::use, DeclarationKind::use},
    {NodeKind::provider, DeclarationKind::provider},
}};

class Declarer {
 public:
  explicit Declarer(Session& session) : session_(session) {}

  void run() {
    add_package("", "");
    for (const auto& [path, trees] : session_.input.packages) {
      if (!path.empty()) add_package(path, path.substr(path.rfind('/') + 1));
    }
    for (std::uint32_t i = 0; i < session_.packages.size(); ++i) declare_package(i);
    order_packages();
  }

 private:
  void add_package(const std::string& path, std::string name) {
    Package& package = session_.program.packages.emplace_back();
    package.path = path;
    package.name = std::move(name);
    index_of_[path] = static_cast<std::uint32_t>(session_.packages.size());
    ScopeWork& work = session_.packages.emplace_back();
    work.scope = &package.scope;
    work.package = index_of_[path];
    Declaration& env = add(work, DeclarationKind::environment, "env", {});
    Type& type = session_.types.make(TypeKind::record);
    type.fields.push_back({"name", session_.basic(TypeKind::string), FieldFlag::required, ""});
    env.type = &type;
    work.names.emplace("env", NameEntry{NameKind::value, 0, {}});
    imports_.emplace_back();
  }

  Declaration& add(ScopeWork& work, DeclarationKind kind, std::string_view name, NodeRef node) {
    Declaration& made = work.scope->declarations.emplace_back();
    made.kind = kind;
    made.name = std::string(name);
    if (node) made.span = node.word_span();
    work.nodes.push_back(node);
    work.lowered.push_back(Progress::fresh);
    work.impure.push_back(-1);
    return made;
  }

  void declare_package(std::uint32_t index) {
    auto found = session_.input.packages.find(session_.program.packages[index].path);
    if (found == session_.input.packages.end()) return;
    ScopeWork& work = session_.packages[index];
    for (const SyntaxTree* tree : found->second) {
      for (Import& import : imports_of(*tree, session_.sink)) declare_import(work, import);
      for (NodeRef node : tree->root().children(NodeCategory::declaration)) declare(work, node);
    }
  }

  /// Two files of a package may import the same thing under the same name.
  void declare_import(ScopeWork& work, const Import& import) {
    auto same = imported_names_.find({work.package, import.name});
    if (same != imported_names_.end() && same->second == import.path) return;
    imported_names_[{work.package, import.name}] = import.path;
    std::string_view key = session_.keep(import.name);
    if (import.kind == ImportKind::data) {
      declare_data(work, import, key);
    } else if (import.kind == ImportKind::schema) {
      declare_schema(work, import, key);
    } else {
      declare_imported_package(work, import, key);
    }
  }

  void declare_data(ScopeWork& work, const Import& import, std::string_view key) {
    auto found = session_.input.data.find({import.path, import.type});
    // Whoever loads the files may have said already why this one is not there.
    if (found == session_.input.data.end() && !reported_at(import.span)) {
      session_.error(DiagnosticCode::import_path, fmt::format("`{}` does not exist", import.path),
                     import.span);
    }
    auto index = static_cast<std::uint32_t>(work.scope->declarations.size());
    Declaration& made = add(work, DeclarationKind::data, import.name, {});
    made.span = import.name_span;
    if (found != session_.input.data.end()) made.constant = found->second.with_origin(import.span.begin);
    switch (import.type) {
      case DataType::string: made.type = session_.basic(TypeKind::string); break;
      case DataType::json:
      case DataType::yaml: made.type = session_.basic(TypeKind::json); break;
      case DataType::blob: made.type = session_.basic(TypeKind::blob); break;
      case DataType::schema: break;  // declares no value
    }
    name(work, key, {NameKind::value, index, import.name_span});
  }

  void declare_schema(ScopeWork& work, const Import& import, std::string_view key) {
    SchemaEntry* entry = schema(import);
    if (entry == nullptr) return;
    auto index = static_cast<std::uint32_t>(session_.imported.size());
    session_.imported.push_back({import.path, import.name, PackageEntry::no_text, entry});
    name(work, key, {NameKind::package, index, import.name_span});
  }

  /// The file's types, read once. A name is the first half of its types' names in the whole platform, and in
  /// the inventory, so it stands for one file, and a file has one name. nullptr after an error.
  SchemaEntry* schema(const Import& import) {
    for (SchemaEntry& known : session_.imported_schemas) {
      bool same_path = known.import.path == import.path;
      bool same_name = known.import.name == import.name;
      if (same_path && same_name) return &known;
      if (!same_path && !same_name) continue;
      Diagnostic& error = session_.error(
          DiagnosticCode::duplicate_name,
          same_path
              ? fmt::format("`{}` has two names: `{}` and `{}`", import.path, known.import.name, import.name)
              : fmt::format("the name `{}` stands for two schemas", import.name),
          import.name_span, "again here");
      error.labels.push_back({known.import.name_span, "first here"});
      error.helps.push_back(
          {"give a schema the same name wherever it is imported, and no other one that name", {}});
      return nullptr;
    }
    auto is_it = [&](const auto& each) { return each.name == import.name; };
    bool package = std::ranges::any_of(session_.program.packages, is_it) ||
                   std::ranges::any_of(session_.imported, is_it);
    if (package || !session_.input.types.take_name(import.name)) {
      session_.error(DiagnosticCode::duplicate_name,
                     fmt::format("`{}` is the name of a package, whose types are called so", import.name),
                     import.name_span);
      return nullptr;
    }
    return read(import);
  }

  SchemaEntry* read(const Import& import) {
    const ImportedData& data = session_.input.data;
    if (!data.contains({import.path, DataType::schema})) {
      if (!reported_at(import.span)) {
        session_.error(DiagnosticCode::import_path, fmt::format("`{}` does not exist", import.path),
                       import.span);
      }
      return nullptr;
    }
    SchemaEntry& entry = session_.imported_schemas.emplace_back(SchemaEntry{import, {}});
    Result<std::vector<SchemaType>> types =
        read_schema({entry.import, data, session_.input.types, session_.input.functions.patterns()});
    if (types) {
      entry.types = std::move(*types);
      return &entry;
    }
    session_.imported_schemas.pop_back();
    // A file that it refers to may have been refused when it was read.
    if (reported_at(import.span)) return nullptr;
    Diagnostic error = types.error().diagnostic();
    error.message = fmt::format("`{}`: {}", import.path, error.message);
    error.labels = {{import.span, ""}};
    session_.sink.add(std::move(error));
    return nullptr;
  }

  [[nodiscard]] bool reported_at(SourceSpan span) const {
    const std::vector<Diagnostic>& all = session_.sink.all();
    return std::any_of(all.begin(), all.end(), [&](const Diagnostic& each) {
      return !each.labels.empty() && each.labels.front().span == span;
    });
  }

  void declare_imported_package(ScopeWork& work, const Import& import, std::string_view key) {
    PackageEntry entry;
    entry.path = import.path;
    entry.name = import.path.substr(import.path.rfind('/') + 1);
    auto named_so = [&](const SchemaEntry& each) { return each.import.name == entry.name; };
    if (std::ranges::any_of(session_.imported_schemas, named_so)) {
      session_.error(DiagnosticCode::duplicate_name,
                     fmt::format("`{}` is the name of a schema, whose types are called so", entry.name),
                     import.span);
      return;
    }
    auto found = index_of_.find(import.path);
    if (found != index_of_.end() && !import.path.empty()) {
      entry.package = found->second;
      imports_[work.package].push_back({entry.package, import.span});
    } else if (import.kind != ImportKind::standard || session_.input.types.names(entry.name).empty()) {
      if (reported_at(import.span)) return;
      Diagnostic& error = session_.error(DiagnosticCode::import_path,
                                         fmt::format("there is no package `{}`", import.path), import.span);
      if (import.kind == ImportKind::package)
        error.helps.push_back({"a file needs a type: `import \"…\" as NAME : string`", {}});
      return;
    }
    auto index = static_cast<std::uint32_t>(session_.imported.size());
    session_.imported.push_back(std::move(entry));
    name(work, key, {NameKind::package, index, import.name_span});
  }

  /// False when the name is taken.
  bool name(ScopeWork& work, std::string_view name, NameEntry entry) {
    auto [at, fresh] = work.names.emplace(name, entry);
    session_.index_name(entry.span, fresh ? entry.span : at->second.span, nullptr);
    if (fresh) return true;
    if (name == "env" && !at->second.span.known()) {
      session_.error(DiagnosticCode::duplicate_name, "`env` is the chosen environment", entry.span);
      return false;
    }
    Diagnostic& error = session_.error(DiagnosticCode::duplicate_name,
                                       fmt::format("`{}` is declared twice", name), entry.span, "again here");
    error.labels.push_back({at->second.span, "first here"});
    return false;
  }

  void declare(ScopeWork& work, NodeRef node) {
    NodeKind kind = node.kind();
    for (auto [node_kind, declaration] : value_kinds) {
      if (node_kind == kind) return value(work, declaration, node);
    }
    if (kind == NodeKind::component) return component(work, node);
    if (kind == NodeKind::type_alias || kind == NodeKind::type_via) return type(work, node);
    if (kind == NodeKind::fn) return function(work, node);
    if (kind == NodeKind::platform || kind == NodeKind::environment) return only_in_root(work, node);
    if (kind == NodeKind::import) return only_in_package(work, node);
    if (kind == NodeKind::moved || kind == NodeKind::removed) return move(work, node);
    if (kind == NodeKind::check) return check(work, node);
    if (kind == NodeKind::policy) return policy(work, node);
    // A package's own tests run where it is the root.
    only_in_package(work, node);  // test
  }

  void move(ScopeWork& work, NodeRef node) {
    if (work.component == nullptr && work.package != 0) return misplaced(node, "an imported package");
    work.moves.push_back(node);
  }

  void check(ScopeWork& work, NodeRef node) {
    if (work.component == nullptr && work.package != 0) return misplaced(node, "an imported package");
    work.checks.push_back(node);
  }

  void policy(ScopeWork& work, NodeRef node) {
    if (work.component != nullptr) return misplaced(node, "a component");
    for (const PolicyEntry& other : session_.policies) {
      if (other.package != work.package || other.node.word() != node.word()) continue;
      session_
          .error(DiagnosticCode::duplicate_name, fmt::format("policy `{}` is declared twice", node.word()),
                 node.word_span(), "again here")
          .labels.push_back({other.node.word_span(), "first here"});
      return;
    }
    session_.policies.push_back({node, work.package});
  }

  void misplaced(NodeRef node, std::string_view where) {
    bool type = node.is(NodeKind::type_alias) || node.is(NodeKind::type_via);
    std::string_view keyword = type ? "type" : to_string(node.kind());
    session_.error(DiagnosticCode::misplaced_declaration,
                   fmt::format("`{}` may not stand in {}", keyword, where),
                   node.word_span().known() ? node.word_span() : node.span());
  }

  void only_in_root(ScopeWork& work, NodeRef node) {
    if (work.component != nullptr) return misplaced(node, "a component");
    if (work.package != 0) misplaced(node, "an imported package");
  }
  void only_in_package(ScopeWork& work, NodeRef node) {
    if (work.component != nullptr) misplaced(node, "a component");
  }

  void value(ScopeWork& work, DeclarationKind kind, NodeRef node) {
    bool library = work.component == nullptr && work.package != 0;
    if (library && kind != DeclarationKind::let) return misplaced(node, "an imported package");
    auto index = static_cast<std::uint32_t>(work.scope->declarations.size());
    // An output is a name of its own: `output role : T = role.name` may stand beside `resource role`.
    auto first = output_names_.find({&work, node.word()});
    if (kind == DeclarationKind::output && first != output_names_.end()) {
      session_
          .error(DiagnosticCode::duplicate_name, fmt::format("`{}` is declared twice", node.word()),
                 node.word_span(), "again here")
          .labels.push_back({first->second, "first here"});
      return;
    }
    if (kind == DeclarationKind::output) {
      output_names_[{&work, node.word()}] = node.word_span();
      session_.index_name(node.word_span(), node.word_span(), nullptr);
    }
    if (kind != DeclarationKind::output &&
        !name(work, node.word(), {NameKind::value, index, node.word_span()}))
      return;
    add(work, kind, node.word(), node);
  }

  void component(ScopeWork& work, NodeRef node) {
    if (work.component != nullptr) return misplaced(node, "a component");
    auto index = static_cast<std::uint32_t>(session_.components.size());
    if (!name(work, node.word(), {NameKind::component, index, node.word_span()})) return;
    Component& made = session_.program.components.emplace_back();
    made.name = std::string(node.word());
    made.package = work.package;
    made.span = node.word_span();
    made.type = session_.types.reference(made.name);
    session_.component_types[made.type] = &made;
    ScopeWork& inside = session_.components.emplace_back();
    inside.scope = &made.scope;
    inside.package = work.package;
    inside.component = &made;
    inside.node = node;
    for (NodeRef child : node.child(NodeKind::component_body).children(NodeCategory::declaration))
      declare(inside, child);
  }

  void type(ScopeWork& work, NodeRef node) {
    if (work.component != nullptr) return misplaced(node, "a component");
    auto index = static_cast<std::uint32_t>(session_.type_entries.size());
    if (!name(work, node.word(), {NameKind::type, index, node.word_span()})) return;
    if (find_basic(session_.types, node.word()) != nullptr) {
      session_.error(DiagnosticCode::duplicate_name, fmt::format("`{}` is a built-in type", node.word()),
                     node.word_span());
    }
    session_.type_entries.push_back({node.word(), node, work.package, Progress::fresh, nullptr, nullptr});
  }

  void function(ScopeWork& work, NodeRef node) {
    if (work.component != nullptr) return misplaced(node, "a component");
    if (session_.input.functions.find(node.word()) != nullptr) {
      session_.error(DiagnosticCode::reserved_function_name,
                     fmt::format("`{}` is a built-in function", node.word()), node.word_span());
      return;
    }
    auto index = static_cast<std::uint32_t>(session_.functions.size());
    if (!name(work, node.word(), {NameKind::function, index, node.word_span()})) return;
    session_.functions.push_back({node, work.package, false});
  }

  /// Each package behind those that it imports; a cycle is C0304.
  void order_packages() {
    std::vector<Progress> state(imports_.size(), Progress::fresh);
    for (std::uint32_t i = 0; i < imports_.size(); ++i) visit(i, state);
  }

  void visit(std::uint32_t package, std::vector<Progress>& state) {
    if (state[package] != Progress::fresh) return;
    state[package] = Progress::busy;
    for (auto [imported, span] : imports_[package]) {
      if (state[imported] == Progress::busy) {
        session_.error(DiagnosticCode::cycle, "packages import each other", span,
                       fmt::format("`{}` imports this package", session_.program.packages[imported].path));
        continue;
      }
      visit(imported, state);
    }
    state[package] = Progress::done;
    session_.program.package_order.push_back(package);
  }

  Session& session_;
  std::map<std::string, std::uint32_t, std::less<>> index_of_;
  std::vector<std::vector<std::pair<std::uint32_t, SourceSpan>>> imports_;
  std::map<std::pair<std::uint32_t, std::string>, std::string> imported_names_;
  std::map<std::pair<const ScopeWork*, std::string_view>, SourceSpan> output_names_;
};

}  // namespace

SchemaType* SchemaEntry::find(std::string_view name) {
  auto found =
      std::find_if(types.begin(), types.end(), [&](const SchemaType& type) { return type.name == name; });
  return found == types.end() ? nullptr : &*found;
}

void declare_names(Session& session) { Declarer(session).run(); }

}  // namespace carbon
