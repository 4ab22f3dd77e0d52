#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "platform/store/shared_database.h"
#include "platform/store/store.h"

namespace carbon {

/// The lock of a shared inventory: a row with a holder, an epoch and a time at which it expires by the
/// server's clock. A thread of its own renews it; it is let go when this object is destroyed.
class Lease {
 public:
  /// Waits as long as the request says. Errors: C0905 with the holder, C0912.
  static Result<std::unique_ptr<Lease>> take(const SharedDatabase& database, const std::string& store,
                                             const LockRequest& request);
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease();

  /// Who has it.
  static Result<LockState> state(SharedSession& session, const std::string& store);

  /// False when two thirds of the lease have gone by since the last renewal was asked for: nothing may be
  /// sent then. From any thread.
  [[nodiscard]] bool usable() const;
  [[nodiscard]] const std::string& epoch() const { return epoch_; }
  [[nodiscard]] const LockHolder& holder() const { return holder_; }

  /// How long a lease is: `$CARBON_LEASE` between 3 s and 1 h, else 30 s.
  static Duration length();

 private:
  Lease(const SharedDatabase& database, std::string store, LockHolder holder)
      : beats_(database), store_(std::move(store)), holder_(std::move(holder)) {}
  void start();
  void beat();
  /// False: another one has it.
  bool renew();

  SharedSession beats_;  ///< of the thread
  std::string store_;
  LockHolder holder_;
  std::string epoch_;
  std::atomic<std::int64_t> until_{0};  ///< of CLOCK_BOOTTIME
  std::mutex ending_lock_;
  std::condition_variable ending_;
  bool ends_ = false;  ///< guarded by ending_lock_
  std::thread thread_;
};

}  // namespace carbon
