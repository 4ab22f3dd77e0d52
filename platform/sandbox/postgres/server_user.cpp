#include "platform/sandbox/postgres/server_user.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

namespace carbon::sandbox {

Result<ServerUser> choose_server_user() {
  if (::geteuid() != 0) return ServerUser{"", ::geteuid(), ::getegid(), false};
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = ::getpwnam(name)) return ServerUser{name, entry->pw_uid, entry->pw_gid, true};
  }
  return fail(Error(DiagnosticCode::sandbox_failed,
                    "PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`")
                  .help("run carbon as an ordinary user"));
}

bool become(const ServerUser& user) noexcept {
  if (!user.switched) return true;
  return ::setgroups(0, nullptr) == 0 && ::setresgid(user.gid, user.gid, user.gid) == 0 &&
         ::setresuid(user.uid, user.uid, user.uid) == 0;
}

}  // namespace carbon::sandbox
