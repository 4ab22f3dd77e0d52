#pragma once

#include <coroutine>
#include <cstdlib>
#include <exception>
#include <optional>
#include <utility>

namespace carbon {

template <class T>
class Task;

namespace detail {

/// What every task's promise has: who waits for it. Symmetric transfer, so a chain of awaits takes no stack.
struct TaskPromiseBase {
  std::coroutine_handle<> waiting = std::noop_coroutine();

  struct FinalAwaiter {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) noexcept {
      return self.promise().waiting;
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() noexcept { return {}; }
  FinalAwaiter final_suspend() noexcept { return {}; }
  // Errors are data (Result<T>); an exception that reaches a task is a broken invariant.
  [[noreturn]] void unhandled_exception() noexcept { std::terminate(); }
};

template <class T>
struct TaskPromise : TaskPromiseBase {
  std::optional<T> value;
  Task<T> get_return_object();
  void return_value(T result) { value.emplace(std::move(result)); }
  T take() { return std::move(*value); }
};

template <>
struct TaskPromise<void> : TaskPromiseBase {
  Task<void> get_return_object();
  void return_void() {}
  void take() {}
};

}  // namespace detail

/// A lazy coroutine: it runs when it is awaited or started, on the one event-loop thread, and is destroyed
/// with its Task. Pass parameters by value and bind arguments to named locals before a co_await: g++ 12
/// mishandles temporaries and aggregates inside the awaited expression, and captures of a lambda coroutine
/// dangle.
template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() = default;
  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      destroy();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { destroy(); }

  [[nodiscard]] bool valid() const { return static_cast<bool>(handle_); }
  [[nodiscard]] bool done() const { return handle_ && handle_.done(); }
  /// Runs until the first suspension; the owner keeps the Task alive until it is done.
  void start() { handle_.resume(); }
  /// The result of a task that is done; at most once.
  [[nodiscard]] T take() { return handle_.promise().take(); }

  struct Awaiter {
    Handle handle;
    [[nodiscard]] bool await_ready() const noexcept { return handle.done(); }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) noexcept {
      handle.promise().waiting = waiting;
      return handle;
    }
    T await_resume() { return handle.promise().take(); }
  };
  Awaiter operator co_await() && noexcept { return Awaiter{handle_}; }
  Awaiter operator co_await() & noexcept { return Awaiter{handle_}; }

 private:
  void destroy() {
    if (handle_) handle_.destroy();
  }
  Handle handle_;
};

namespace detail {
template <class T>
Task<T> TaskPromise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<TaskPromise<T>>::from_promise(*this));
}
inline Task<void> TaskPromise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<TaskPromise<void>>::from_promise(*this));
}
}  // namespace detail

}  // namespace carbon

/// CARBON_TRY for coroutines: `auto x = CARBON_CO_TRY(result)`; the argument must not contain a co_await.
#define CARBON_CO_TRY(...)                                                                \
  __extension__({                                                                         \
    auto carbon_co_result = (__VA_ARGS__);                                                \
    if (!carbon_co_result) co_return ::carbon::fail(std::move(carbon_co_result).error()); \
    std::move(carbon_co_result).value();                                                  \
  })
