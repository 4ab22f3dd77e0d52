#include "engine/apply/resume.h"

#include <doctest/doctest.h>

#include "engine/plan/plan_code.h"
#include "tests/support/apply_process.h"

using namespace carbon;
using carbon::test::create;
using carbon::test::MemoryStore;
using carbon::test::MemorySystem;
using carbon::test::plan_of;
using carbon::test::Process;

namespace {

JournalEvent told(JournalKind kind, const Address& address, std::string operation, std::string detail) {
  JournalEvent made;
  made.run = "r";
  made.kind = kind;
  made.address = address;
  made.operation = std::move(operation);
  made.detail = std::move(detail);
  return made;
}

Change change(const Address& address, Action action) {
  Change made = create(address);
  made.action = action;
  made.fingerprint.present = true;
  made.fingerprint.uid = "u";
  return made;
}

bool ready_at_once(const std::string&) { return false; }

std::string left(const std::vector<Change>& changes, const std::vector<JournalEvent>& events) {
  std::string out;
  auto has_readiness = [](const std::string&) { return true; };
  for (const Change& each : remaining_of(plan_of(changes), events, has_readiness).plan.changes)
    out += std::string(to_string(each.action)) + " " + each.address + "\n";
  return out;
}

}  // namespace

TEST_CASE("what is done is left out, by whatever the journal says so") {
  std::vector<Change> changes{change("a", Action::create),  change("b", Action::update),
                              change("c", Action::delete_), change("d", Action::adopt),
                              change("e", Action::release), change("f", Action::move),
                              change("g", Action::later),   change("h", Action::adopt)};
  using enum JournalKind;
  CHECK(left(changes, {told(result, "a", "create", "done"), told(resolved, "b", "update", "done"),
                       told(result, "c", "delete", "done"), told(result, "d", "adopt", "done"),
                       told(result, "e", "release", "done"), told(result, "f", "move", "done"),
                       told(result, "g", "create", "done"), told(result, "h", "update", "done")}) == "");
}

TEST_CASE("what was refused, did not happen or only in part is left") {
  std::vector<Change> changes{change("a", Action::create), change("b", Action::update),
                              change("c", Action::create)};
  using enum JournalKind;
  CHECK(left(changes, {told(intent, "a", "create", ""), told(result, "a", "create", "C0708"),
                       told(resolved, "b", "update", "did not happen, or only in part"),
                       // Of another step of the same address, under another name.
                       told(result, "c", "record", "done")}) == "create a\nupdate b\ncreate c\n");
}

TEST_CASE("a replacement whose former object is gone goes on as a create") {
  Change replace = change("a", Action::replace);
  replace.former = replace.identity;
  using enum JournalKind;
  std::vector<JournalEvent> gone{told(result, "a", "delete", "done")};
  Remaining half = remaining_of(plan_of({replace}), gone, ready_at_once);
  REQUIRE(half.plan.changes.size() == 1);
  CHECK(half.plan.changes[0].action == Action::create);
  CHECK_FALSE(half.plan.changes[0].fingerprint.present);
  CHECK(half.plan.changes[0].fingerprint.uid.empty());
  CHECK(half.plan.changes[0].former.is_null());
  CHECK(half.plan.summary.create == 1);
  CHECK(half.plan.summary.replace == 0);
  SUBCASE("and is done when that is") {
    gone.push_back(told(result, "a", "create", "done"));
    CHECK(remaining_of(plan_of({replace}), gone, ready_at_once).done == 1);
  }
  SUBCASE("not one that creates first: its former object goes by a change of its own") {
    replace.create_first = true;
    CHECK(left({replace}, gone) == "replace a\n");
  }
}

TEST_CASE("what is done is waited for by what needs it, and by nothing else") {
  Change needing = change("c", Action::update);
  needing.needs = {"a", "b"};
  Change deleted = change("e", Action::delete_);
  deleted.needs = {"d"};
  Change done_delete = change("b", Action::delete_);
  using enum JournalKind;
  std::vector<JournalEvent> events{told(result, "a", "create", "done"), told(result, "b", "delete", "done"),
                                   told(result, "d", "create", "done")};
  std::vector<Change> changes{change("a", Action::create), needing, change("d", Action::create), deleted,
                              done_delete};
  CHECK(left(changes, events) == "read a\nupdate c\ndelete e\n");
  Remaining remaining = remaining_of(plan_of(changes), events, [](const std::string&) { return true; });
  CHECK(remaining.done == 3);
  CHECK(remaining.plan.changes[0].desired.is_null());
  CHECK_FALSE(remaining.plan.changes[0].fingerprint.present);
  CHECK(remaining.plan.summary.read == 1);
}

TEST_CASE("what was to be remembered is left as long as it is not") {
  Plan plan = plan_of({});
  plan.records.resize(2);
  plan.records[0].address = "a";
  plan.records[1].address = "b";
  Remaining remaining = remaining_of(plan, {told(JournalKind::result, "a", "record", "done")}, ready_at_once);
  REQUIRE(remaining.plan.records.size() == 1);
  CHECK(remaining.plan.records[0].address == "b");
  CHECK(remaining.plan.summary.record == 1);
}

TEST_CASE("a run keeps its plan, and what is left of it can be carried out") {
  MemorySystem system;
  MemoryStore store;
  system.fault = [](const std::string&, const std::string& name) {
    return name == R"({"name":"b"})" ? MemorySystem::Fault::refuse : MemorySystem::Fault::none;
  };
  Process process(system, store);
  Run run = process.run(plan_of({create("a"), create("b", {"a"}), create("c", {"b"})}));
  CHECK(run.count(StepOutcome::failed) == 1);
  REQUIRE(store.kept_plan.first == run.id);
  system.fault = {};
  Result<Plan> kept = decode_plan(store.kept_plan.second);
  REQUIRE(kept);
  Remaining remaining = remaining_of(std::move(*kept), store.events, ready_at_once);
  CHECK(remaining.done == 1);
  Run second = process.run(remaining.plan);
  CHECK(second.steps.size() == 2);
  CHECK(second.count(StepOutcome::done) == 2);
  CHECK(system.objects.size() == 3);
}

TEST_CASE("with `--on-error stop` nothing new is begun after a failure") {
  MemorySystem system;
  MemoryStore store;
  system.fault = [](const std::string&, const std::string& name) {
    return name == R"({"name":"a"})" ? MemorySystem::Fault::refuse : MemorySystem::Fault::none;
  };
  Process process(system, store);
  process.world.options.parallel = 1;
  SUBCASE("finish") {
    Run run = process.run(plan_of({create("a"), create("b"), create("c", {"a"})}));
    CHECK(run.count(StepOutcome::done) == 1);
    CHECK(run.count(StepOutcome::skipped) == 1);
  }
  SUBCASE("stop") {
    process.world.options.on_error = OnError::stop;
    Run run = process.run(plan_of({create("a"), create("b"), create("c", {"a"})}));
    CHECK(run.count(StepOutcome::done) == 0);
    CHECK(run.count(StepOutcome::skipped) == 2);
    CHECK_FALSE(run.interrupted);
  }
}
