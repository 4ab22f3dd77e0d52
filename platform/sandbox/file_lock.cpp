#include "platform/sandbox/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/core.h>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace carbon::sandbox {

namespace {

tl::unexpected<Error> failed(const std::string& path) {
  return fail(DiagnosticCode::sandbox_failed, fmt::format("{}: {}", path, std::strerror(errno)));
}

}  // namespace

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<FileLock> FileLock::attempt(const std::string& path, Kind kind) {
  FileLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.descriptor_ < 0) return failed(path);
  int operation = kind == Kind::shared ? LOCK_SH : LOCK_EX;
  if (::flock(lock.descriptor_, operation | LOCK_NB) == 0) {
    std::string process = fmt::format("{}\n", ::getpid());
    // Only for messages: a full disk is no reason to fail.
    if (kind == Kind::exclusive && ::ftruncate(lock.descriptor_, 0) == 0)
      (void)!::pwrite(lock.descriptor_, process.data(), process.size(), 0);
    return lock;
  }
  if (errno != EWOULDBLOCK && errno != EINTR) return failed(path);
  return FileLock();
}

Result<FileLock> FileLock::take(const std::string& path, Kind kind) {
  constexpr int rounds = 3000;
  constexpr useconds_t pause = 5000;
  for (int round = 0; round < rounds; ++round) {
    FileLock lock = CARBON_TRY(attempt(path, kind));
    if (lock.held()) return lock;
    ::usleep(pause);
  }
  return fail(Error(DiagnosticCode::sandbox_failed, "the sandbox is in use by another process")
                  .note(fmt::format("{} holds {}", holder(path), path)));
}

std::string FileLock::holder(const std::string& path) {
  std::ifstream file(path);
  pid_t process = 0;
  std::string program;
  if (file >> process) std::getline(std::ifstream(fmt::format("/proc/{}/comm", process)), program);
  return program.empty() ? "another process" : fmt::format("process {} ({})", process, program);
}

}  // namespace carbon::sandbox
