#include "lsp/symbols.h"

#include <algorithm>
#include <array>

#include "dsl/syntax/literal.h"
#include "dsl/syntax/node_ref.h"
#include "lsp/json.h"

namespace carbon::lsp {

namespace {

/// SymbolKind of the protocol.
enum class Symbol : std::uint8_t {
  module = 2,
  space = 3,
  package = 4,
  klass = 5,
  method = 6,
  property = 7,
  interface = 11,
  function = 12,
  variable = 13,
  object = 19,
  structure = 23,
  event = 24,
};

struct SymbolRow {
  NodeKind node;
  Symbol symbol;
};
constexpr std::array symbol_rows = std::to_array<SymbolRow>({
    {NodeKind::platform, Symbol::package},
    {NodeKind::let, Symbol::variable},
    {NodeKind::input, Symbol::property},
    {NodeKind::output, Symbol::property},
    {NodeKind::fn, Symbol::function},
    {NodeKind::type_alias, Symbol::structure},
    {NodeKind::type_via, Symbol::structure},
    {NodeKind::resource, Symbol::object},
    {NodeKind::lookup, Symbol::object},
    {NodeKind::use, Symbol::module},
    {NodeKind::provider, Symbol::interface},
    {NodeKind::policy, Symbol::event},
    {NodeKind::component, Symbol::klass},
    {NodeKind::environment, Symbol::space},
    {NodeKind::test, Symbol::method},
});

Value symbols(NodeRef parent, Locator& locator);

Value symbol(NodeRef node, Symbol kind, Locator& locator) {
  bool test = node.is(NodeKind::test);
  SourceSpan name = test ? node.child(NodeKind::string).span() : node.word_span();
  std::string text =
      test ? constant_string(node.child(NodeKind::string)).value_or("") : std::string(node.word());
  std::vector<Entry> entries{
      json::field("name", json::text(text.empty() ? "?" : text)),
      json::field("kind", json::number(static_cast<std::uint64_t>(kind))),
      json::field("range", to_value(locator.range(node.span()))),
      json::field("selectionRange", to_value(locator.range(name))),
  };
  if (NodeRef type = node.type()) entries.push_back(json::field("detail", json::text(type.text())));
  if (NodeRef body = node.child(NodeKind::component_body))
    entries.push_back(json::field("children", symbols(body, locator)));
  return json::object(std::move(entries));
}

Value symbols(NodeRef parent, Locator& locator) {
  std::vector<Value> all;
  for (NodeRef node : parent.children(NodeCategory::declaration)) {
    auto row = std::find_if(symbol_rows.begin(), symbol_rows.end(),
                            [&](const SymbolRow& each) { return each.node == node.kind(); });
    if (row != symbol_rows.end()) all.push_back(symbol(node, row->symbol, locator));
  }
  return Value::list(std::move(all));
}

}  // namespace

Value document_symbols(const SyntaxTree& tree, Locator& locator) { return symbols(tree.root(), locator); }

}  // namespace carbon::lsp
