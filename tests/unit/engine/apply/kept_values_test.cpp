#include <doctest/doctest.h>

#include "tests/support/apply_process.h"

using namespace carbon;
using carbon::test::create;
using carbon::test::field;
using carbon::test::MemoryStore;
using carbon::test::MemorySystem;
using carbon::test::plan_of;
using carbon::test::Process;

namespace {

using Fault = MemorySystem::Fault;
const char* const key_of_robot = R"({"name":"robot"})";
const char* const key_of_sink = R"({"name":"sink"})";

/// A plan that makes `sink`, `robot`, whose token goes there, and `user`, which needs the robot.
Plan plan_of_robot() {
  Change robot = create("robot", {"sink"});
  robot.keeps = {{"token", "sink"}};
  return plan_of({create("sink"), robot, create("user", {"robot"})});
}

Value token(const std::string&, const std::string& name) {
  if (name != key_of_robot) return {};
  return Value::record({field("token", Value::string("t0ken"))});
}

void strike_stores(MemorySystem& system, Fault fault, int times) {
  system.fault = [fault, times](const std::string& operation, const std::string&) mutable {
    return operation == "store" && times-- > 0 ? fault : Fault::none;
  };
}

}  // namespace

TEST_CASE("what a reply says once is stored before the step is done, and remembered by its digest") {
  MemorySystem system;
  MemoryStore store;
  system.told = token;
  SUBCASE("at once") {}
  SUBCASE("though the sink's server does not answer at first") {
    strike_stores(system, Fault::lose_reply, 2);
  }
  SUBCASE("though it is busy at first") { strike_stores(system, Fault::not_admitted, 3); }
  Process process(system, store);
  Run run = process.run(plan_of_robot());
  CHECK(run.count(StepOutcome::failed) == 0);
  CHECK(system.stored.at({key_of_sink, "token"}) == "t0ken");
  CHECK(store.inventory.entries.at("robot").digests.at("token") == "digest-5");
  for (const JournalEvent& event : store.events) CHECK(event.detail.find("t0ken") == std::string::npos);
}

TEST_CASE("a value that could not be stored is remembered as lost, and what needs it does not run") {
  MemorySystem system;
  MemoryStore store;
  system.told = token;
  SUBCASE("the sink refuses it") { strike_stores(system, Fault::refuse, 99); }
  SUBCASE("the sink's server never answers") { strike_stores(system, Fault::lose_request, 99); }
  SUBCASE("the reply does not have it") { system.told = {}; }
  SUBCASE("the reply does not come") {
    system.fault = [](const std::string& operation, const std::string& name) {
      return operation == "create" && name == key_of_robot ? Fault::lose_reply : Fault::none;
    };
  }
  Process process(system, store);
  Run run = process.run(plan_of_robot());
  CHECK(run.count(StepOutcome::failed) == 1);
  CHECK(system.objects.contains(key_of_robot));
  CHECK_FALSE(system.objects.contains(R"({"name":"user"})"));
  REQUIRE(store.inventory.entries.contains("robot"));
  CHECK(store.inventory.entries.at("robot").digests.at("token").empty());
}

TEST_CASE("a run that was killed before the store leaves the value as lost") {
  MemorySystem system;
  MemoryStore store;
  system.told = token;
  // Begin, intent and result of the sink, intent of the robot.
  store.fail_after = 4;
  Process process(system, store);
  static_cast<void>(process.run(plan_of_robot()));
  store.fail_after = SIZE_MAX;
  REQUIRE(system.objects.contains(key_of_robot));
  Process other(system, store, 2);
  SUBCASE("the object can be read") { REQUIRE(other.settle_now()); }
  SUBCASE("an update of it can not") {
    InventoryEntry entry = store.inventory.entries.at("sink");
    entry.address = "robot";
    entry.identity = Value::record({field("name", Value::string("robot"))});
    entry.digests["token"] = "digest-5";
    store.inventory.entries["robot"] = entry;
    entry.digests["token"] = "";
    JournalEvent event = store.events.back();
    event.kind = JournalKind::intent;
    event.operation = "update";
    event.address = "robot";
    event.detail = encode_entry(entry);
    store.events.push_back(event);
    system.unreadable = [](const std::string& name) { return name == key_of_robot; };
    REQUIRE(other.settle_now());
  }
  CHECK(store.inventory.entries.at("robot").digests.at("token").empty());
}

TEST_CASE("another change of the object keeps the digest of the value") {
  MemorySystem system;
  MemoryStore store;
  system.told = token;
  Process process(system, store);
  static_cast<void>(process.run(plan_of_robot()));
  Change update = create("robot", {}, Value::string("y"));
  update.action = Action::update;
  update.keeps = {{"token", "sink"}};
  FieldChange& text = update.fields.emplace_back();
  text.path = *FieldPath::parse("text");
  text.after = Value::string("y");
  update.fingerprint.uid = store.inventory.entries.at("robot").uid;
  system.stored.clear();
  Run run = process.run(plan_of({update}));
  CHECK(run.count(StepOutcome::failed) == 0);
  CHECK(store.inventory.entries.at("robot").digests.at("token") == "digest-5");
  CHECK(system.stored.empty());
}
