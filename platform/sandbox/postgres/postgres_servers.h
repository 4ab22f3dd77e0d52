#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/sandbox/postgres/private_postgres.h"

namespace carbon::sandbox {

/// A server as providers name it. The host's letter case does not matter.
struct PostgresEndpoint {
  std::string host;
  int port = 5432;

  /// The same with the host in lower case.
  [[nodiscard]] PostgresEndpoint normal() const;
  friend auto operator<=>(const PostgresEndpoint&, const PostgresEndpoint&) = default;
};

/// The private servers of one world: one for each host and port that providers name, so that databases and
/// roles of one name on two servers stay apart. Each has its own folder `HOST_PORT` below `folder`. They run
/// from when they are first asked for until this object ends, or longer, see PrivatePostgres. One thread.
class PostgresServers {
 public:
  explicit PostgresServers(std::string folder) : folder_(std::move(folder)) {}

  /// The server of that endpoint; starting it takes about a second the first time, and less than a tenth of
  /// one later. Errors: sandbox_failed.
  [[nodiscard]] Result<PostgresAddress> start(const PostgresEndpoint& endpoint);
  /// Endpoints that have a database in the folder, in order, whether or not their server runs.
  [[nodiscard]] std::vector<PostgresEndpoint> existing() const;

 private:
  std::string folder_;
  std::map<PostgresEndpoint, PrivatePostgres> started_;
};

}  // namespace carbon::sandbox
