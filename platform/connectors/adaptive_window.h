#pragma once

#include <algorithm>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <list>

namespace carbon {

/// How many requests to one endpoint may be in flight: one more after a window's worth of replies, half after
/// a sign of overload (TCP's AIMD; RFC 5681, section 3.1). Waiters enter in order. Owned by a client, used on
/// the event-loop thread.
class AdaptiveWindow {
 public:
  enum class Sign : std::uint8_t { fine, overloaded };

  explicit AdaptiveWindow(std::size_t start = 16, std::size_t most = 64)
      : size_(static_cast<double>(start)), most_(static_cast<double>(most)) {}
  AdaptiveWindow(const AdaptiveWindow&) = delete;
  AdaptiveWindow& operator=(const AdaptiveWindow&) = delete;

  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(size_); }

  [[nodiscard]] auto enter() {
    struct Awaiter {
      AdaptiveWindow& window;
      [[nodiscard]] bool await_ready() const noexcept { return window.try_enter(); }
      void await_suspend(std::coroutine_handle<> waiting) { window.waiting_.push_back(waiting); }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this};
  }

  void leave(Sign sign) {
    --inside_;
    size_ = sign == Sign::fine ? std::min(most_, size_ + 1 / size_) : std::max(1.0, size_ / 2);
    while (!waiting_.empty() && try_enter()) {
      std::coroutine_handle<> next = waiting_.front();
      waiting_.pop_front();
      next.resume();
    }
  }

 private:
  bool try_enter() noexcept {
    if (inside_ >= size()) return false;
    ++inside_;
    return true;
  }

  double size_;
  double most_;
  std::size_t inside_ = 0;
  std::list<std::coroutine_handle<>> waiting_;
};

}  // namespace carbon
