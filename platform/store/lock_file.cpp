#include "platform/store/lock_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace carbon {

namespace {

tl::unexpected<Error> lock_failure(const std::string& path) {
  return fail(DiagnosticCode::file_failed, fmt::format("cannot open {}: {}", path, std::strerror(errno)));
}

std::string content_of(int descriptor) {
  std::array<char, 4096> text{};
  ssize_t length = ::pread(descriptor, text.data(), text.size(), 0);
  return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : std::string();
}

/// `carbon lock break` takes the file away: who then still has the old one open has no lock.
bool is_at(int descriptor, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace

LockFile::~LockFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

/// Not held: another process has it.
Result<LockFile> LockFile::attempt(const std::string& path) {
  for (;;) {
    LockFile lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600), path);
    if (!lock.held()) return lock_failure(path);
    if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) return lock_failure(path);
      return LockFile(-1, path);
    }
    if (is_at(lock.descriptor_, path)) return lock;
  }
}

Result<LockFile> LockFile::take(const std::string& path, const LockRequest& request) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds pause{50};
  Clock::time_point until = Clock::now() + std::chrono::nanoseconds(request.timeout.nanoseconds);
  for (bool told = false;;) {
    LockFile lock = CARBON_TRY(attempt(path));
    if (lock.held()) {
      lock.write(request.holder);
      return lock;
    }
    LockState now = CARBON_TRY(state(path));
    if (!now.held) continue;  // it has ended meanwhile, or only somebody looked
    if (Clock::now() >= until) return fail(lock_held_error(now.holder, path, request.timeout));
    if (!std::exchange(told, true) && request.waiting) request.waiting(now.holder);
    std::this_thread::sleep_for(pause);
  }
}

Result<LockState> LockFile::state(const std::string& path) {
  LockState state;
  state.place = path;
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0 && errno == ENOENT) return state;
  if (descriptor < 0) return lock_failure(path);
  LockFile file(descriptor, path);
  // A shared lock for a moment: it is refused while another process has the exclusive one.
  state.held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0;
  state.lives = state.held;  // the kernel lets go of it for who does not
  if (state.held) state.holder = decode_holder(content_of(descriptor));
  return state;
}

void LockFile::write(const LockHolder& holder) const {
  std::string record = encode_holder(holder);
  if (::ftruncate(descriptor_, 0) == 0) (void)!::pwrite(descriptor_, record.data(), record.size(), 0);
}

}  // namespace carbon
