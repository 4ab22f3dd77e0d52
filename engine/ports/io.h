#pragma once

#include <coroutine>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"
#include "base/task.h"

namespace carbon {

struct Header {
  std::string name;
  std::string value;
};

/// What is needed to reach an HTTP server. Made by a connector from its provider; a driver may pool
/// connections by `name`. The secrets in it live in memory only.
struct HttpEndpoint {
  std::string name;  ///< for messages: `https://10.0.0.1:6443`
  std::string base;  ///< scheme, host and port
  std::string ca_pem;
  std::string client_certificate_pem;
  std::string client_key_pem;
  std::string server_name;  ///< TLS name, when it is not the host
  std::string bearer_token;
  bool plain_text_allowed = false;  ///< http:// only to loopback, unless this is set
};

struct HttpRequest {
  std::string method;
  std::string target;  ///< path and query, percent-encoded
  std::vector<Header> headers;
  std::string body;
  Duration timeout{60'000'000'000};
};

/// What became of a request. `sent` tells a failure that had no effect from one that may have had.
struct HttpReply {
  int status = 0;  ///< 0: there was no reply
  std::vector<Header> headers;
  std::string body;
  std::string failure;  ///< why there was no reply
  bool sent = false;    ///< at least one byte of the request may have reached the server
  enum class Cause : std::uint8_t { none, dns, refused, tls, timeout, reset, other } cause = Cause::none;

  [[nodiscard]] const std::string* header(std::string_view name) const;  ///< names compare without case
};

/// One connection's worth of parameters for a PostgreSQL server.
struct SqlEndpoint {
  std::string name;  ///< for messages: `postgres://user@host:port`
  std::string host;  ///< host name, address or socket folder
  int port = 5432;
  std::string user;
  std::string password;
  std::string sslmode = "prefer";
  std::string ca_pem;  ///< what the server's certificate is checked with; empty for libpq's own rule
  std::string client_certificate_pem;
  std::string client_key_pem;
  std::string application_name = "carbon";
  int most_connections = 16;  ///< at the same time, to all databases of the server
};

struct SqlStatement {
  std::string text;
  std::vector<std::optional<std::string>> parameters;  ///< text format; nullopt is NULL
};

/// Statements that run on one connection to one database, in order.
struct SqlRequest {
  enum class Mode : std::uint8_t {
    read_only,    ///< one READ ONLY transaction
    transaction,  ///< all or nothing
    plain,        ///< outside a transaction: CREATE DATABASE and its like
  };
  std::string database;
  Mode mode = Mode::read_only;
  std::vector<SqlStatement> statements;
  Duration timeout{60'000'000'000};
};

/// Rows as text, NULL as nullopt, with the type's OID to read them by.
struct SqlRows {
  std::vector<std::string> columns;
  std::vector<std::uint32_t> types;
  std::vector<std::vector<std::optional<std::string>>> rows;
  std::int64_t affected = 0;
};

struct SqlReply {
  bool ok = false;
  std::vector<SqlRows> results;  ///< one a statement
  std::string sqlstate;          ///< when the server refused
  std::string message;           ///< the server's words, or why there was no reply
  std::string detail;
  std::size_t failed_statement = 0;
  bool connected = false;          ///< false: nothing was sent
  bool committed_unknown = false;  ///< the connection broke after COMMIT was sent
};

/// A program to run: no shell, and nothing of this process but what is written here.
struct ProcessRequest {
  std::string path;                      ///< absolute
  std::vector<std::string> arguments;    ///< behind the program's own name
  std::vector<std::string> environment;  ///< `NAME=VALUE`, all that there is
  std::size_t most_output = 1 << 20;     ///< bytes; a program that prints more is killed
  Duration timeout{20'000'000'000};
};

/// How a program ended. What it printed may be secret.
struct ProcessReply {
  enum class Ended : std::uint8_t { exited, not_started, timed_out, too_much_output, killed };
  Ended ended = Ended::exited;
  int status = 0;       ///< the exit code, or the signal that killed it
  std::string output;   ///< standard output
  std::string failure;  ///< why it was not started
};

/// The world behind connectors. A driver carries requests out: the network, the embedded sandbox, a
/// simulation, or a fault injector around one of them. All calls come from the one event-loop thread, and
/// completions are called on it, never from inside the call that started them.
class Io {
 public:
  template <class T>
  using Done = std::function<void(T)>;

  virtual ~Io() = default;
  virtual void start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) = 0;
  virtual void start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) = 0;
  virtual void start_sleep(Duration duration, std::function<void()> done) = 0;
  /// Only the real world runs programs; elsewhere none is started.
  virtual void start_process(ProcessRequest request, Done<ProcessReply> done);
  /// Monotonic nanoseconds that go on while a laptop sleeps (CLOCK_BOOTTIME).
  [[nodiscard]] virtual std::int64_t now() = 0;
  /// Wall clock, for people and leases: nanoseconds since 1970.
  [[nodiscard]] virtual std::int64_t wall_clock() = 0;
  /// Random bytes: from the system, or seeded in a simulation.
  [[nodiscard]] virtual std::string random(std::size_t bytes) = 0;
  /// Runs the event loop until the task is done. The task must not have been started.
  virtual void run(Task<void>& root) = 0;

  // Awaitable forms, for connectors and the executor. Bind the request to a named local first.
  [[nodiscard]] auto http(HttpEndpoint endpoint, HttpRequest request);
  [[nodiscard]] auto sql(SqlEndpoint endpoint, SqlRequest request);
  [[nodiscard]] auto sleep(Duration duration);
  [[nodiscard]] auto process(ProcessRequest request);
};

namespace detail {

/// Suspends, starts an operation and resumes with its reply.
template <class Reply, class Start>
struct IoAwaiter {
  Start start;
  std::optional<Reply> reply;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    start([this, waiting](Reply done) {
      reply.emplace(std::move(done));
      waiting.resume();
    });
  }
  Reply await_resume() { return std::move(*reply); }
};

template <class Reply, class Start>
IoAwaiter<Reply, Start> make_io_awaiter(Start start) {
  return {std::move(start), std::nullopt};
}

struct Slept {};

}  // namespace detail

inline auto Io::http(HttpEndpoint endpoint, HttpRequest request) {
  return detail::make_io_awaiter<HttpReply>(
      [this, endpoint = std::move(endpoint), request = std::move(request)](Done<HttpReply> done) mutable {
        start_http(endpoint, std::move(request), std::move(done));
      });
}

inline auto Io::sql(SqlEndpoint endpoint, SqlRequest request) {
  return detail::make_io_awaiter<SqlReply>(
      [this, endpoint = std::move(endpoint), request = std::move(request)](Done<SqlReply> done) mutable {
        start_sql(endpoint, std::move(request), std::move(done));
      });
}

inline auto Io::process(ProcessRequest request) {
  return detail::make_io_awaiter<ProcessReply>(
      [this, request = std::move(request)](Done<ProcessReply> done) mutable {
        start_process(std::move(request), std::move(done));
      });
}

inline auto Io::sleep(Duration duration) {
  return detail::make_io_awaiter<detail::Slept>([this, duration](Done<detail::Slept> done) {
    start_sleep(duration, [done = std::move(done)] { done({}); });
  });
}

}  // namespace carbon
