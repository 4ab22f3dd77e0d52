#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "platform/store/store.h"

namespace carbon {

/// Where the lease of a shared inventory is: a holder, an epoch that grows with each new holder, and a time
/// at which it expires by the server's clock. Used by one thread at a time.
class LeaseServer {
 public:
  virtual ~LeaseServer() = default;
  /// Takes a lease that nobody has: never held, let go, expired, or of the epoch `dead`, whose holder is
  /// known to have ended. Its epoch; nothing when another one has it. Errors: C0912.
  virtual Result<std::optional<std::string>> take(const LockHolder& holder, const std::string& dead) = 0;
  /// Who has it. Errors: C0912.
  virtual Result<LockState> state() = 0;
  /// Sets the time of its end anew. False: another one has it. Errors: no answer.
  virtual Result<bool> renew(const std::string& epoch) = 0;
  /// What is not let go expires.
  virtual void let_go(const std::string& epoch) = 0;
};

/// The lock of a shared inventory, while it is held. A thread of its own renews it; it is let go when this
/// object is destroyed.
class Lease {
 public:
  /// Waits as long as the request says. Errors: C0905 with the holder, C0912.
  static Result<std::unique_ptr<Lease>> take(std::unique_ptr<LeaseServer> server, const LockRequest& request);
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease();

  /// False when two thirds of the lease have gone by since the last renewal was asked for: nothing may be
  /// sent then. From any thread.
  [[nodiscard]] bool usable() const;
  [[nodiscard]] const std::string& epoch() const { return epoch_; }
  [[nodiscard]] const LockHolder& holder() const { return holder_; }

  /// How long a lease is: `$CARBON_LEASE` between 3 s and 1 h, else 30 s.
  static Duration length();

 private:
  Lease(std::unique_ptr<LeaseServer> server, LockHolder holder)
      : server_(std::move(server)), holder_(std::move(holder)) {}
  void start();
  void beat();
  /// False: another one has it.
  bool renew();

  std::unique_ptr<LeaseServer> server_;  ///< of the thread, once it runs
  LockHolder holder_;
  std::string epoch_;
  std::atomic<std::int64_t> until_{0};  ///< of boot_time()
  std::mutex ending_lock_;
  std::condition_variable ending_;
  bool ends_ = false;  ///< guarded by ending_lock_
  std::thread thread_;
};

/// Nanoseconds since this machine was started; goes on while a laptop sleeps (CLOCK_BOOTTIME).
[[nodiscard]] std::int64_t boot_time();

}  // namespace carbon
