#include "platform/store/lease.h"

#include <fmt/core.h>
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

/// Goes on while a laptop sleeps.
std::int64_t boot_time() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return now.tv_sec * one_second + now.tv_nsec;
}

std::string lease_seconds() {
  return fmt::format("{:.3f}",
                     static_cast<double>(Lease::length().nanoseconds) / static_cast<double>(one_second));
}

/// Takes a lease that nobody has: never held, let go, or expired. `dead` is the epoch of a holder that is
/// known to have ended, or empty.
std::vector<SqlStatement> taking(const std::string& store, const LockHolder& holder,
                                 const std::string& dead) {
  return {{"INSERT INTO carbon.store (name) VALUES ($1) ON CONFLICT DO NOTHING", {store}},
          {"UPDATE carbon.store SET epoch = epoch + 1, holder = $2, expires = clock_timestamp() + "
           "make_interval(secs => $3::float8) WHERE name = $1 AND (holder IS NULL OR expires < "
           "clock_timestamp() OR epoch::text = $4) RETURNING epoch",
           {store, encode_holder(holder), lease_seconds(), dead}}};
}

}  // namespace

Duration Lease::length() {
  constexpr std::int64_t shortest = 3 * one_second;
  constexpr std::int64_t longest = 3600 * one_second;
  const char* said = std::getenv("CARBON_LEASE");
  std::optional<Duration> wanted = said == nullptr ? std::nullopt : Duration::parse(said);
  if (!wanted) return Duration{30 * one_second};
  return Duration{std::clamp(wanted->nanoseconds, shortest, longest)};
}

Result<LockState> Lease::state(SharedSession& session, const std::string& store) {
  LockState state;
  state.place = fmt::format("{}, lease of {}", session.database().place(), store);
  auto rows =
      CARBON_TRY(session.ask(SqlRequest::Mode::read_only,
                             {{"SELECT epoch, holder, ceil(extract(epoch FROM expires - "
                               "clock_timestamp()))::bigint FROM carbon.store "
                               "WHERE name = $1 AND holder IS NOT NULL AND expires >= clock_timestamp()",
                               {store}}}));
  if (rows.front().rows.empty()) return state;
  const auto& row = rows.front().rows.front();
  state.held = true;
  state.epoch = row[0].value_or("");
  state.holder = decode_holder(row[1].value_or(""));
  state.expires_in = std::strtoll(row[2].value_or("0").c_str(), nullptr, 10);
  state.lives = lives_here(state.holder);
  return state;
}

Result<std::unique_ptr<Lease>> Lease::take(const SharedDatabase& database, const std::string& store,
                                           const LockRequest& request) {
  constexpr std::chrono::milliseconds pause{200};
  std::unique_ptr<Lease> lease(new Lease(database, store, request.holder));
  std::int64_t give_up = boot_time() + request.timeout.nanoseconds;
  std::string dead;
  for (bool told = false;;) {
    std::int64_t asked = boot_time();
    auto rows =
        CARBON_TRY(lease->beats_.ask(SqlRequest::Mode::transaction, taking(store, request.holder, dead)));
    if (!rows[1].rows.empty()) {
      lease->epoch_ = rows[1].rows.front()[0].value_or("");
      lease->until_ = asked + length().nanoseconds / 3 * 2;
      lease->start();
      return lease;
    }
    LockState now = CARBON_TRY(state(lease->beats_, store));
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
  // What is not let go expires.
  (void)beats_.ask(
      SqlRequest::Mode::transaction,
      {{"UPDATE carbon.store SET holder = NULL, expires = NULL WHERE name = $1 AND epoch = $2::bigint",
        {store_, epoch_}}},
      Duration{5 * one_second});
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
  auto rows =
      beats_.ask(SqlRequest::Mode::transaction,
                 {{"UPDATE carbon.store SET expires = clock_timestamp() + make_interval(secs => "
                   "$3::float8) WHERE name = $1 AND epoch = $2::bigint AND holder IS NOT NULL RETURNING 1",
                   {store_, epoch_, lease_seconds()}}},
                 Duration{length().nanoseconds / 3});
  if (!rows) return true;  // the next one may arrive
  if (rows->front().rows.empty()) {
    until_ = 0;
    return false;
  }
  until_ = asked + length().nanoseconds / 3 * 2;
  return true;
}

}  // namespace carbon
