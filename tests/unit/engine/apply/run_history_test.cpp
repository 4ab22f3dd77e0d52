#include "engine/apply/run_history.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace carbon;

namespace {

JournalEvent event(JournalKind kind, std::string address = {}, std::string operation = {},
                   std::string detail = {}) {
  static std::int64_t clock = 0;
  JournalEvent made;
  made.run = "r1";
  made.kind = kind;
  made.address = std::move(address);
  made.operation = std::move(operation);
  made.detail = std::move(detail);
  made.wall_clock = ++clock;
  return made;
}

std::string shown(const std::vector<JournalEvent>& events) {
  RunSummary run = summary_of_run(events);
  std::string out = fmt::format("{} {} {} {}", to_string(run.state), run.done, run.failed, run.open);
  for (const RunStep& step : steps_of_run(events))
    out += fmt::format("; {} {} {}", step.operation, step.address, step.outcome);
  return out;
}

}  // namespace

TEST_CASE("a run whose steps are done is finished") {
  using enum JournalKind;
  CHECK(shown({event(begin), event(intent, "a", "create", "{}"), event(sent, "a", "create"),
               event(result, "a", "create", "done"), event(end)}) == "finished 1 0 0; create a done");
  CHECK(shown({event(begin), event(end)}) == "finished 0 0 0");
}

TEST_CASE("a replacement is two steps, and what is only written down is one") {
  using enum JournalKind;
  CHECK(shown({event(begin), event(result, "b", "record", "done"), event(intent, "a", "delete"),
               event(result, "a", "delete", "done"), event(intent, "a", "create"),
               event(result, "a", "create", "done"), event(end)}) ==
        "finished 3 0 0; record b done; delete a done; create a done");
}

TEST_CASE("a step that was refused fails the run, and one tried again counts by its last word") {
  using enum JournalKind;
  CHECK(shown({event(begin), event(intent, "a", "update"), event(result, "a", "update", "C0703"),
               event(end)}) == "failed 0 1 0; update a C0703");
  CHECK(shown({event(begin), event(intent, "a", "create"), event(result, "a", "create", "C0702"),
               event(intent, "a", "create"), event(result, "a", "create", "done"), event(end)}) ==
        "finished 1 0 0; create a done");
}

TEST_CASE("a run without an end is open, and so is a step without an outcome") {
  using enum JournalKind;
  CHECK(shown({event(begin), event(intent, "a", "create", "{}")}) == "open 0 0 1; create a open");
  CHECK(shown({event(begin), event(intent, "a", "create"), event(unknown, "a", "create", "C0802")}) ==
        "open 0 0 1; create a unknown");
  CHECK(shown({event(begin), event(intent, "a", "create"), event(resolved, "a", "create", "done"),
               event(end)}) == "finished 1 0 0; create a done");
}

TEST_CASE("a run that was asked to stop says so") {
  using enum JournalKind;
  CHECK(shown({event(begin), event(intent, "a", "create"), event(result, "a", "create", "done"), event(stop),
               event(end)}) == "interrupted 1 0 0; create a done");
}
