#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/ports/io.h"
#include "platform/io/event_loop.h"

struct pg_conn;
struct pg_result;

namespace carbon {

/// One connection to one database and the request that runs on it. A state machine: the owner waits for
/// wants() and calls step() until it says that the request has ended. Owned by the transport.
class SqlSession {
 public:
  /// `addresses` are the host's numeric ones; empty when the host is one itself, or a socket folder.
  SqlSession(const SqlEndpoint& endpoint, const std::string& database,
             const std::vector<std::string>& addresses);
  SqlSession(const SqlSession&) = delete;
  SqlSession& operator=(const SqlSession&) = delete;
  ~SqlSession();

  /// Takes a request; the session must be new or have ended its last one.
  void begin(SqlRequest request);
  /// Moves on as far as possible without blocking. True when the request has ended.
  [[nodiscard]] bool step();
  /// Ends the request with a failure because its time is over; the session is of no use any more.
  void expire();
  [[nodiscard]] SqlReply take() { return std::move(reply_); }
  [[nodiscard]] WaitedDescriptor wants() const;

  /// True when another request may use this connection.
  [[nodiscard]] bool usable();
  /// True when the connection broke before anything of the request could have had an effect, although it
  /// had worked before: the request may be given to another session.
  [[nodiscard]] bool stale() const { return stale_; }
  [[nodiscard]] SqlRequest take_request() { return std::move(request_); }

 private:
  enum class Phase : std::uint8_t { connecting, opening, statement, closing, rolling_back, ended };

  [[nodiscard]] bool in_transaction_mode() const { return request_.mode != SqlRequest::Mode::plain; }
  void connect();
  void open();
  void send(Phase phase, const char* text);
  void send_statement();
  void take_result(const pg_result* result);
  void command_ended();
  void statement_ended();
  void lost(std::string message);
  void end(bool ok);

  /// Hands a PEM text to libpq, which takes certificates from files only: a file without a name.
  [[nodiscard]] std::string memory_file(const std::string& text);

  pg_conn* connection_ = nullptr;
  std::vector<int> files_;  ///< open as long as the connection may read them
  SqlRequest request_;
  SqlReply reply_;
  Phase phase_ = Phase::ended;
  std::size_t index_ = 0;  ///< of the statement that runs
  bool connected_ = false;
  bool failed_ = false;  ///< the server refused something of this request
  bool reused_ = false;
  bool stale_ = false;
  bool broken_ = false;
  bool want_read_ = false;
  bool want_write_ = true;
};

}  // namespace carbon
