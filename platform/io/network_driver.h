#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <queue>
#include <vector>

#include "engine/ports/io.h"
#include "platform/io/child_process.h"
#include "platform/io/event_loop.h"
#include "platform/io/http_transport.h"
#include "platform/io/name_resolver.h"
#include "platform/io/sql_transport.h"

namespace carbon {

/// The real world: HTTP over libcurl, PostgreSQL over libpq and timers in one event loop on the thread that
/// calls run(). Time is CLOCK_BOOTTIME, which goes on while a laptop sleeps; random bytes are getrandom's.
class NetworkDriver final : public Io {
 public:
  NetworkDriver() = default;
  NetworkDriver(const NetworkDriver&) = delete;
  NetworkDriver& operator=(const NetworkDriver&) = delete;

  void start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) override;
  void start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) override;
  void start_sleep(Duration duration, std::function<void()> done) override;
  void start_process(ProcessRequest request, Done<ProcessReply> done) override;
  [[nodiscard]] std::int64_t now() override;
  [[nodiscard]] std::int64_t wall_clock() override;
  [[nodiscard]] std::string random(std::size_t bytes) override;
  void run(Task<void>& root) override;

  /// Calls a function on the event-loop thread, from any thread. It waits until run() runs.
  void post(std::function<void()> call);

 private:
  struct Timer {
    std::int64_t time = 0;
    std::uint64_t order = 0;  ///< equal times fire in the order in which they were set
    std::function<void()> done;
  };
  struct Later {
    bool operator()(const Timer& a, const Timer& b) const {
      return a.time != b.time ? a.time > b.time : a.order > b.order;
    }
  };

  void turn();
  [[nodiscard]] Duration longest_wait();
  void take_posted();
  void take_timers();

  HttpTransport http_;
  std::mutex posted_lock_;
  std::vector<std::function<void()>> posted_;  ///< guarded by posted_lock_
  // Declared after what its threads post to: it is destroyed first and joins them.
  NameResolver resolver_{[this](std::function<void()> call) { post(std::move(call)); }};
  SqlTransport sql_{resolver_};
  ProcessRunner processes_{[this](std::function<void()> call) { post(std::move(call)); }};
  std::priority_queue<Timer, std::vector<Timer>, Later> timers_;
  std::uint64_t timers_set_ = 0;
  Completions ready_;
};

}  // namespace carbon
