#include "base/task.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/result.h"

using namespace carbon;

namespace {

/// Stops the coroutine until the test resumes it.
struct Pause {
  std::coroutine_handle<>& stored;
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) noexcept { stored = handle; }
  void await_resume() const noexcept {}
};

struct Bench {
  std::vector<std::string> log;
  std::coroutine_handle<> paused;
};

Task<int> leaf(Bench* bench, int number) {
  bench->log.push_back("leaf");
  Pause pause{bench->paused};
  co_await pause;
  co_return number;
}

Task<int> twice(Bench* bench, int number) {
  Task<int> first = leaf(bench, number);
  int a = co_await first;
  Task<int> second = leaf(bench, number);
  int b = co_await second;
  co_return a + b;
}

Task<void> top(Bench* bench) {
  Task<int> sum = twice(bench, 21);
  int value = co_await sum;
  bench->log.push_back(std::to_string(value));
}

Task<int> depth(int levels) {
  if (levels == 0) co_return 0;
  Task<int> next = depth(levels - 1);
  int below = co_await next;
  co_return below + 1;
}

Result<int> half(int number) {
  if (number % 2 != 0) return fail(DiagnosticCode::arithmetic, "odd");
  return number / 2;
}

Task<Result<int>> quarter(int number) {
  int first = CARBON_CO_TRY(half(number));
  int second = CARBON_CO_TRY(half(first));
  co_return second;
}

/// Counts its copies that are alive.
struct Tracked {
  explicit Tracked(int& count) : alive(&count) { ++*alive; }
  Tracked(const Tracked&) = delete;
  Tracked& operator=(const Tracked&) = delete;
  ~Tracked() { --*alive; }
  int* alive;
};

Task<void> holding(Bench* bench, int* alive) {
  Tracked tracked(*alive);
  Pause pause{bench->paused};
  co_await pause;
}

}  // namespace

TEST_CASE("a task runs when it is started, and a chain wakes up from its end") {
  Bench bench;
  Task<void> task = top(&bench);
  CHECK(bench.log.empty());
  task.start();
  CHECK(bench.log == std::vector<std::string>{"leaf"});
  CHECK_FALSE(task.done());
  bench.paused.resume();
  CHECK(bench.log == std::vector<std::string>{"leaf", "leaf"});
  bench.paused.resume();
  CHECK(task.done());
  CHECK(bench.log.back() == "42");
}

TEST_CASE("a chain of awaits comes back with its value") {
  Task<int> task = depth(1000);
  task.start();
  REQUIRE(task.done());
  CHECK(task.take() == 1000);
}

TEST_CASE("errors are values in tasks too") {
  Task<Result<int>> good = quarter(12);
  good.start();
  CHECK(good.take().value() == 3);
  Task<Result<int>> bad = quarter(6);
  bad.start();
  CHECK(bad.take().error().message() == "odd");
}

TEST_CASE("a task that is dropped while it waits frees what it holds") {
  Bench bench;
  int alive = 0;
  {
    Task<void> task = holding(&bench, &alive);
    task.start();
    CHECK(alive == 1);
    Task<void> moved = std::move(task);
    CHECK_FALSE(task.valid());
    CHECK(alive == 1);
  }
  CHECK(alive == 0);
}
