#include "lsp/type_names.h"

#include <algorithm>
#include <array>

#include "dsl/check/imports.h"
#include "dsl/syntax/doc.h"
#include "engine/model/resource_type.h"

namespace carbon::lsp {

namespace {

/// What kinds of type a place takes.
enum class Wanted : std::uint8_t { any, resource, connection, component, severity };

Wanted wanted_by(const std::vector<NodeRef>& path, NodeRef type) {
  for (std::size_t i = 1; i < path.size(); ++i) {
    bool head = path[i] == type || path[i].is(NodeKind::optional_type);
    if (!head) continue;
    if (path[i - 1].is(NodeKind::resource) || path[i - 1].is(NodeKind::lookup)) return Wanted::resource;
    if (path[i - 1].is(NodeKind::provider)) return Wanted::connection;
    if (path[i - 1].is(NodeKind::use)) return Wanted::component;
    if (path[i - 1].is(NodeKind::policy)) return Wanted::severity;
  }
  return Wanted::any;
}

class TypeNames {
 public:
  /// `dotted`: a type's name stands behind the package's already.
  TypeNames(std::vector<CompletionItem>& items, const Analysis& analysis, Wanted wanted, bool dotted)
      : items_(items), analysis_(analysis), wanted_(wanted), dotted_(dotted) {}

  void severities() {
    for (std::string_view each : {"error", "warning", "info"}) add(each, ItemKind::keyword, "");
  }

  void builtin() {
    constexpr auto basic = std::to_array<std::string_view>(
        {"string", "int", "float", "bool", "json", "blob", "bytes", "cpu", "quantity", "duration", "cron",
         "cidr", "ip", "url", "dns_name", "dns_label", "semver", "regex"});
    if (wanted_ != Wanted::any) return;
    for (std::string_view each : basic) add(each, ItemKind::keyword, "");
    for (std::string_view each : {"list", "set", "map", "secret"})
      add(each, ItemKind::keyword, "").insert = std::string(each) + "<";
  }

  /// Types and components that the files declare; names with `_` in front are a package's own.
  void declared(const std::vector<const SyntaxTree*>& trees, bool from_outside) {
    for (const SyntaxTree* tree : trees) {
      for (NodeRef node : tree->root().children(NodeCategory::declaration)) {
        if (fits(node) && !(from_outside && node.word().starts_with('_')))
          add(node.word(), ItemKind::klass, doc_text(node));
      }
    }
  }

  void imports(const std::vector<const SyntaxTree*>& trees) {
    DiagnosticSink silent;
    for (const SyntaxTree* tree : trees) {
      for (const Import& each : imports_of(*tree, silent)) {
        if (each.kind == ImportKind::package || each.kind == ImportKind::standard)
          add(each.name, ItemKind::module, "").insert = each.name + (dotted_ ? "" : ".");
      }
    }
  }

  /// Behind `name.`.
  void of_package(const std::vector<const SyntaxTree*>& importing, std::string_view name) {
    DiagnosticSink silent;
    for (const SyntaxTree* tree : importing) {
      for (const Import& each : imports_of(*tree, silent)) {
        if (each.name != name) continue;
        auto found = analysis_.packages.find(each.path);
        if (found != analysis_.packages.end()) return declared(found->second, true);
        return loaded(each.path.substr(each.path.rfind('/') + 1));
      }
    }
  }

 private:
  CompletionItem& add(std::string_view name, ItemKind kind, std::string doc) {
    CompletionItem& made = items_.emplace_back();
    made.label = std::string(name);
    made.kind = kind;
    made.documentation = std::move(doc);
    return made;
  }

  [[nodiscard]] bool fits(NodeRef node) const {
    bool connection = node.child(NodeKind::via_name).is(NodeKind::via_name) &&
                      node.child(NodeKind::via_name).text() == "connection";
    switch (wanted_) {
      case Wanted::any:
        return node.is(NodeKind::type_via) || node.is(NodeKind::type_alias) || node.is(NodeKind::component);
      case Wanted::resource: return node.is(NodeKind::type_via) && !connection;
      case Wanted::connection: return connection;
      case Wanted::component: return node.is(NodeKind::component);
      case Wanted::severity: return false;
    }
    return false;
  }

  /// Types of a package without text. Which is a connection is known by its own name alone: nothing is
  /// loaded.
  void loaded(const std::string& package) {
    if (wanted_ == Wanted::component) return;
    for (const std::string& each : analysis_.types->names(package)) {
      bool connection = each == "k8s.Cluster";
      if (wanted_ != Wanted::any && connection != (wanted_ == Wanted::connection)) continue;
      add(std::string_view(each).substr(package.size() + 1), ItemKind::klass, "");
    }
  }

  std::vector<CompletionItem>& items_;
  const Analysis& analysis_;
  Wanted wanted_;
  bool dotted_;
};

}  // namespace

void add_type_names(std::vector<CompletionItem>& items, const Analysis& analysis, const SyntaxTree& tree,
                    NodeRef type, const std::vector<NodeRef>& path) {
  auto holds = [&](const auto& package) {
    return std::find(package.second.begin(), package.second.end(), &tree) != package.second.end();
  };
  auto own = std::find_if(analysis.packages.begin(), analysis.packages.end(), holds);
  if (own == analysis.packages.end()) return;
  Wanted wanted = wanted_by(path, type);
  TypeNames names(items, analysis, wanted, type.children(NodeKind::word).count() > 1);
  if (wanted == Wanted::severity) return names.severities();
  if (path.back() != type.child(NodeKind::word)) return names.of_package(own->second, type.word());
  names.builtin();
  names.declared(own->second, false);
  names.imports(own->second);
}

}  // namespace carbon::lsp
