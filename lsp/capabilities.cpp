// What the server can do, as it tells the client, and by which function.

#include "lsp/json.h"
#include "lsp/semantic_tokens.h"
#include "lsp/server.h"
#include "lsp/uri.h"

namespace carbon::lsp {

namespace {

PositionEncoding encoding_for(const Value& parameters) {
  for (const Value& offered : json::items_at(parameters, {"capabilities", "general", "positionEncodings"})) {
    if (offered.is_string() && offered.text() == "utf-8") return PositionEncoding::utf8;
  }
  return PositionEncoding::utf16;
}

std::string_view name_of(PositionEncoding encoding) {
  switch (encoding) {
    case PositionEncoding::utf8: return "utf-8";
    case PositionEncoding::utf16: return "utf-16";
  }
  return "";
}

Value semantic_token_options() {
  Value types = json::list(token_types(), json::text);
  Value legend = json::object(
      {json::field("tokenTypes", std::move(types)), json::field("tokenModifiers", Value::list({}))});
  return json::object({json::field("legend", std::move(legend)), json::field("full", Value::boolean(true))});
}

Value capabilities(PositionEncoding encoding) {
  constexpr std::int64_t incremental = 2;
  Value sync = json::object({json::field("openClose", Value::boolean(true)),
                             json::field("change", Value::integer(incremental)),
                             json::field("save", Value::boolean(true))});
  std::vector<Value> triggers;
  for (std::string_view each : {".", ":", "\"", "/"}) triggers.push_back(json::text(each));
  Value completion = json::object({json::field("triggerCharacters", Value::list(std::move(triggers)))});
  Value kinds = Value::list({json::text("quickfix"), json::text("source.fixAll")});
  Value actions = json::object({json::field("codeActionKinds", std::move(kinds))});
  return json::object({
      json::field("positionEncoding", json::text(name_of(encoding))),
      json::field("textDocumentSync", std::move(sync)),
      json::field("documentSymbolProvider", Value::boolean(true)),
      json::field("documentFormattingProvider", Value::boolean(true)),
      json::field("semanticTokensProvider", semantic_token_options()),
      json::field("hoverProvider", Value::boolean(true)),
      json::field("definitionProvider", Value::boolean(true)),
      json::field("referencesProvider", Value::boolean(true)),
      json::field("completionProvider", std::move(completion)),
      json::field("codeActionProvider", std::move(actions)),
      json::field("renameProvider", json::object({json::field("prepareProvider", Value::boolean(true))})),
  });
}

}  // namespace

const std::vector<Server::Request>& Server::requests() {
  static const std::vector<Request> all{
      {"initialize", &Server::initialize},
      {"shutdown", &Server::shutdown},
      {"textDocument/completion", &Server::completion},
      {"textDocument/codeAction", &Server::code_action},
      {"textDocument/prepareRename", &Server::prepare_rename},
      {"textDocument/rename", &Server::rename},
      {"textDocument/documentSymbol", &Server::symbols},
      {"textDocument/formatting", &Server::formatting},
      {"textDocument/semanticTokens/full", &Server::tokens},
      {"textDocument/hover", &Server::hover},
      {"textDocument/definition", &Server::definition},
      {"textDocument/references", &Server::references},
  };
  return all;
}

const std::vector<Server::Notification>& Server::notifications() {
  static const std::vector<Notification> all{
      {"initialized", &Server::nothing},
      {"textDocument/didOpen", &Server::did_open},
      {"textDocument/didChange", &Server::did_change},
      {"textDocument/didClose", &Server::did_close},
      {"textDocument/didSave", &Server::files_changed},
      {"workspace/didChangeWatchedFiles", &Server::files_changed},
  };
  return all;
}

Server::Reply Server::initialize(const Value& parameters) {
  initialized_ = true;
  encoding_ = encoding_for(parameters);
  documents_.set_encoding(encoding_);
  snippets_ = json::true_at(
      parameters, {"capabilities", "textDocument", "completion", "completionItem", "snippetSupport"});
  environment_ = json::text_at(parameters, {"initializationOptions", "environment"});
  auto add_folder = [this](const std::string& uri) {
    if (std::optional<std::string> path = path_of_uri(uri)) folders_.push_back(workspace_.canonical(*path));
  };
  for (const Value& folder : json::items_at(parameters, {"workspaceFolders"}))
    add_folder(json::text_at(folder, {"uri"}));
  if (folders_.empty()) add_folder(json::text_at(parameters, {"rootUri"}));
  Value info = json::object({json::field("name", json::text("carbon"))});
  return json::object(
      {json::field("capabilities", capabilities(encoding_)), json::field("serverInfo", std::move(info))});
}

}  // namespace carbon::lsp
