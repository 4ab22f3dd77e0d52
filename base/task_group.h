#pragma once

#include <coroutine>
#include <list>
#include <utility>

#include "base/task.h"

namespace carbon {

/// Tasks that run at the same time on the one event-loop thread. Owns them; every task must be done before
/// the group is destroyed, so await `all()` last.
class TaskGroup {
 public:
  TaskGroup() = default;
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts the task at once; it runs until its first suspension inside this call.
  void spawn(Task<void> task) {
    ++running_;
    while (!tasks_.empty() && tasks_.front().done()) tasks_.pop_front();
    tasks_.push_back(watch(std::move(task)));
    tasks_.back().start();
  }

  [[nodiscard]] std::size_t running() const { return running_; }

  /// Resumes when no task runs any more.
  [[nodiscard]] auto all() {
    struct Awaiter {
      TaskGroup& group;
      [[nodiscard]] bool await_ready() const noexcept { return group.running_ == 0; }
      void await_suspend(std::coroutine_handle<> waiting) noexcept { group.waiting_ = waiting; }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this};
  }

 private:
  /// Counts a task as done; the last one hands over to who waits for all. The hand-over happens at the final
  /// suspension, where the frame may be destroyed: the waiter may destroy the group.
  struct CountDown {
    TaskGroup& group;
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> self) noexcept {
      if (--group.running_ == 0 && group.waiting_) self.promise().waiting = std::exchange(group.waiting_, {});
      return false;
    }
    void await_resume() const noexcept {}
  };

  Task<void> watch(Task<void> task) {
    co_await task;
    CountDown count_down{*this};
    co_await count_down;
  }

  std::list<Task<void>> tasks_;
  std::size_t running_ = 0;
  std::coroutine_handle<> waiting_;
};

/// Lets at most `limit` holders in at a time; the others wait in order.
class Semaphore {
 public:
  explicit Semaphore(std::size_t limit) : free_(limit) {}

  [[nodiscard]] auto acquire() {
    struct Awaiter {
      Semaphore& semaphore;
      [[nodiscard]] bool await_ready() const noexcept {
        if (semaphore.free_ == 0) return false;
        --semaphore.free_;
        return true;
      }
      void await_suspend(std::coroutine_handle<> waiting) { semaphore.waiting_.push_back(waiting); }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this};
  }

  void release() {
    if (waiting_.empty()) {
      ++free_;
      return;
    }
    auto next = waiting_.front();
    waiting_.pop_front();
    next.resume();
  }

 private:
  std::size_t free_;
  std::list<std::coroutine_handle<>> waiting_;
};

}  // namespace carbon
