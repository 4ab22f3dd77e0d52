#include "platform/io/network_driver.h"

#include <doctest/doctest.h>

#include <thread>

#include "base/task_group.h"

using namespace carbon;

namespace {

Task<void> sleeper(Io& io, Duration time, int number, std::vector<int>* order) {
  co_await io.sleep(time);
  order->push_back(number);
}

Task<void> three(Io& io, std::vector<int>* order) {
  TaskGroup group;
  group.spawn(sleeper(io, Duration{60'000'000}, 3, order));
  group.spawn(sleeper(io, Duration{20'000'000}, 1, order));
  group.spawn(sleeper(io, Duration{20'000'000}, 2, order));
  co_await group.all();
}

}  // namespace

TEST_CASE("timers fire in order of time, and equal ones in the order in which they were set") {
  NetworkDriver io;
  std::vector<int> order;
  std::int64_t before = io.now();
  Task<void> task = three(io, &order);
  io.run(task);
  CHECK(order == std::vector<int>{1, 2, 3});
  CHECK(io.now() - before >= 60'000'000);
  CHECK(io.now() - before < 1'000'000'000);
}

TEST_CASE("another thread's call runs on the loop's thread and ends its wait") {
  NetworkDriver io;
  std::thread::id loop = std::this_thread::get_id();
  std::thread::id seen;
  bool posted = false;
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    io.post([&] {
      seen = std::this_thread::get_id();
      posted = true;
    });
  });
  std::vector<int> order;
  Task<void> task = sleeper(io, Duration{100'000'000}, 1, &order);
  io.run(task);
  other.join();
  CHECK(posted);
  CHECK(seen == loop);
}

TEST_CASE("random bytes differ, and clocks run") {
  NetworkDriver io;
  CHECK(io.random(32).size() == 32);
  CHECK(io.random(32) != io.random(32));
  CHECK(io.wall_clock() > 1'700'000'000'000'000'000);
}
