#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <utility>

#include "engine/ports/io.h"

namespace carbon::test {

/// An Io with a simulated clock and no network: sleeps cost nothing, everything happens in the order of time
/// and, at the same time, of arrival; random bytes come from a seed.
class SimulatedIo : public Io {
 public:
  explicit SimulatedIo(std::uint64_t seed = 1) : random_(seed) {}

  void start_http(const HttpEndpoint&, HttpRequest, Done<HttpReply> done) override {
    at(0, [done = std::move(done)] { done({}); });
  }
  void start_sql(const SqlEndpoint&, SqlRequest, Done<SqlReply> done) override {
    at(0, [done = std::move(done)] { done({}); });
  }
  void start_sleep(Duration duration, std::function<void()> done) override {
    at(duration.nanoseconds, std::move(done));
  }
  std::int64_t now() override { return now_; }
  std::int64_t wall_clock() override { return now_; }
  std::string random(std::size_t bytes) override {
    std::string out(bytes, '\0');
    for (char& c : out) c = static_cast<char>(random_() & 0xFF);
    return out;
  }
  void run(Task<void>& root) override {
    root.start();
    while (!root.done() && step()) {
    }
  }

  /// Does the next due thing; false when there is none.
  bool step() {
    if (due_.empty()) return false;
    auto next = due_.extract(due_.begin());
    now_ = next.key().first;
    next.mapped()();
    return true;
  }
  void at(std::int64_t delay, std::function<void()> what) {
    due_.emplace(std::pair(now_ + delay, ++sequence_), std::move(what));
  }

 private:
  std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> due_;
  std::int64_t now_ = 0;
  std::uint64_t sequence_ = 0;
  std::mt19937_64 random_;
};

}  // namespace carbon::test
