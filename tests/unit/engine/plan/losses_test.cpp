#include "engine/plan/losses.h"

#include <doctest/doctest.h>

using namespace carbon;

namespace {

WriteStep step(std::string summary, StepRisk risk, std::string count = "") {
  WriteStep made;
  made.text = "ALTER TABLE t";
  made.summary = std::move(summary);
  made.risk = risk;
  made.count = std::move(count);
  return made;
}

Plan plan_of(std::vector<WriteStep> steps) {
  Change change;
  change.address = "shop";
  change.action = Action::update;
  change.type = "postgres.Schema";
  change.steps = std::move(steps);
  Plan plan;
  plan.changes.push_back(std::move(change));
  return plan;
}

}  // namespace

TEST_CASE("--allow-delete takes a type, its last word or an address") {
  CHECK(may_lose_data({"postgres.Schema"}, "postgres.Schema", "shop"));
  CHECK(may_lose_data({"Schema"}, "postgres.Schema", "shop"));
  CHECK(may_lose_data({"x", "shop"}, "postgres.Schema", "shop"));
  CHECK_FALSE(may_lose_data({"postgres"}, "postgres.Schema", "shop"));
  CHECK_FALSE(may_lose_data({"sho"}, "postgres.Schema", "shop"));
  CHECK_FALSE(may_lose_data({}, "postgres.Schema", "shop"));
}

TEST_CASE("statements that lose data are refused by name, with what they cost") {
  Plan plan = plan_of({step("add column a of table t", StepRisk::none),
                       step("rewrite table t", StepRisk::blocking, "9 rows rewritten"),
                       step("drop column b of table t", StepRisk::lossy, "9 rows lost"),
                       step("narrow column c of table t", StepRisk::one_way)});
  DiagnosticSink sink;
  check_losses(plan, {}, sink);
  REQUIRE(sink.all().size() == 1);
  const Diagnostic& error = sink.all().front();
  CHECK(error.code == DiagnosticCode::data_bearing_delete);
  CHECK(error.address == "shop");
  CHECK(error.message == "2 of the 4 statements of `shop` lose data, or cannot be taken back");
  CHECK(error.notes == std::vector<std::string>{"lossy: drop column b of table t, 9 rows lost",
                                                "one-way: narrow column c of table t"});
  DiagnosticSink allowed;
  check_losses(plan, {"shop"}, allowed);
  CHECK(allowed.all().empty());
}

TEST_CASE("statements that lose nothing need no word") {
  DiagnosticSink sink;
  check_losses(plan_of({step("rewrite table t", StepRisk::blocking)}), {}, sink);
  check_losses(plan_of({}), {}, sink);
  CHECK(sink.all().empty());
}
