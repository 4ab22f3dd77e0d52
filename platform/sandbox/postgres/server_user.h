#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace carbon::sandbox {

/// As whom the database server runs. PostgreSQL refuses to run as root, so root hands it to `postgres`, or to
/// `nobody` where that user does not exist.
struct ServerUser {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  bool switched = false;  ///< not the user who runs carbon
};

/// Errors: sandbox_failed when carbon runs as root and there is no user to hand over to.
[[nodiscard]] Result<ServerUser> choose_server_user();

/// Gives up root's rights and all its groups. Only async-signal-safe calls: made between fork and exec.
[[nodiscard]] bool become(const ServerUser& user) noexcept;

}  // namespace carbon::sandbox
