#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "lsp/analysis.h"
#include "lsp/documents.h"
#include "lsp/framing.h"
#include "lsp/locator.h"
#include "lsp/rename.h"

namespace carbon::lsp {

/// The language server as a state machine: bytes go in, bytes come out; who owns the descriptors calls it.
/// One thread. What it answers: docs/reference/lsp.md.
class Server {
 public:
  using Send = std::function<void(std::string_view bytes)>;

  /// The workspace outlives the server.
  Server(Workspace& workspace, Send send);

  /// Bytes of the client, in any portions. Nothing is answered yet.
  void receive(std::string_view bytes);
  /// Whether a whole message waits for `handle`.
  [[nodiscard]] bool has_message() const { return !queue_.empty(); }
  /// Answers the oldest message.
  void handle();
  /// Whether texts have changed since diagnostics were sent.
  [[nodiscard]] bool is_dirty() const { return !stale_.empty(); }
  /// Checks what has changed and sends diagnostics.
  void publish();
  /// Set once the client has said `exit`.
  [[nodiscard]] std::optional<int> exit_code() const { return exit_code_; }
  /// Of a client that is gone without saying so.
  [[nodiscard]] int lost_client() const { return shut_down_ ? 0 : 1; }

 private:
  struct Message {
    Frame::Kind kind = Frame::Kind::complete;
    Value body;
    bool readable = false;
  };
  /// A document in the current analysis of its package.
  struct Spot {
    const Document& document;
    Analysis& analysis;
    const SyntaxTree& tree;
    Locator locator;
    std::uint32_t offset = 0;  ///< of the position, in the SourceMap
  };

  /// Why a request cannot be answered, with the protocol's number.
  struct Refusal {
    int code = 0;
    std::string message;
  };
  using Reply = tl::expected<Value, Refusal>;
  using Answer = Reply (Server::*)(const Value& parameters);
  using Notice = void (Server::*)(const Value& parameters);
  struct Request {
    std::string_view method;
    Answer answer;
  };
  struct Notification {
    std::string_view method;
    Notice take;
  };
  [[nodiscard]] static tl::unexpected<Refusal> refusal(int code, std::string message) {
    return tl::unexpected<Refusal>({code, std::move(message)});
  }
  static const std::vector<Request>& requests();
  static const std::vector<Notification>& notifications();

  // dispatch
  void dispatch(const Value& body);
  void request(const Value& id, const std::string& method, const Value& parameters);
  void notification(const std::string& method, const Value& parameters);
  [[nodiscard]] bool is_cancelled(const Value& id) const;
  void respond(const Value& id, Value result);
  void refuse(const Value& id, int code, std::string_view message);
  void notify(std::string_view method, Value parameters);
  void log(std::string_view message);
  void send(Value message);

  // life cycle and documents
  [[nodiscard]] Reply initialize(const Value& parameters);
  [[nodiscard]] Reply shutdown(const Value& parameters);
  void exit(const Value& parameters);
  void nothing(const Value& parameters);
  void did_open(const Value& parameters);
  void did_change(const Value& parameters);
  void did_close(const Value& parameters);
  void files_changed(const Value& parameters);

  // questions about a document: answers.cpp
  [[nodiscard]] Reply symbols(const Value& parameters);
  [[nodiscard]] Reply formatting(const Value& parameters);
  [[nodiscard]] Reply tokens(const Value& parameters);
  [[nodiscard]] Reply hover(const Value& parameters);
  [[nodiscard]] Reply definition(const Value& parameters);
  [[nodiscard]] Reply references(const Value& parameters);
  // and those that offer edits: changes.cpp
  [[nodiscard]] Reply completion(const Value& parameters);
  [[nodiscard]] Reply code_action(const Value& parameters);
  [[nodiscard]] Reply prepare_rename(const Value& parameters);
  [[nodiscard]] Reply rename(const Value& parameters);
  /// The package as it is after the edits, which are in order.
  [[nodiscard]] std::unique_ptr<Analysis> analysis_with(const Analysis& before,
                                                        const std::vector<SpanEdit>& edits);
  /// Nothing when the document is not open, or its package does not hold it.
  [[nodiscard]] std::optional<Spot> spot(const Value& parameters);

  [[nodiscard]] OpenTexts open_texts() const;
  void changed(std::string_view uri);
  [[nodiscard]] const std::string& root_of(const Document& document);
  /// The analysis of the texts as they are now.
  [[nodiscard]] Analysis& analysis(const std::string& root);

  Workspace& workspace_;
  Send send_;
  FrameReader reader_;
  std::deque<Message> queue_;
  Documents documents_;
  PositionEncoding encoding_ = PositionEncoding::utf16;
  bool snippets_ = false;  ///< the client fills the places of snippets
  std::vector<std::string> folders_;
  std::string environment_;
  bool initialized_ = false;
  bool shut_down_ = false;
  std::optional<int> exit_code_;
  std::map<std::string, std::unique_ptr<Analysis>> analyses_;  ///< by root; dropped when a text changes
  std::map<std::string, std::string> roots_;                   ///< by path of a document
  std::set<std::string> stale_;                                ///< roots whose diagnostics are old
  std::map<std::string, std::set<std::string>> shown_;         ///< by root: URIs that have diagnostics
};

}  // namespace carbon::lsp
