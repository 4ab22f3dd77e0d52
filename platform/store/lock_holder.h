#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/quantity.h"
#include "base/result.h"

namespace carbon {

/// Who holds a lock: kept beside it, for people and for `carbon lock break`. The lock itself does not depend
/// on it.
struct LockHolder {
  std::string by;          ///< `user@host`, as the operating system knows them
  std::string command;     ///< `apply`
  std::string run;         ///< the run that it has begun; empty before that
  std::int64_t since = 0;  ///< nanoseconds since 1970
  // Which process that is. What is empty or 0 is not known.
  std::string boot;           ///< the machine since it was started
  std::int64_t process = 0;   ///< its id
  std::string process_start;  ///< tells it from a later process of the same id

  /// What `carbon lock break` wants to hear: the run, or the process before there is one.
  [[nodiscard]] std::string name() const;
};

/// This process.
[[nodiscard]] LockHolder this_holder(std::string command, std::int64_t now);
/// `user@host` of this process.
[[nodiscard]] std::string this_account();
/// True when the holder is a process of this machine, and lives.
[[nodiscard]] bool lives_here(const LockHolder& holder);
/// True when the holder was a process of this machine, and is no more.
[[nodiscard]] bool died_here(const LockHolder& holder);

/// JSON, and back. A text that is none gives a holder of which nothing is known but that text.
[[nodiscard]] std::string encode_holder(const LockHolder& holder);
[[nodiscard]] LockHolder decode_holder(const std::string& text);

/// How to take a lock.
struct LockRequest {
  LockHolder holder;
  Duration timeout{0};                                  ///< how long to wait for another holder to end
  std::function<void(const LockHolder&)> waiting = {};  ///< told once, before it waits
};

/// C0905, with who holds it and what to do.
[[nodiscard]] Error lock_held_error(const LockHolder& holder, const std::string& place, Duration waited);
/// C0910.
[[nodiscard]] Error lock_lost_error(const std::string& place);

}  // namespace carbon
