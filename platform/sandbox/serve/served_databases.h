#pragma once

#include <functional>
#include <set>
#include <string>

#include "base/result.h"
#include "platform/sandbox/postgres/postgres_servers.h"

namespace carbon::sandbox {

/// A database server of the served world.
struct ServedDatabase {
  std::string endpoint;  ///< as providers name it: `db.example.com:5432`
  std::string psql;      ///< the line that connects to it
};

/// Keeps the world's database servers running: those that it has, and those that others make meanwhile. One
/// thread.
class ServedDatabases {
 public:
  using Ready = std::function<void(const ServedDatabase&)>;
  using Trouble = std::function<void(const Error&)>;

  explicit ServedDatabases(PostgresServers& servers) : servers_(servers) {}

  /// Starts what is new; tells each once, be it that it runs or why it does not.
  void start_new(const Ready& ready, const Trouble& trouble);

 private:
  PostgresServers& servers_;
  std::set<PostgresEndpoint> told_;
};

}  // namespace carbon::sandbox
