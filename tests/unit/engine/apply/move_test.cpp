// Objects whose address changed: the row of the inventory goes along, and no server hears of it.

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

InventoryEntry owned(const Address& address, std::string uid) {
  InventoryEntry entry;
  entry.address = address;
  entry.type = "test.Thing";
  entry.provider = "p";
  entry.provider_config = Value::record({});
  entry.identity = Value::record({field("name", Value::string(address))});
  entry.uid = std::move(uid);
  entry.applied.insert(*FieldPath::parse("text"));
  entry.digests["text"] = "d";
  return entry;
}

/// `a` and `b` are owned and are called `x.a` and `x.b` now; `b` has another text too.
struct Moved {
  MemorySystem system;
  MemoryStore store;
  Plan plan;

  Moved() {
    for (std::string name : {"a", "b"}) {
      Value object =
          Value::record({field("name", Value::string(name)), field("text", Value::string("before"))});
      system.objects[R"({"name":")" + name + R"("})"] = {object, "u-" + name, 1, ""};
      store.inventory.entries[name] = owned(name, "u-" + name);
    }
    Change move = create("x.a", {"x.b"});
    move.action = Action::move;
    move.moved_from = "a";
    move.identity = Value::record({field("name", Value::string("a"))});
    move.desired = Value();
    move.protect = true;
    move.declared = {"p.carbon", 4};
    Change update = create("x.b");
    update.action = Action::update;
    update.moved_from = "b";
    update.identity = Value::record({field("name", Value::string("b"))});
    update.desired =
        Value::record({field("name", Value::string("b")), field("text", Value::string("after"))});
    FieldChange text;
    text.path = *FieldPath::parse("text");
    text.before = Value::string("before");
    text.after = Value::string("after");
    update.fields.push_back(std::move(text));
    update.applied.insert(*FieldPath::parse("text"));
    update.fingerprint = {true, "u-b", "1", {}, ""};
    plan = plan_of({move, update});
  }

  /// What the planner would say next.
  [[nodiscard]] Plan rest() const {
    Plan rest = plan;
    for (Change& change : rest.changes) {
      if (store.inventory.entries.contains(change.address)) change.moved_from.clear();
    }
    std::erase_if(rest.changes, [](const Change& change) {
      return change.action == Action::move && change.moved_from.empty();
    });
    bool written = system.objects.at(R"({"name":"b"})").fields.find("text")->text() == "after";
    if (written && store.inventory.entries.contains("x.b"))
      std::erase_if(rest.changes, [](const Change& change) { return change.address == "x.b"; });
    return rest;
  }

  void check_done() const {
    REQUIRE(store.inventory.entries.size() == 2);
    CHECK(store.inventory.entries.at("x.a").uid == "u-a");
    CHECK(store.inventory.entries.at("x.b").uid == "u-b");
    CHECK(system.objects.size() == 2);
    CHECK(system.objects.at(R"({"name":"a"})").fields.find("text")->text() == "before");
    CHECK(system.objects.at(R"({"name":"b"})").fields.find("text")->text() == "after");
  }
};

}  // namespace

TEST_CASE("a move renames the row and asks no server") {
  Moved moved;
  moved.plan.changes.pop_back();
  Process process(moved.system, moved.store);
  Run run = process.run(moved.plan);
  CHECK(run.count(StepOutcome::done) == 1);
  CHECK(moved.system.log.empty());
  CHECK(process.connectors.empty());
  CHECK_FALSE(moved.store.inventory.entries.contains("a"));
  const InventoryEntry& entry = moved.store.inventory.entries.at("x.a");
  CHECK(entry.address == "x.a");
  CHECK(entry.uid == "u-a");
  CHECK(entry.applied.contains(*FieldPath::parse("text")));
  CHECK(entry.digest_address() == "a");
  CHECK(entry.protect);
  CHECK(entry.needs == std::vector<Address>{"x.b"});
  CHECK(entry.declared_at == "p.carbon:4");
  CHECK(moved.store.unfinished()->empty());
  bool journaled = false;
  for (const JournalEvent& event : moved.store.events)
    journaled = journaled || (event.kind == JournalKind::result && event.operation == "move");
  CHECK(journaled);
}

TEST_CASE("all that moves is renamed in one transaction, before anything is sent") {
  Moved moved;
  Process process(moved.system, moved.store);
  std::uint64_t before = moved.store.inventory.generation;
  moved.plan.changes.back().action = Action::move;
  process.run(moved.plan);
  CHECK(moved.store.inventory.generation == before + 1);
}

TEST_CASE("a moved object that differs is updated under its new address") {
  Moved moved;
  Process process(moved.system, moved.store);
  Run run = process.run(moved.plan);
  CHECK(run.count(StepOutcome::done) == 2);
  CHECK(moved.system.log.size() == 1);
  moved.check_done();
  CHECK(moved.store.inventory.entries.at("x.b").digested_as.empty());
}

TEST_CASE("what cannot be updated has moved nevertheless") {
  Moved moved;
  Process process(moved.system, moved.store);
  process.world.fingerprint_holds = [](const Change&, const LiveObject&) { return false; };
  moved.system.objects.at(R"({"name":"b"})").version = 2;
  Run run = process.run(moved.plan);
  CHECK(run.count(StepOutcome::failed) == 1);
  CHECK(moved.store.inventory.entries.contains("x.b"));
  CHECK_FALSE(moved.store.inventory.entries.contains("b"));
  CHECK(moved.system.objects.size() == 2);
}

TEST_CASE("a row that is gone is said to be gone") {
  Moved moved;
  moved.store.inventory.entries.erase("a");
  moved.plan.changes.pop_back();
  Process process(moved.system, moved.store);
  Run run = process.run(moved.plan);
  REQUIRE(run.steps.front().error);
  CHECK(run.steps.front().error->code() == DiagnosticCode::stale_plan);
}

TEST_CASE("a failing journal stops before anything is sent") {
  Moved moved;
  moved.store.fail_after = 1;
  Process process(moved.system, moved.store);
  Run run = process.run(moved.plan);
  CHECK(run.broken);
  CHECK(moved.system.log.empty());
}

TEST_CASE("killed at every moment of a move, the next process finishes it") {
  std::size_t moments = 0;
  for (std::size_t kill_at = 0;; ++kill_at) {
    Moved moved;
    auto first = std::make_unique<Process>(moved.system, moved.store, 1);
    auto body = [](const Plan* wanted, ApplyWorld* where) -> Task<void> {
      auto applying = apply(*wanted, *where);
      (void)co_await applying;
    };
    auto root = std::make_unique<Task<void>>(body(&moved.plan, &first->world));
    root->start();
    for (std::size_t i = 0; i < kill_at && first->io.step(); ++i) {
    }
    bool ended = root->done();
    root.reset();
    first.reset();

    CAPTURE(kill_at);
    Process second(moved.system, moved.store, 2);
    REQUIRE(second.settle_now());
    // Never two rows of one object, and never none.
    CHECK(moved.store.inventory.entries.size() == 2);
    second.run(moved.rest());
    moved.check_done();
    ++moments;
    if (ended) break;
  }
  CHECK(moments > 5);
}
