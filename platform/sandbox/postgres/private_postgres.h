#pragma once

#include <string>

#include "base/result.h"
#include "platform/sandbox/file_lock.h"

namespace carbon::sandbox {

/// How the private server is reached. `host` is a socket folder, or 127.0.0.1 as well when it listens.
struct PostgresAddress {
  std::string socket_folder;
  int port = 5432;
  bool loopback = false;  ///< 127.0.0.1:port answers too
  std::string user = "postgres";
  std::string password;
  std::string passfile;  ///< a file of mode 0600 with the password, as libpq reads it

  /// A line for a shell that connects psql; the password is not in it.
  [[nodiscard]] std::string psql() const;
};

/// A real PostgreSQL for the sandbox world, one a folder: all that it has stays in the folder, its server
/// runs while any process holds a PrivatePostgres of it. Processes share the server; the last one's end stops
/// it, also when that end is a `kill -9`. Nothing else on the machine can log in: a socket in a folder of
/// mode 0700, a random password (scram-sha-256) in a file of mode 0600, and no TCP unless asked for.
///
/// A commit survives the death of any process, not a power cut (fsync is off): a sandbox can be filled again.
/// Any thread.
class PrivatePostgres {
 public:
  enum class Reach : std::uint8_t { socket, loopback };

  /// Makes the database at first use (about a second), starts the server unless it runs, and waits until it
  /// accepts connections. Run as root, the server gets another user, who need not be able to reach the
  /// folder. Errors: sandbox_failed (C0710), with the server's last words; no PostgreSQL installed names the
  /// package.
  [[nodiscard]] static Result<PrivatePostgres> open(const std::string& folder, Reach reach = Reach::socket);

  PrivatePostgres(PrivatePostgres&&) = default;
  PrivatePostgres& operator=(PrivatePostgres&&) = delete;
  /// The last user waits (at most ten seconds) until the server is gone, so that its folder can be removed.
  ~PrivatePostgres();

  [[nodiscard]] const PostgresAddress& address() const { return address_; }

 private:
  PrivatePostgres(std::string folder, FileLock user, PostgresAddress address)
      : folder_(std::move(folder)), user_(std::move(user)), address_(std::move(address)) {}

  std::string folder_;
  FileLock user_;
  PostgresAddress address_;
};

}  // namespace carbon::sandbox
