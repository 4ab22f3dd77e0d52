#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/result.h"
#include "platform/sandbox/postgres/server_user.h"

namespace carbon::sandbox {

/// The files of one private PostgreSQL under `root`:
///
///     pgpass       for libpq's `passfile`
///     password     written last: with it, the database is complete
///     users.lock   held shared by every process that uses the server
///     start.lock   held by the one that starts it
///     server/      of the server's user, mode 0700: data/, run/, log, initdb.log
struct DatabaseFolder {
  std::string root;

  [[nodiscard]] std::string server() const { return root + "/server"; }
  [[nodiscard]] std::string users_lock() const { return root + "/users.lock"; }
  [[nodiscard]] std::string start_lock() const { return root + "/start.lock"; }
  [[nodiscard]] std::string passfile() const { return root + "/pgpass"; }
  [[nodiscard]] std::string data() const { return server() + "/data"; }
  [[nodiscard]] std::string log() const { return server() + "/log"; }

  /// The password of a complete database, else empty.
  [[nodiscard]] std::string password() const;
  /// Makes the database anew; what an interrupted attempt left is removed. Errors: sandbox_failed.
  [[nodiscard]] Status make(const std::string& programs, const ServerUser& user) const;
};

/// What postmaster.pid says of a server (src/include/utils/pidfile.h).
struct Postmaster {
  pid_t pid = 0;
  int port = 0;
  std::string socket_folder;
  std::string listens;  ///< first address that it listens on, empty for none
  bool ready = false;
};

/// The server that runs on this data folder. A file that a dead server left says nothing; when its pid
/// belongs to another program by now, the file is removed, since the server itself would be misled.
[[nodiscard]] std::optional<Postmaster> running_postmaster(const std::string& data);

/// Makes a folder of that name and mode 0700 for the user. Errors: sandbox_failed.
[[nodiscard]] Status make_private_folder(const std::string& path, const ServerUser& user);
/// The same with a fresh name: `prefix` and six random characters.
[[nodiscard]] Result<std::string> make_temporary_folder(const std::string& prefix, const ServerUser& user);

}  // namespace carbon::sandbox
