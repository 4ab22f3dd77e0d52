#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <vector>

#include "engine/ports/io.h"
#include "platform/sandbox/sandbox.h"

namespace carbon::sandbox {

/// Io into a Sandbox. HTTP to `sandbox://kubernetes` is answered in-process, all requests of a loop turn in
/// one commit; SQL goes through the wrapped driver to the private PostgreSQL that stands for the endpoint's
/// host and port, as its superuser; HTTP to anything else fails, since the sandbox must not reach out. The
/// wrapped driver's loop runs everything.
///
/// Time: when nothing is in flight and somebody sleeps, the clocks jump to the next thing that happens, so
/// waiting for readiness takes no real time. In a world that another process serves, time is real; when that
/// process ends, the driver goes on by itself.
class SandboxDriver final : public Io {
 public:
  /// `virtual_time` jumps as said; `real_time` never does: for what waits for people, such as a watch.
  enum class Pace : std::uint8_t { virtual_time, real_time };

  /// Both outlive the driver.
  SandboxDriver(Io& network, Sandbox& world, Pace pace = Pace::virtual_time);
  SandboxDriver(const SandboxDriver&) = delete;
  SandboxDriver& operator=(const SandboxDriver&) = delete;

  void start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) override;
  void start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) override;
  void start_sleep(Duration duration, std::function<void()> done) override;
  [[nodiscard]] std::int64_t now() override { return network_.now() + skipped_; }
  [[nodiscard]] std::int64_t wall_clock() override;
  [[nodiscard]] std::string random(std::size_t bytes) override { return network_.random(bytes); }
  void run(Task<void>& root) override { network_.run(root); }

 private:
  struct Call {
    HttpRequest request;
    Done<HttpReply> done;
  };
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
  using Completions = std::vector<std::function<void()>>;

  void ask_server(Call call);
  void turn_soon();
  void turn();
  void answer_calls(Completions& out);
  void take_timers(Completions& out);
  void pass_time();
  void wake_in(std::int64_t nanoseconds);
  [[nodiscard]] bool virtual_time() const;

  Io& network_;
  Sandbox& world_;
  Pace pace_;
  std::int64_t skipped_ = 0;  ///< by how much virtual time has run ahead
  std::vector<Call> calls_;
  std::priority_queue<Timer, std::vector<Timer>, Later> timers_;
  std::uint64_t timers_set_ = 0;
  std::size_t in_flight_ = 0;  ///< operations of the wrapped driver
  bool turn_set_ = false;
  bool idle_turn_ = false;     ///< the last turn found nothing to do
  std::uint64_t wakings_ = 0;  ///< only the latest wake-up counts
  // Callbacks that the wrapped driver still holds when this one ends find it expired.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace carbon::sandbox
