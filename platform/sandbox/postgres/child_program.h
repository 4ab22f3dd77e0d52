#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/sandbox/postgres/server_user.h"

namespace carbon::sandbox {

/// A folder as a ChildProgram sees its own, whether or not its user may pass the folders above it.
inline constexpr std::string_view own_folder = "/proc/self/fd/3";

/// A program with its arguments, ready for execve: nothing is allocated after the fork, so that it is safe
/// in a process with threads. Its environment is empty but for a neutral locale. It has a folder, open as
/// descriptor 3 and named `own_folder`, and its output goes to the file `log` in there.
class ChildProgram {
 public:
  ChildProgram(std::vector<std::string> command, ServerUser user, std::string folder, std::string log);
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  /// Runs it to its end. Errors: sandbox_failed with the last lines of its output.
  [[nodiscard]] Status run() const;
  /// In a child: becomes the program. Async-signal-safe. `signal_on_orphan` is sent when the parent dies; 0
  /// for none.
  [[noreturn]] void exec(int signal_on_orphan) const noexcept;

 private:
  std::vector<std::string> command_;
  std::vector<char*> arguments_;
  ServerUser user_;
  std::string folder_;
  std::string log_;
};

/// The last lines of a text file, for an error message; empty when it cannot be read.
[[nodiscard]] std::string tail_of(const std::string& path);

}  // namespace carbon::sandbox
