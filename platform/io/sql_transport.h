#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/ports/io.h"
#include "platform/io/event_loop.h"
#include "platform/io/name_resolver.h"

namespace carbon {

/// PostgreSQL over libpq's asynchronous interface, in the same loop as HTTP. Keeps a few connections per
/// (endpoint, database). Neither ~/.pgpass nor PGPASSWORD is ever used: only the endpoint's password is sent.
///
/// A statement that ends the transaction it runs in fails the request: nothing may escape READ ONLY. Before a
/// statement outside of a transaction, idle connections to other databases of that server are closed, because
/// DROP DATABASE and CREATE DATABASE refuse while someone is connected. Owned by a driver; used on its
/// event-loop thread.
class SqlTransport {
 public:
  using Done = std::function<void(SqlReply)>;

  explicit SqlTransport(NameResolver& resolver);
  SqlTransport(const SqlTransport&) = delete;
  SqlTransport& operator=(const SqlTransport&) = delete;
  ~SqlTransport();

  /// `now` is the driver's clock, as in the other calls.
  void start(const SqlEndpoint& endpoint, SqlRequest request, Done done, std::int64_t now);
  /// What to wait for.
  void add_descriptors(std::vector<WaitedDescriptor>& out) const;
  [[nodiscard]] std::optional<std::int64_t> next_deadline() const;
  /// Moves connections on and appends the completions of requests that have ended.
  void collect(const std::vector<WaitedDescriptor>& waited, std::int64_t now, Completions& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace carbon
