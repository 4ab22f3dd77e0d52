#pragma once

#include <optional>
#include <string>

#include "platform/connectors/postgres/scratch_server.h"
#include "platform/sandbox/file_lock.h"
#include "platform/sandbox/postgres/private_postgres.h"

namespace carbon {

/// The scratch server as a private PostgreSQL in a folder of the platform (`.carbon/scratch`), started when
/// it is first asked for. What is kept are files there, by the digest of their key; a file that cannot be
/// written is not kept, and of many those go that were not asked for the longest.
class ScratchPostgres final : public ScratchServer {
 public:
  /// `io` is the network's: also in a sandbox world the scratch server is reached by itself.
  ScratchPostgres(Io& io, std::string folder) : io_(io), folder_(std::move(folder)) {}

  Result<SqlEndpoint> start() override;
  Io& io() override { return io_; }
  Result<bool> try_hold() override;
  void release() override { load_ = {}; }
  std::optional<std::string> kept(std::string_view key) override;
  void keep(std::string_view key, std::string_view text) override;

 private:
  [[nodiscard]] std::string file_of(std::string_view key) const;
  void forget_oldest() const;

  Io& io_;
  std::string folder_;
  std::optional<sandbox::PrivatePostgres> server_;
  sandbox::FileLock load_;
};

}  // namespace carbon
