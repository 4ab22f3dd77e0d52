#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/ports/io.h"

namespace carbon {

/// A private PostgreSQL in which SQL of a platform may be tried, so that it never runs on a target while a
/// plan is made; with a store for what came out of it. Outlives the connectors. Event-loop thread only.
class ScratchServer {
 public:
  virtual ~ScratchServer() = default;

  /// Starts it unless it runs, and gives the way to it as its superuser. Errors: sandbox_failed.
  virtual Result<SqlEndpoint> start() = 0;
  virtual Io& io() = 0;

  /// Takes the server for one load, which no other process of this machine may run beside: the roles that a
  /// load makes are the whole server's. False: another has it. It is let go with release(), or with the
  /// process. Errors: sandbox_failed.
  virtual Result<bool> try_hold() = 0;
  virtual void release() = 0;

  /// What `keep` was given under that key, by this or an earlier run.
  virtual std::optional<std::string> kept(std::string_view key) = 0;
  virtual void keep(std::string_view key, std::string_view text) = 0;
};

}  // namespace carbon
