#include "engine/apply/settle.h"

#include <doctest/doctest.h>

#include "engine/plan/value_digests.h"
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

const char* const key_of_a = R"({"name":"a"})";
const char* const key_of_b = R"({"name":"b"})";

InventoryEntry row(const Address& address, std::string uid = {}) {
  InventoryEntry entry;
  entry.address = address;
  entry.type = "test.Thing";
  entry.provider = "p";
  entry.provider_config = Value::record({});
  entry.identity = Value::record({field("name", Value::string(address))});
  entry.uid = std::move(uid);
  return entry;
}

JournalEvent intent(std::string operation, const InventoryEntry& entry, std::string token = "t") {
  JournalEvent event;
  event.kind = JournalKind::intent;
  event.run = "r";
  event.address = entry.address;
  event.operation = std::move(operation);
  event.token = std::move(token);
  event.uid = entry.uid;
  event.detail = encode_entry(entry);
  return event;
}

Value text(const char* words) {
  return Value::record({field("name", Value::string("a")), field("text", Value::string(words))});
}

/// Fails the next write of that operation to `a` so.
void strike(MemorySystem& system, std::string operation, Fault fault) {
  system.fault = [operation = std::move(operation), fault](const std::string& asked,
                                                           const std::string& name) {
    return asked == operation && name == key_of_a ? fault : Fault::none;
  };
}

}  // namespace

TEST_CASE("what cannot be read keeps nothing else from being settled") {
  MemorySystem system;
  MemoryStore store;
  system.objects[key_of_a] = {text("x"), "ua", 1, "ta"};
  system.objects[key_of_b] = {text("x"), "ub", 1, "tb"};
  store.events = {intent("create", row("a"), "ta"), intent("create", row("b"), "tb")};
  system.unreadable = [](const std::string& name) { return name == key_of_a; };
  Process process(system, store);
  Result<Settled> settled = process.settle_now();
  REQUIRE(settled);
  CHECK(settled->steps[0].finding == "cannot be read now: stays open");
  CHECK(store.inventory.entries.contains("b"));
  CHECK_FALSE(store.inventory.entries.contains("a"));
  CHECK(open_steps(*store.unfinished()) == std::vector<Address>{"a"});

  SUBCASE("later it can, although another run has ended in between") {
    Process other(system, store, 2);
    other.run(plan_of({create("c")}));
    CHECK(open_steps(*store.unfinished()) == std::vector<Address>{"a"});
    system.unreadable = {};
    REQUIRE(process.settle_now());
    CHECK(store.inventory.entries.at("a").uid == "ua");
    CHECK(store.unfinished()->empty());
  }
  SUBCASE("a later plan of the address takes its place") {
    system.objects.erase(key_of_a);
    Process other(system, store, 2);
    other.run(plan_of({create("a")}));
    CHECK(open_steps(*store.unfinished()).empty());
    REQUIRE(other.settle_now());
    CHECK(store.unfinished()->empty());
  }
}

TEST_CASE("an update that cannot be read back is remembered with what was applied before and after it") {
  MemorySystem system;
  MemoryStore store;
  InventoryEntry before = row("a", "u");
  before.applied.insert(*FieldPath::parse("text"));
  before.value_digests["text"] = "0123456789abcdef";
  InventoryEntry after = row("a", "u");
  after.applied.insert(*FieldPath::parse("name"));
  store.inventory.entries["a"] = before;
  store.events = {intent("update", after)};
  system.unreadable = [](const std::string&) { return true; };
  Process process(system, store);
  REQUIRE(process.settle_now());
  const InventoryEntry& now = store.inventory.entries.at("a");
  CHECK(now.applied.contains(*FieldPath::parse("text")));
  CHECK(now.applied.contains(*FieldPath::parse("name")));
  CHECK(now.value_digests.empty());
  CHECK(store.unfinished()->empty());
}

TEST_CASE("a delete that cannot be read back stays owned") {
  MemorySystem system;
  MemoryStore store;
  store.inventory.entries["a"] = row("a", "u");
  store.events = {intent("delete", row("a", "u"))};
  system.unreadable = [](const std::string&) { return true; };
  Process process(system, store);
  REQUIRE(process.settle_now());
  CHECK(store.inventory.entries.contains("a"));
  CHECK(store.unfinished()->empty());
}

TEST_CASE("a create of which nobody knows keeps its run open until somebody can look") {
  MemorySystem system;
  MemoryStore store;
  strike(system, "create", Fault::lose_reply);
  system.unreadable = [](const std::string&) { return true; };
  Process process(system, store);
  Run run = process.run(plan_of({create("a")}));
  CHECK(run.count(StepOutcome::failed) == 1);
  CHECK(system.objects.size() == 1);
  CHECK(store.inventory.entries.empty());
  CHECK(open_steps(*store.unfinished()) == std::vector<Address>{"a"});
  system.unreadable = {};
  Process next(system, store, 2);
  REQUIRE(next.settle_now());
  CHECK(store.inventory.entries.at("a").uid == "u1");
  CHECK(store.unfinished()->empty());
}

TEST_CASE("an update of which nobody knows keeps its run open too") {
  MemorySystem system;
  MemoryStore store;
  system.objects[key_of_a] = {text("old"), "u", 1, "t"};
  store.inventory.entries["a"] = row("a", "u");
  Change change = create("a", {}, Value::string("new"));
  change.action = Action::update;
  change.fingerprint.uid = "u";
  change.applied.insert(*FieldPath::parse("text"));
  strike(system, "update", Fault::lose_reply);
  system.unreadable = [](const std::string&) { return true; };
  Process process(system, store);
  process.run(plan_of({change}));
  CHECK(open_steps(*store.unfinished()) == std::vector<Address>{"a"});
  system.unreadable = {};
  REQUIRE(process.settle_now());
  CHECK(store.inventory.entries.at("a").applied.contains(*FieldPath::parse("text")));
  CHECK(store.unfinished()->empty());
}

TEST_CASE("a create that takes effect after its run was settled is known by its token") {
  MemorySystem system;
  MemoryStore store;
  strike(system, "create", Fault::late);
  Process process(system, store);
  Run run = process.run(plan_of({create("a")}));
  CHECK(run.count(StepOutcome::failed) == 1);
  REQUIRE(process.settle_now());
  CHECK(store.inventory.entries.empty());
  system.deliver();
  const std::string& token = system.objects.at(key_of_a).token;
  CHECK(*store.intended(token));
  CHECK_FALSE(*store.intended("another"));

  // Who creates it again meanwhile is told to plan again, not that somebody else made it.
  system.fault = {};
  Process next(system, store, 2);
  Run again = next.run(plan_of({create("a")}));
  REQUIRE(again.steps[0].error);
  CHECK(again.steps[0].error->code() == DiagnosticCode::stale_plan);
  CHECK(system.log.size() == 1);
}

TEST_CASE("what was made and then let go is not carbon's by its token") {
  MemorySystem system;
  MemoryStore store;
  Process process(system, store);
  process.run(plan_of({create("a")}));
  CHECK_FALSE(*store.intended(system.objects.at(key_of_a).token));
}

TEST_CASE("without a token, what a killed run was writing is ours, and anything else is not") {
  struct Row {
    const char* operation;
    const char* wanted;
    const char* there;
    const char* finding;
    bool put;
    bool told;  ///< the entry knows what was written
  };
  const Row rows[] = {
      {"create", "new text", "new text", "done", true, true},
      {"create", "new text", "other", "not ours: left alone", false, true},
      {"update", "new text", "new text", "done", true, true},
      {"update", "new text", "old", "did not happen, or only in part", true, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.finding);
    CAPTURE(row.operation);
    MemorySystem system;
    MemoryStore store;
    Process process(system, store);
    auto object = [](const char* text) {
      return Value::record({field("name", Value::string("a")), field("text", Value::string(text))});
    };
    InventoryEntry entry;
    entry.address = "a";
    entry.type = "test.Row";
    entry.provider = "p";
    entry.identity = Value::record({field("name", Value::string("a"))});
    entry.provider_config = Value::record({});
    entry.applied.insert(*FieldPath::parse("text"));
    auto digest = [&](std::string_view address, std::string_view name, std::string_view content) {
      return process.secrets.digest(address, name, content);
    };
    entry.value_digests =
        value_digests(*process.types.find("test.Row"), "a", entry.applied, object(row.wanted), {}, digest);
    REQUIRE(entry.value_digests.contains("text"));
    JournalEvent intent;
    intent.kind = JournalKind::intent;
    intent.run = "r";
    intent.address = "a";
    intent.operation = row.operation;
    intent.token = "t";
    intent.detail = encode_entry(entry);
    store.events = {intent};
    system.objects[R"({"name":"a"})"] = {object(row.there), "", 1, ""};
    Result<Settled> settled = process.settle_now();
    REQUIRE(settled);
    REQUIRE(settled->steps.size() == 1);
    CHECK(settled->steps[0].finding == row.finding);
    REQUIRE(store.inventory.entries.contains("a") == row.put);
    if (row.put) CHECK(store.inventory.entries.at("a").value_digests.contains("text") == row.told);
  }
}

TEST_CASE("an update that was killed still takes away later what it should have taken away") {
  MemorySystem system;
  MemoryStore store;
  Value left = Value::record({field("name", Value::string("a")), field("text", Value::string("left"))});
  Value taken = Value::record({field("name", Value::string("a"))});
  InventoryEntry entry;
  entry.address = "a";
  entry.type = "test.Thing";
  entry.provider = "p";
  entry.identity = Value::record({field("name", Value::string("a"))});
  entry.provider_config = Value::record({});
  entry.uid = "u";
  InventoryEntry former = entry;
  former.applied.insert(*FieldPath::parse("text"));
  JournalEvent intent;
  intent.kind = JournalKind::intent;
  intent.run = "r";
  intent.address = "a";
  intent.operation = "update";
  intent.uid = "u";
  intent.detail = encode_entry(entry);
  for (bool happened : {false, true}) {
    CAPTURE(happened);
    system.objects[R"({"name":"a"})"] = {happened ? taken : left, "u", 1, ""};
    store.inventory.entries["a"] = former;
    store.events = {intent};
    Process process(system, store);
    Result<Settled> settled = process.settle_now();
    REQUIRE(settled);
    CHECK(settled->steps.size() == 1);
    CHECK(store.inventory.entries.at("a").applied.contains(*FieldPath::parse("text")) == !happened);
    CHECK(store.unfinished()->empty());
  }
}
