#pragma once

#include <string>

#include "base/result.h"
#include "platform/sandbox/postgres/child_program.h"

namespace carbon::sandbox {

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
