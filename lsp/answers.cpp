// Questions about a place in a document.

#include <fmt/core.h>

#include "lsp/formatting.h"
#include "lsp/hover.h"
#include "lsp/json.h"
#include "lsp/referent.h"
#include "lsp/semantic_tokens.h"
#include "lsp/server.h"
#include "lsp/symbols.h"

namespace carbon::lsp {

std::optional<Server::Spot> Server::spot(const Value& parameters) {
  const Document* document = documents_.find(json::text_at(parameters, {"textDocument", "uri"}));
  if (document == nullptr) return std::nullopt;
  Analysis& current = analysis(root_of(*document));
  const SyntaxTree* tree = current.tree_at(document->path);
  if (tree == nullptr) return std::nullopt;
  Spot made{*document, current, *tree, Locator(current, documents_, encoding_)};
  made.offset = made.locator.offset(current.sources->file(tree->file()),
                                    read_position(json::at(parameters, {"position"})));
  return made;
}

Server::Reply Server::symbols(const Value& parameters) {
  std::optional<Spot> at = spot(parameters);
  return at ? document_symbols(at->tree, at->locator) : Value();
}

Server::Reply Server::formatting(const Value& parameters) {
  const Document* document = documents_.find(json::text_at(parameters, {"textDocument", "uri"}));
  if (document == nullptr) return Value();
  auto result = format_change(document->text);
  if (const std::string* problem = std::get_if<std::string>(&result)) {
    log(fmt::format("`{}`: {}", document->uri, *problem));
    return Value();
  }
  const TextChange& change = std::get<TextChange>(result);
  if (change.begin == change.end && change.replacement.empty()) return Value::list({});
  TextLines lines(document->text, encoding_);
  Range range{lines.position(change.begin), lines.position(change.end)};
  return Value::list({json::object(
      {json::field("range", to_value(range)), json::field("newText", json::text(change.replacement))})});
}

Server::Reply Server::tokens(const Value& parameters) {
  std::optional<Spot> at = spot(parameters);
  if (!at) return Value();
  return json::object({json::field("data", semantic_tokens(at->analysis, at->tree, encoding_))});
}

Server::Reply Server::hover(const Value& parameters) {
  std::optional<Spot> at = spot(parameters);
  if (!at) return Value();
  workspace_.evaluate(at->analysis, environment_);
  HoverText found = hover_at(at->analysis, at->tree, at->offset, workspace_);
  if (found.markdown.empty()) return Value();
  Value contents = json::object(
      {json::field("kind", json::text("markdown")), json::field("value", json::text(found.markdown))});
  return json::object({json::field("contents", std::move(contents)),
                       json::field("range", to_value(at->locator.range(found.span)))});
}

Server::Reply Server::definition(const Value& parameters) {
  std::optional<Spot> at = spot(parameters);
  if (!at) return Value();
  std::vector<Value> locations;
  std::vector<NodeRef> path = nodes_at(at->tree, at->offset);
  for (NodeRef node : path) {
    // A package is where its files are, not where it is imported.
    bool of_path = node.is(NodeKind::import) && at->offset <= node.child(NodeCategory::expression).span().end;
    if (!of_path) continue;
    for (const std::string& file : imported_files(at->analysis, node)) {
      locations.push_back(json::object({json::field("uri", json::text(documents_.uri_of(file))),
                                        json::field("range", to_value(Range()))}));
    }
  }
  std::optional<Referent> referent = referent_at(at->analysis, at->offset);
  if (locations.empty() && referent && referent->target.known()) {
    if (std::optional<Value> location = at->locator.location(referent->target))
      locations.push_back(std::move(*location));
  }
  return Value::list(std::move(locations));
}

Server::Reply Server::references(const Value& parameters) {
  std::optional<Spot> at = spot(parameters);
  std::optional<Referent> referent = at ? referent_at(at->analysis, at->offset) : std::nullopt;
  if (!referent || !referent->target.known()) return Value::list({});
  bool declaration = json::true_at(parameters, {"context", "includeDeclaration"});
  std::vector<Value> locations;
  for (SourceSpan place : places_of(at->analysis, referent->target)) {
    if (place == referent->target && !declaration) continue;
    if (std::optional<Value> location = at->locator.location(place))
      locations.push_back(std::move(*location));
  }
  return Value::list(std::move(locations));
}

}  // namespace carbon::lsp
