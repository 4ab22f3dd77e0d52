#include "platform/store/lease.h"

#include <signal.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

namespace carbon {

namespace {

constexpr std::int64_t one_second = 1'000'000'000;

}  // namespace

std::int64_t boot_time() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return now.tv_sec * one_second + now.tv_nsec;
}

Duration Lease::length() {
  constexpr std::int64_t shortest = 3 * one_second;
  constexpr std::int64_t longest = 3600 * one_second;
  const char* said = std::getenv("CARBON_LEASE");
  std::optional<Duration> wanted = said == nullptr ? std::nullopt : Duration::parse(said);
  if (!wanted) return Duration{30 * one_second};
  return Duration{std::clamp(wanted->nanoseconds, shortest, longest)};
}

Result<std::unique_ptr<Lease>> Lease::take(std::unique_ptr<LeaseServer> server, const LockRequest& request) {
  constexpr std::chrono::milliseconds pause{200};
  std::unique_ptr<Lease> lease(new Lease(std::move(server), request.holder));
  std::int64_t give_up = boot_time() + request.timeout.nanoseconds;
  std::string dead;
  for (bool told = false;;) {
    std::int64_t asked = boot_time();
    std::optional<std::string> taken = CARBON_TRY(lease->server_->take(request.holder, dead));
    if (taken) {
      lease->epoch_ = std::move(*taken);
      lease->until_ = asked + length().nanoseconds / 3 * 2;
      lease->start();
      return lease;
    }
    LockState now = CARBON_TRY(lease->server_->state());
    if (!now.held) continue;
    if (died_here(now.holder) && dead != now.epoch) {
      dead = now.epoch;
      continue;
    }
    if (boot_time() >= give_up) return fail(lock_held_error(now.holder, now.place, request.timeout));
    if (!std::exchange(told, true) && request.waiting) request.waiting(now.holder);
    std::this_thread::sleep_for(pause);
  }
}

/// Signals are for the thread that runs the command.
void Lease::start() {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { beat(); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Lease::~Lease() {
  {
    std::lock_guard<std::mutex> guard(ending_lock_);
    ends_ = true;
  }
  ending_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (epoch_.empty()) return;
  server_->let_go(epoch_);
}

bool Lease::usable() const { return boot_time() < until_.load(); }

void Lease::beat() {
  std::chrono::nanoseconds pause(length().nanoseconds / 6);
  std::unique_lock<std::mutex> guard(ending_lock_);
  while (!ends_) {
    if (ending_.wait_for(guard, pause, [this] { return ends_; })) return;
    guard.unlock();
    bool ours = renew();
    guard.lock();
    if (!ours) return;
  }
}

bool Lease::renew() {
  std::int64_t asked = boot_time();
  Result<bool> renewed = server_->renew(epoch_);
  if (!renewed) return true;  // the next one may arrive
  until_ = *renewed ? asked + length().nanoseconds / 3 * 2 : 0;
  return *renewed;
}

}  // namespace carbon
