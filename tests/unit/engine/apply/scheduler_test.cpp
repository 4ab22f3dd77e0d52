#include "engine/apply/scheduler.h"

#include <doctest/doctest.h>

using namespace carbon;
using Indices = std::vector<std::uint32_t>;

TEST_CASE("a step starts when everything it needs is done, lowest first") {
  Scheduler scheduler({{{}, ""}, {{0}, ""}, {{}, ""}, {{1, 2}, ""}}, 10);
  CHECK(scheduler.start() == Indices{0, 2});
  scheduler.done(2);
  CHECK(scheduler.start().empty());
  scheduler.done(0);
  CHECK(scheduler.start() == Indices{1});
  scheduler.done(1);
  CHECK(scheduler.start() == Indices{3});
  CHECK_FALSE(scheduler.ended());
  scheduler.done(3);
  CHECK(scheduler.ended());
}

TEST_CASE("a failure skips what depends on it and nothing else") {
  Scheduler scheduler({{{}, ""}, {{0}, ""}, {{1}, ""}, {{}, ""}}, 10);
  CHECK(scheduler.start() == Indices{0, 3});
  CHECK(scheduler.failed(0) == Indices{1, 2});
  scheduler.done(3);
  CHECK(scheduler.ended());
}

TEST_CASE("slots are given back when the request is done, not when the object is ready") {
  Scheduler scheduler({{{}, ""}, {{}, ""}}, 1);
  CHECK(scheduler.start() == Indices{0});
  CHECK(scheduler.start().empty());
  scheduler.acted(0);
  CHECK(scheduler.start() == Indices{1});
  CHECK(scheduler.in_flight() == 2);
}

TEST_CASE("two steps with one exclusive key never act at once") {
  Scheduler scheduler({{{}, "db"}, {{}, "db"}, {{}, "other"}}, 10);
  CHECK(scheduler.start() == Indices{0, 2});
  scheduler.acted(0);
  CHECK(scheduler.start() == Indices{1});
}

TEST_CASE("stop starts nothing more and says what will never run") {
  Scheduler scheduler({{{}, ""}, {{0}, ""}, {{}, ""}}, 1);
  CHECK(scheduler.start() == Indices{0});
  CHECK(scheduler.stop() == Indices{1, 2});
  CHECK_FALSE(scheduler.ended());
  scheduler.done(0);
  CHECK(scheduler.ended());
}

TEST_CASE("a chain of 100,000 steps costs no stack and no square") {
  std::vector<Scheduler::Step> steps(100'000);
  for (std::uint32_t i = 1; i < steps.size(); ++i) steps[i].needs = {i - 1};
  Scheduler scheduler(steps, 4);
  CHECK(scheduler.start() == Indices{0});
  CHECK(scheduler.failed(0).size() == 99'999);
  CHECK(scheduler.ended());
}
