#include "platform/sandbox/postgres/server_user.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

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

bool reachable(const std::string& path, const ServerUser& user) {
  if (!user.switched) return true;
  for (std::filesystem::path folder = path; folder.has_relative_path(); folder = folder.parent_path()) {
    struct stat found {};
    if (::stat(folder.c_str(), &found) != 0) continue;  // will be made, by us
    mode_t passing = found.st_uid == user.uid ? S_IXUSR : S_IXOTH;
    if ((found.st_mode & passing) == 0) return false;
  }
  return true;
}

}  // namespace carbon::sandbox
