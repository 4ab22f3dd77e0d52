#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "platform/io/forwarding_driver.h"

namespace carbon {

/// One request that has its reply, or none. No body, no header that was sent, no parameter of a statement:
/// what may be told to anybody.
struct RequestTrace {
  std::uint64_t number = 0;  ///< in the order in which they began
  std::string server;        ///< `https://10.0.0.1:6443`
  std::string what;          ///< `GET /api/v1/pods?limit=500`, `SQL shop 3 statements, in a transaction`
  std::string outcome;       ///< `200`, an SQLSTATE, or why no reply came
  std::string id;            ///< what the server calls the request, where it says so
  std::int64_t nanoseconds = 0;
  std::uint64_t sent = 0;      ///< bytes of the body or the statements
  std::uint64_t received = 0;  ///< bytes of the body; of SQL the number of rows
};

/// An Io around another that tells of every request, once somebody listens.
class TracingDriver final : public ForwardingDriver {
 public:
  using Listener = std::function<void(const RequestTrace&)>;

  explicit TracingDriver(Io& inner) : ForwardingDriver(inner) {}

  void listen(Listener listener) { listener_ = std::move(listener); }
  void start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) override;
  void start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) override;

 private:
  Listener listener_;
  std::uint64_t begun_ = 0;
};

}  // namespace carbon
