#include "platform/sandbox/postgres/database_folder.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/core.h>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/base64.h"
#include "platform/sandbox/postgres/child_program.h"

namespace carbon::sandbox {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> failed(const std::string& path) {
  return fail(DiagnosticCode::sandbox_failed, fmt::format("{}: {}", path, std::strerror(errno)));
}

Status give(const std::string& path, const ServerUser& user) {
  if (user.switched && ::chown(path.c_str(), user.uid, user.gid) != 0) return failed(path);
  return {};
}

Status write_private(const std::string& path, std::string_view text) {
  ::unlink(path.c_str());
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return failed(path);
  bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(file);
  if (!written) return failed(path);
  return {};
}

Result<std::string> random_password() {
  std::string bytes(24, '\0');
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return failed("getrandom");
  return hex_encode(bytes);
}

int number_of(const std::string& line) {
  int number = 0;
  std::from_chars(line.data(), line.data() + line.size(), number);
  return number;
}

}  // namespace

Status make_private_folder(const std::string& path, const ServerUser& user) {
  if (::mkdir(path.c_str(), 0700) != 0) return failed(path);
  return give(path, user);
}

Result<std::string> make_temporary_folder(const std::string& prefix, const ServerUser& user) {
  std::string path = prefix + "XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return failed(path);
  CARBON_CHECK(give(path, user));
  return path;
}

std::string DatabaseFolder::password() const {
  std::ifstream file(root + "/password");
  std::string text;
  std::getline(file, text);
  return text;
}

Status DatabaseFolder::make(const std::string& programs, const ServerUser& user) const {
  std::error_code error;
  fs::remove_all(server(), error);
  CARBON_CHECK(make_private_folder(server(), user));
  CARBON_CHECK(make_private_folder(server() + "/run", user));
  std::string password = CARBON_TRY(random_password());
  std::string handed = server() + "/password";
  CARBON_CHECK(write_private(handed, password + "\n"));
  CARBON_CHECK(give(handed, user));
  ChildProgram initdb(
      {programs + "/initdb", fmt::format("--pgdata={}/data", own_folder), "--username=postgres",
       fmt::format("--pwfile={}/password", own_folder), "--auth=scram-sha-256", "--encoding=UTF8",
       "--locale=C.UTF-8", "--no-sync", "--no-instructions"},
      user, server(), "initdb.log");
  CARBON_CHECK(initdb.run());
  ::unlink(handed.c_str());
  CARBON_CHECK(write_private(passfile(), fmt::format("*:*:*:postgres:{}\n", password)));
  return write_private(root + "/password", password + "\n");
}

std::optional<Postmaster> running_postmaster(const std::string& data) {
  enum Line : std::uint8_t { pid, folder, started, port, socket, listens, shared_memory, status, lines };
  std::string path = data + "/postmaster.pid";
  std::ifstream file(path);
  std::string line[lines];
  for (std::string& text : line) std::getline(file, text);
  Postmaster found{number_of(line[pid]), number_of(line[port]), line[socket], line[listens],
                   line[status].starts_with("ready")};
  if (found.pid <= 0 || ::kill(found.pid, 0) != 0) return std::nullopt;
  if (found.socket_folder.starts_with(own_folder))
    found.socket_folder =
        fs::path(data).parent_path().string() + found.socket_folder.substr(own_folder.size());
  // A server's working folder is its data folder. Being unreadable means that it is somebody else's program.
  std::error_code error;
  if (fs::read_symlink(fmt::format("/proc/{}/cwd", found.pid), error) == data) return found;
  if (::kill(found.pid, 0) == 0) ::unlink(path.c_str());
  return std::nullopt;
}

}  // namespace carbon::sandbox
