#pragma once

#include <string>

#include "base/result.h"
#include "platform/sandbox/postgres/child_program.h"

namespace carbon::sandbox {

/// An open file with an advisory lock (flock); released when closed or when its process ends, however it
/// ends.
class FileLock {
 public:
  enum class Kind : std::uint8_t { shared, exclusive };

  FileLock() = default;
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileLock();

  /// Waits at most 15 seconds. Errors: sandbox_failed.
  [[nodiscard]] static Result<FileLock> take(const std::string& path, Kind kind);

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

/// What a supervisor needs to know, all of it before the fork.
struct Supervised {
  const ChildProgram& server;
  std::string users_lock;        ///< held shared by every process that uses the server
  std::string temporary_folder;  ///< removed after the server has ended; empty for none
};

/// A process of its own that runs the server and stops it (fast shutdown) once no process holds the users'
/// lock, so that a carbon that was killed leaves nothing behind and several processes can share one server.
class Supervisor {
 public:
  /// Starts it; the caller holds the users' lock. Errors: sandbox_failed.
  [[nodiscard]] static Result<Supervisor> start(const Supervised& supervised);

  Supervisor(Supervisor&& other) noexcept : alive_(std::exchange(other.alive_, -1)) {}
  Supervisor& operator=(Supervisor&&) = delete;
  ~Supervisor();

  /// Waits up to that time; true when the supervisor, and with it the server, has ended meanwhile.
  [[nodiscard]] bool ended_within(int milliseconds) const;

 private:
  explicit Supervisor(int alive) : alive_(alive) {}
  int alive_ = -1;  ///< a pipe whose other end the supervisor holds
};

}  // namespace carbon::sandbox
