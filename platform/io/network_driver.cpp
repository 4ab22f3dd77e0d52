#include "platform/io/network_driver.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>

namespace carbon {

namespace {

std::int64_t clock_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

std::int64_t NetworkDriver::now() { return clock_of(CLOCK_BOOTTIME); }

std::int64_t NetworkDriver::wall_clock() { return clock_of(CLOCK_REALTIME); }

std::string NetworkDriver::random(std::size_t bytes) {
  std::string out(bytes, '\0');
  std::size_t filled = 0;
  while (filled < bytes) {
    ssize_t got = getrandom(out.data() + filled, bytes - filled, 0);
    if (got < 0 && errno != EINTR) std::abort();  // a password made of zeros would be worse
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  return out;
}

void NetworkDriver::start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) {
  http_.start(endpoint, std::move(request), std::move(done));
}

void NetworkDriver::start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) {
  sql_.start(endpoint, std::move(request), std::move(done), now());
}

void NetworkDriver::start_sleep(Duration duration, std::function<void()> done) {
  std::int64_t wait = std::max<std::int64_t>(0, duration.nanoseconds);
  timers_.push({now() + wait, timers_set_++, std::move(done)});
}

void NetworkDriver::start_process(ProcessRequest request, Done<ProcessReply> done) {
  processes_.start(std::move(request), std::move(done));
}

void NetworkDriver::post(std::function<void()> call) {
  {
    std::lock_guard lock(posted_lock_);
    posted_.push_back(std::move(call));
  }
  http_.wake();
}

void NetworkDriver::run(Task<void>& root) {
  root.start();
  while (!root.done()) turn();
}

void NetworkDriver::turn() {
  std::vector<WaitedDescriptor> descriptors;
  sql_.add_descriptors(descriptors);
  http_.wait(descriptors, longest_wait());
  http_.collect(ready_);
  sql_.collect(descriptors, now(), ready_);
  take_posted();
  take_timers();
  // Calls may add calls; those belong to the next turn, so that nobody starves the network.
  Completions calls = std::exchange(ready_, {});
  for (auto& call : calls) call();
}

Duration NetworkDriver::longest_wait() {
  constexpr std::int64_t cap = 1'000'000'000;
  std::int64_t until = now() + cap;
  if (!timers_.empty()) until = std::min(until, timers_.top().time);
  if (auto deadline = sql_.next_deadline()) until = std::min(until, *deadline);
  return Duration{std::max<std::int64_t>(0, until - now())};
}

void NetworkDriver::take_posted() {
  std::lock_guard lock(posted_lock_);
  for (auto& call : posted_) ready_.push_back(std::move(call));
  posted_.clear();
}

void NetworkDriver::take_timers() {
  std::int64_t time = now();
  while (!timers_.empty() && timers_.top().time <= time) {
    ready_.push_back(timers_.top().done);
    timers_.pop();
  }
}

}  // namespace carbon
