#include "dsl/check/naming.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "dsl/check/name_case.h"
#include "dsl/parse/scan.h"

namespace carbon {

namespace {

enum class Renaming : std::uint8_t {
  here,       ///< whoever uses the name says so in these files
  elsewhere,  ///< an inventory, a command line or another platform may know it by this name
};

struct Named {
  NodeKind kind;
  bool type;  ///< in UpperCamelCase
  std::string_view what;
  Renaming renaming;
};
constexpr std::array named = std::to_array<Named>({
    {NodeKind::let, false, "a value", Renaming::here},
    {NodeKind::item_let, false, "a value", Renaming::here},
    {NodeKind::each_clause, false, "a loop variable", Renaming::here},
    {NodeKind::param, false, "a parameter", Renaming::here},
    {NodeKind::fn, false, "a function", Renaming::elsewhere},
    {NodeKind::policy, false, "a policy", Renaming::here},
    {NodeKind::input, false, "an input", Renaming::elsewhere},
    {NodeKind::output, false, "an output", Renaming::elsewhere},
    {NodeKind::resource, false, "a resource", Renaming::elsewhere},
    {NodeKind::lookup, false, "a lookup", Renaming::elsewhere},
    {NodeKind::provider, false, "a provider", Renaming::elsewhere},
    {NodeKind::use, false, "a component in use", Renaming::elsewhere},
    {NodeKind::environment, false, "an environment", Renaming::elsewhere},
    {NodeKind::component, true, "a component", Renaming::elsewhere},
    {NodeKind::type_alias, true, "a type", Renaming::elsewhere},
    {NodeKind::type_via, true, "a type", Renaming::elsewhere},
});
constexpr Named field_of_type{NodeKind::typed_field, false, "a field", Renaming::elsewhere};

class Naming {
 public:
  explicit Naming(Session& session) : session_(session) {
    for (const auto& [path, trees] : session.input.packages) {
      for (const SyntaxTree* tree : trees) count(*tree);
    }
  }

  /// Nesting is limited by the parser, so recursion is.
  void look_at(NodeRef node) {
    auto found =
        std::find_if(named.begin(), named.end(), [&](const Named& one) { return node.is(one.kind); });
    if (found != named.end()) {
      for (NodeRef word : node.children(NodeKind::word)) judge(*found, word);
    }
    if (node.is(NodeKind::type_via) && node.child(NodeKind::via_name).text() != "kubernetes") {
      for (NodeRef field : node.child(NodeKind::body).children(NodeKind::typed_field))
        judge(field_of_type, field.child(NodeKind::word));
    }
    for (NodeRef child : node.children()) look_at(child);
  }

 private:
  void count(const SyntaxTree& tree) {
    for (const SyntaxNode& node : tree.nodes()) {
      if (node.kind == NodeKind::word || node.kind == NodeKind::name)
        ++written_[tree.text({node.begin, node.end})];
    }
  }

  void judge(const Named& kind, NodeRef word) {
    std::string_view name = word.text();
    bool good = kind.type ? is_upper_camel_case(name) : is_snake_case(name);
    if (good) return;
    std::string better = kind.type ? upper_camel_case(name) : snake_case(name);
    Diagnostic& made =
        session_.sink.warning(DiagnosticCode::naming_case,
                              fmt::format("`{}` is {}, and these are written in {}", name, kind.what,
                                          kind.type ? "UpperCamelCase" : "snake_case"),
                              word.span());
    bool free = !written_.contains(better) && !scan::is_reserved(better);
    if (!free) return;
    Help help{fmt::format("write `{}`", better), {}};
    if (kind.renaming == Renaming::here && written_[name] == 1) {
      help.fix = Fix{word.span(), better, FixSafety::safe};
    } else {
      help.text += "; an editor's rename changes every place that uses it";
    }
    made.helps.push_back(std::move(help));
  }

  Session& session_;
  std::unordered_map<std::string_view, std::size_t> written_;
};

}  // namespace

void warn_of_naming(Session& session) {
  if (session.sink.has_errors()) return;  // a name may be what is wrong
  Naming naming(session);
  for (const auto& [path, trees] : session.input.packages) {
    if (path.starts_with("std/")) continue;
    for (const SyntaxTree* tree : trees) naming.look_at(tree->root());
  }
}

}  // namespace carbon
