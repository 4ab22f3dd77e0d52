#include "platform/store/postgres_lease.h"

#include <fmt/core.h>

#include <cstdlib>

namespace carbon {

namespace {

constexpr Duration letting_go_timeout{5'000'000'000};

std::string lease_seconds() {
  return fmt::format("{:.3f}", static_cast<double>(Lease::length().nanoseconds) / 1e9);
}

}  // namespace

Result<std::optional<std::string>> PostgresLease::take(const LockHolder& holder, const std::string& dead) {
  auto rows = CARBON_TRY(
      session_.ask(SqlRequest::Mode::transaction,
                   {{"INSERT INTO carbon.store (name) VALUES ($1) ON CONFLICT DO NOTHING", {store_}},
                    {"UPDATE carbon.store SET epoch = epoch + 1, holder = $2, expires = clock_timestamp() + "
                     "make_interval(secs => $3::float8) WHERE name = $1 AND (holder IS NULL OR expires < "
                     "clock_timestamp() OR epoch::text = $4) RETURNING epoch",
                     {store_, encode_holder(holder), lease_seconds(), dead}}}));
  if (rows[1].rows.empty()) return std::optional<std::string>();
  return std::optional<std::string>(rows[1].rows.front()[0].value_or(""));
}

Result<LockState> PostgresLease::state() {
  LockState state;
  state.place = fmt::format("{}, lease of {}", session_.database().place(), store_);
  auto rows =
      CARBON_TRY(session_.ask(SqlRequest::Mode::read_only,
                              {{"SELECT epoch, holder, ceil(extract(epoch FROM expires - "
                                "clock_timestamp()))::bigint FROM carbon.store "
                                "WHERE name = $1 AND holder IS NOT NULL AND expires >= clock_timestamp()",
                                {store_}}}));
  if (rows.front().rows.empty()) return state;
  const auto& row = rows.front().rows.front();
  state.held = true;
  state.epoch = row[0].value_or("");
  state.holder = decode_holder(row[1].value_or(""));
  state.expires_in = std::strtoll(row[2].value_or("0").c_str(), nullptr, 10);
  state.lives = lives_here(state.holder);
  return state;
}

Result<bool> PostgresLease::renew(const std::string& epoch) {
  auto rows = CARBON_TRY(
      session_.ask(SqlRequest::Mode::transaction,
                   {{"UPDATE carbon.store SET expires = clock_timestamp() + make_interval(secs => "
                     "$3::float8) WHERE name = $1 AND epoch = $2::bigint AND holder IS NOT NULL RETURNING 1",
                     {store_, epoch, lease_seconds()}}},
                   Duration{Lease::length().nanoseconds / 3}));
  return !rows.front().rows.empty();
}

void PostgresLease::let_go(const std::string& epoch) {
  (void)session_.ask(
      SqlRequest::Mode::transaction,
      {{"UPDATE carbon.store SET holder = NULL, expires = NULL WHERE name = $1 AND epoch = $2::bigint",
        {store_, epoch}}},
      letting_go_timeout);
}

}  // namespace carbon
