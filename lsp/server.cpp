#include "lsp/server.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/value_json.h"
#include "lsp/diagnostics.h"
#include "lsp/json.h"
#include "lsp/uri.h"

namespace carbon::lsp {

namespace {

// JSON-RPC 2.0 and LSP 3.17, "ErrorCodes".
constexpr int parse_error = -32700;
constexpr int invalid_request = -32600;
constexpr int method_not_found = -32601;
constexpr int not_initialized = -32002;
constexpr int request_cancelled = -32800;

Value version() { return json::text("2.0"); }

}  // namespace

Server::Server(Workspace& workspace, Send send)
    : workspace_(workspace),
      send_(std::move(send)),
      documents_([&workspace](const std::string& path) { return workspace.canonical(path); }) {}

void Server::receive(std::string_view bytes) {
  reader_.feed(bytes);
  while (std::optional<Frame> frame = reader_.next()) {
    Message& made = queue_.emplace_back();
    made.kind = frame->kind;
    if (frame->kind != Frame::Kind::complete) continue;
    if (Result<Value> body = parse_json(frame->text)) {
      made.body = std::move(*body);
      made.readable = true;
    }
  }
}

void Server::handle() {
  Message message = std::move(queue_.front());
  queue_.pop_front();
  switch (message.kind) {
    case Frame::Kind::too_large:
      return refuse({}, invalid_request,
                    fmt::format("a message may have {} bytes", FrameReader::largest_message));
    case Frame::Kind::unreadable: return refuse({}, parse_error, "a header without a usable Content-Length");
    case Frame::Kind::complete: break;
  }
  if (!message.readable) return refuse({}, parse_error, "the message is no JSON document");
  dispatch(message.body);
}

void Server::dispatch(const Value& body) {
  const Value& method = json::at(body, {"method"});
  const Value* id = body.find("id");
  if (!method.is_string()) {
    // An answer to a request of ours: there are none that wait.
    bool answer = id != nullptr && (body.find("result") != nullptr || body.find("error") != nullptr);
    if (!answer) refuse(id != nullptr ? *id : Value(), invalid_request, "a message needs a `method`");
    return;
  }
  const Value& parameters = json::at(body, {"params"});
  if (id == nullptr) return notification(std::string(method.text()), parameters);
  request(*id, std::string(method.text()), parameters);
}

bool Server::is_cancelled(const Value& id) const {
  return std::any_of(queue_.begin(), queue_.end(), [&](const Message& later) {
    return json::text_at(later.body, {"method"}) == "$/cancelRequest" &&
           json::at(later.body, {"params", "id"}) == id;
  });
}

void Server::request(const Value& id, const std::string& method, const Value& parameters) {
  if (shut_down_) return refuse(id, invalid_request, "the server is shut down");
  if (initialized_ == (method == "initialize")) {
    return initialized_ ? refuse(id, invalid_request, "the server is initialized already")
                        : refuse(id, not_initialized, "`initialize` comes first");
  }
  if (is_cancelled(id)) return refuse(id, request_cancelled, "cancelled");
  const auto& known = requests();
  auto found =
      std::find_if(known.begin(), known.end(), [&](const Request& each) { return each.method == method; });
  if (found == known.end())
    return refuse(id, method_not_found, fmt::format("there is no method `{}`", method));
  Reply reply = (this->*found->answer)(parameters);
  if (!reply) return refuse(id, reply.error().code, reply.error().message);
  respond(id, std::move(*reply));
}

void Server::notification(const std::string& method, const Value& parameters) {
  if (method == "exit") return exit(parameters);
  if (!initialized_ || shut_down_) return;
  for (const Notification& each : notifications()) {
    if (each.method == method) return (this->*each.take)(parameters);
  }
  // `$/…` may be ignored; for others the protocol has no answer either.
}

void Server::send(Value message) { send_(frame(to_json(message))); }

void Server::respond(const Value& id, Value result) {
  send(json::object(
      {json::field("jsonrpc", version()), json::field("id", id), json::field("result", std::move(result))}));
}

void Server::refuse(const Value& id, int code, std::string_view message) {
  Value error =
      json::object({json::field("code", Value::integer(code)), json::field("message", json::text(message))});
  send(json::object(
      {json::field("jsonrpc", version()), json::field("id", id), json::field("error", std::move(error))}));
}

void Server::notify(std::string_view method, Value parameters) {
  send(json::object({json::field("jsonrpc", version()), json::field("method", json::text(method)),
                     json::field("params", std::move(parameters))}));
}

void Server::log(std::string_view message) {
  constexpr std::int64_t warning = 2;
  notify("window/logMessage", json::object({json::field("type", Value::integer(warning)),
                                            json::field("message", json::text(message))}));
}

Server::Reply Server::shutdown(const Value&) {
  shut_down_ = true;
  return Value();
}

void Server::exit(const Value&) { exit_code_ = lost_client(); }

void Server::nothing(const Value&) {}

void Server::did_open(const Value& parameters) {
  if (std::string problem = documents_.open(parameters); !problem.empty()) return log(problem);
  roots_.clear();
  changed(json::text_at(parameters, {"textDocument", "uri"}));
}

void Server::did_change(const Value& parameters) {
  if (std::string problem = documents_.change(parameters); !problem.empty()) return log(problem);
  changed(json::text_at(parameters, {"textDocument", "uri"}));
}

void Server::did_close(const Value& parameters) {
  // What the file says on disk counts again.
  changed(json::text_at(parameters, {"textDocument", "uri"}));
  if (std::string problem = documents_.close(parameters); !problem.empty()) log(problem);
}

void Server::files_changed(const Value&) {
  analyses_.clear();
  roots_.clear();
  for (const auto& [uri, document] : documents_.all()) changed(uri);
}

OpenTexts Server::open_texts() const {
  OpenTexts texts;
  for (const auto& [uri, document] : documents_.all()) texts.emplace(document.path, document.text);
  return texts;
}

const std::string& Server::root_of(const Document& document) {
  std::string& root = roots_[document.path];
  if (root.empty()) root = workspace_.root_of(document.path, folders_, open_texts());
  return root;
}

void Server::changed(std::string_view uri) {
  const Document* document = documents_.find(uri);
  if (document == nullptr) return;
  // Any package may import the file.
  analyses_.clear();
  stale_.insert(root_of(*document));
  for (const auto& [root, uris] : shown_) {
    if (uris.contains(document->uri)) stale_.insert(root);
  }
}

Analysis& Server::analysis(const std::string& root) {
  std::unique_ptr<Analysis>& known = analyses_[root];
  if (known == nullptr) known = workspace_.analyse(root, open_texts());
  return *known;
}

void Server::publish() {
  std::set<std::string> roots;
  roots.swap(stale_);
  for (const std::string& root : roots) {
    Analysis& current = analysis(root);
    workspace_.evaluate(current, environment_);
    Locator locator(current, documents_, encoding_);
    auto by_file = published(current, locator);
    std::set<std::string>& shown = shown_[root];
    for (const std::string& uri : shown) by_file[uri];  // what was shown and is gone is cleared
    shown.clear();
    for (auto& [uri, diagnostics] : by_file) {
      shown.insert(uri);
      std::vector<Entry> entries{json::field("uri", json::text(uri)),
                                 json::field("diagnostics", Value::list(std::move(diagnostics)))};
      if (const Document* open = documents_.find(uri))
        entries.push_back(json::field("version", Value::integer(open->version)));
      notify("textDocument/publishDiagnostics", json::object(std::move(entries)));
    }
  }
}

}  // namespace carbon::lsp
