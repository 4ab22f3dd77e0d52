#include "engine/apply/executor.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/apply_process.h"

using namespace carbon;
using carbon::test::create;
using carbon::test::field;
using carbon::test::MemoryConnector;
using carbon::test::MemoryStore;
using carbon::test::MemorySystem;
using carbon::test::plan_of;
using carbon::test::Process;
using carbon::test::SimulatedIo;

namespace {

using Fault = MemorySystem::Fault;

/// The plan that a planner would make now: what is missing is created.
Plan rest_of(const Plan& plan, const MemoryStore& store) {
  Plan rest = plan;
  std::erase_if(rest.changes,
                [&](const Change& change) { return store.inventory.entries.contains(change.address); });
  return rest;
}

Plan layered(std::uint32_t count) {
  std::vector<Change> changes;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::vector<Address> needs;
    if (i >= 4) needs = {"r" + std::to_string(100 + i - 4), "r" + std::to_string(100 + i - 3)};
    changes.push_back(create("r" + std::to_string(100 + i), needs));
  }
  return plan_of(std::move(changes));
}

}  // namespace

TEST_CASE("creates run in order and land in the inventory") {
  MemorySystem system;
  MemoryStore store;
  Process process(system, store);
  Run run = process.run(plan_of({create("a"), create("b", {"a"})}));
  CHECK(run.count(StepOutcome::done) == 2);
  CHECK(system.log == std::vector<std::string>{R"(create {"name":"a"})", R"(create {"name":"b"})"});
  CHECK(store.inventory.entries.at("b").uid == "u2");
  CHECK(store.events.back().kind == JournalKind::end);
}

TEST_CASE("values of earlier objects fill later ones") {
  MemorySystem system;
  MemoryStore store;
  Process process(system, store);
  Value open = Value::unknown_attribute("a", "text");
  Run run = process.run(plan_of({create("a", {}, Value::string("from a")), create("b", {"a"}, open)}));
  REQUIRE(run.count(StepOutcome::done) == 2);
  CHECK(system.objects.at(R"({"name":"b"})").fields.find("text")->text() == "from a");
}

TEST_CASE("secrets are revealed in the request and only digested in the inventory") {
  MemorySystem system;
  MemoryStore store;
  Process process(system, store);
  Value secret = Value::secret({"secret.env", {Value::string("T")}});
  process.run(plan_of({create("a", {}, secret)}));
  CHECK(system.objects.begin()->second.fields.find("text")->text() == "s3cret");
  const InventoryEntry& entry = store.inventory.entries.at("a");
  CHECK(entry.digests.at("text") == "digest-6");
  CHECK(encode_entry(entry).find("s3cret") == std::string::npos);
  for (const JournalEvent& event : store.events) CHECK(event.detail.find("s3cret") == std::string::npos);
}

TEST_CASE("what is only to be remembered is written down, and nothing is sent") {
  MemorySystem system;
  MemoryStore store;
  InventoryEntry entry;
  entry.address = "a";
  entry.type = "test.Thing";
  entry.uid = "u";
  entry.applied.insert(*FieldPath::parse("text"));
  store.inventory.entries["a"] = entry;
  Record record;
  record.address = "a";
  record.provider = "p";
  record.protect = true;
  record.needs = {"b"};
  record.declared = {"p.carbon", 3};
  Record fields = record;
  fields.address = "f";
  fields.applied = FieldSet();
  fields.value_digests = {{"x", "0a"}};
  entry.address = "f";
  store.inventory.entries["f"] = entry;
  Plan plan = plan_of({});
  plan.records = {record, fields};
  Process process(system, store);
  Run run = process.run(plan);
  CHECK(run.recorded == 2);
  CHECK(store.inventory.entries.at("f").applied.empty());
  CHECK(store.inventory.entries.at("f").value_digests.at("x") == "0a");
  CHECK(system.log.empty());
  const InventoryEntry& now = store.inventory.entries.at("a");
  CHECK(now.protect);
  CHECK(now.needs == std::vector<Address>{"b"});
  CHECK(now.provider == "p");
  CHECK(now.declared_at == "p.carbon:3");
  CHECK(now.uid == "u");
  CHECK(now.applied.contains(*FieldPath::parse("text")));
  CHECK(store.unfinished()->empty());
  store.fail_after = store.events.size() + 1;
  Run broken = process.run(plan);
  CHECK(broken.broken);
  CHECK(broken.recorded == 0);
}

TEST_CASE("a failed step lets its dependants be skipped and the others go on") {
  MemorySystem system;
  MemoryStore store;
  system.fault = [](const std::string&, const std::string& name) {
    return name == R"({"name":"a"})" ? Fault::refuse : Fault::none;
  };
  Process process(system, store);
  Run run = process.run(plan_of({create("a"), create("b", {"a"}), create("c")}));
  CHECK(run.steps[0].outcome == StepOutcome::failed);
  CHECK(run.steps[1].outcome == StepOutcome::skipped);
  CHECK(run.steps[2].outcome == StepOutcome::done);
  CHECK(run.steps[0].error->diagnostic().address == "a");
  // The journal has the code alone: a server may quote what it was sent.
  auto refused = std::ranges::find_if(store.events, [](const JournalEvent& event) {
    return event.kind == JournalKind::result && event.address == "a";
  });
  REQUIRE(refused != store.events.end());
  CHECK(refused->detail == to_string(run.steps[0].error->code()));
}

TEST_CASE("a lost reply is read back and never repeated when it took effect") {
  for (Fault lost : {Fault::lose_reply, Fault::lose_request}) {
    MemorySystem system;
    MemoryStore store;
    int count = 0;
    system.fault = [&](const std::string&, const std::string&) { return count++ == 0 ? lost : Fault::none; };
    Process process(system, store);
    Run run = process.run(plan_of({create("a")}));
    CHECK(run.count(StepOutcome::done) == 1);
    CHECK(system.log.size() == 1);
  }
}

TEST_CASE("an object that somebody else made in between is left alone") {
  MemorySystem system;
  MemoryStore store;
  system.objects[R"({"name":"a"})"] = {Value::record({}), "foreign", 1, ""};
  Process process(system, store);
  Run run = process.run(plan_of({create("a")}));
  REQUIRE(run.steps[0].error);
  CHECK(run.steps[0].error->code() == DiagnosticCode::not_owned);
  CHECK(system.log.empty());
  CHECK(store.inventory.entries.empty());
}

TEST_CASE("429 is waited for and repeated") {
  MemorySystem system;
  MemoryStore store;
  int count = 0;
  system.fault = [&](const std::string&, const std::string&) {
    return count++ < 5 ? Fault::not_admitted : Fault::none;
  };
  Process process(system, store);
  CHECK(process.run(plan_of({create("a")})).count(StepOutcome::done) == 1);
}

TEST_CASE("an update survives a version that moved on, and stops when its fields did") {
  for (bool same : {true, false}) {
    MemorySystem system;
    MemoryStore store;
    system.objects[R"({"name":"a"})"] = {Value::record({}), "u", 7, ""};
    Process process(system, store);
    process.world.fingerprint_holds = [same](const Change&, const LiveObject&) { return same; };
    Change change = create("a");
    change.action = Action::update;
    change.fingerprint.uid = "u";
    change.fingerprint.version = "3";
    Run run = process.run(plan_of({change}));
    CHECK(run.steps[0].outcome == (same ? StepOutcome::done : StepOutcome::failed));
    if (!same) CHECK(run.steps[0].error->code() == DiagnosticCode::stale_plan);
  }
}

TEST_CASE("deletes go against the dependencies and leave inventory and system empty") {
  MemorySystem system;
  MemoryStore store;
  Plan plan = layered(12);
  Process(system, store).run(plan);
  Plan destroy = plan;
  for (Change& change : destroy.changes) {
    change.action = Action::delete_;
    change.fingerprint.uid = store.inventory.entries.at(change.address).uid;
  }
  Process process(system, store);
  system.log.clear();
  Run run = process.run(destroy);
  CHECK(run.count(StepOutcome::done) == 12);
  CHECK(system.objects.empty());
  CHECK(store.inventory.entries.empty());
  CHECK(system.log.front() == R"(delete {"name":"r109"})");  // r111 needs r108
}

TEST_CASE("a step that does not become ready is told apart from one that failed") {
  MemorySystem system;
  MemoryStore store;
  system.readiness = [](const std::string& name) {
    return name == R"({"name":"a"})" ? Readiness{Readiness::Kind::waiting, "0 of 1 replicas"} : Readiness{};
  };
  Process process(system, store);
  Run run = process.run(plan_of({create("a"), create("b", {"a"}), create("c")}));
  CHECK(run.steps[0].outcome == StepOutcome::not_ready);
  CHECK(run.steps[0].reason == "0 of 1 replicas");
  CHECK(run.steps[1].outcome == StepOutcome::skipped);
  CHECK(run.steps[2].outcome == StepOutcome::done);
  CHECK(store.inventory.entries.contains("a"));
}

TEST_CASE("a journal that cannot be written stops new work and says so") {
  MemorySystem system;
  MemoryStore store;
  store.fail_after = 1;
  Process process(system, store);
  Run run = process.run(layered(8));
  REQUIRE(run.broken);
  CHECK(run.broken->code() == DiagnosticCode::journal_failed);
  CHECK(system.log.empty());  // nothing was sent without a durable intent
}

TEST_CASE("stopped: nothing new is sent, what is in flight ends, the run says so") {
  MemorySystem system;
  MemoryStore store;
  Process process(system, store);
  bool stop = false;
  process.world.stopped = [&] { return stop; };
  process.world.listener = [&](const ApplyEvent& event) {
    if (event.kind == ApplyEvent::Kind::acted) stop = true;
  };
  Run run = process.run(layered(12));
  CHECK(run.interrupted);
  CHECK(run.count(StepOutcome::done) + run.count(StepOutcome::not_ready) == system.log.size());
  CHECK(system.log.size() < 12);
  CHECK(store.unfinished()->empty());
}

TEST_CASE("what goes on under another address is let go only when its new row is written") {
  MemorySystem system;
  MemoryStore store;
  Process process(system, store);
  process.run(plan_of({create("a")}));
  Change now = create("z");
  now.identity = Value::record({field("name", Value::string("a"))});
  now.desired = Value::record({field("name", Value::string("a")), field("text", Value::string("x"))});
  now.action = Action::adopt;
  now.fingerprint.uid = "u1";
  Change then = create("a");
  then.action = Action::release;
  bool fails = false;
  SUBCASE("written") {}
  SUBCASE("refused") {
    fails = true;
    FieldChange text;
    text.path = *FieldPath::parse("text");
    now.fields.push_back(text);
    system.fault = [](const std::string&, const std::string&) { return Fault::refuse; };
  }
  Run run = process.run(plan_of({then, now}));
  CHECK(run.steps[0].outcome == (fails ? StepOutcome::skipped : StepOutcome::done));
  CHECK(store.inventory.entries.contains(fails ? "a" : "z"));
  CHECK(store.inventory.entries.size() == 1);
  if (fails) return;
  std::vector<Address> written;
  for (const JournalEvent& event : store.events) {
    if (event.kind == JournalKind::result) written.push_back(event.address);
  }
  CHECK(written == std::vector<Address>{"a", "z", "a"});
}

TEST_CASE("what was needed is deleted after what no longer needs it has changed") {
  MemorySystem system;
  MemoryStore store;
  Process process(system, store);
  process.run(plan_of({create("old"), create("user", {"old"})}));
  system.log.clear();
  Change change = create("user", {}, Value::string("other"));
  change.action = Action::update;
  change.fingerprint.uid = "u2";
  Change gone = create("old");
  gone.action = Action::delete_;
  gone.fingerprint.uid = "u1";
  bool fails = false;
  SUBCASE("changed") {}
  SUBCASE("refused") {
    fails = true;
    system.fault = [](const std::string& operation, const std::string&) {
      return operation == "update" ? Fault::refuse : Fault::none;
    };
  }
  process.run(plan_of({gone, change}));
  if (fails) {
    CHECK(system.log.empty());
    CHECK(store.inventory.entries.contains("old"));
  } else {
    CHECK(system.log == std::vector<std::string>{R"(update {"name":"user"})", R"(delete {"name":"old"})"});
  }
}

TEST_CASE("killed at every moment, the next process finishes without duplicates or orphans") {
  Plan plan = layered(14);
  std::size_t moments = 0;
  for (std::size_t kill_at = 0;; ++kill_at) {
    MemorySystem system;
    MemoryStore store;
    auto first = std::make_unique<Process>(system, store, 1);
    auto body = [](const Plan* wanted, ApplyWorld* where) -> Task<void> {
      auto applying = apply(*wanted, *where);
      (void)co_await applying;
    };
    auto root = std::make_unique<Task<void>>(body(&plan, &first->world));
    root->start();
    for (std::size_t i = 0; i < kill_at && first->io.step(); ++i) {
    }
    bool ended = root->done();
    root.reset();  // the process dies here: nothing of it runs again
    first.reset();

    Process second(system, store, 2);
    REQUIRE(second.settle_now());
    second.run(rest_of(plan, store));
    CAPTURE(kill_at);
    CHECK(system.objects.size() == 14);
    CHECK(system.log.size() == 14);
    CHECK(store.inventory.entries.size() == 14);
    for (const auto& [address, entry] : store.inventory.entries) {
      CHECK(system.objects.at(R"({"name":")" + address + R"("})").uid == entry.uid);
    }
    ++moments;
    if (ended) break;
  }
  CHECK(moments > 50);
}

namespace {

/// What a planner makes of `replace create_first`: the new object, and behind everything the old one's end.
Plan replaced_by_new(const Address& address, const std::string& name) {
  Change made = create(address);
  made.action = Action::replace;
  made.create_first = true;
  made.identity = Value::record({field("name", Value::string(name))});
  made.desired = Value::record({field("name", Value::string(name)), field("text", Value::string("y"))});
  Change user = create("user", {address});
  Change gone = create(former_address(address));
  gone.action = Action::delete_;
  gone.moved_from = address;
  gone.identity = Value::record({field("name", Value::string(address))});
  gone.desired = Value();
  return plan_of({made, user, gone});
}

}  // namespace

TEST_CASE("a replacement that creates first deletes the old object behind all that uses the new one") {
  MemorySystem system;
  MemoryStore store;
  Process(system, store).run(plan_of({create("a")}));
  system.log.clear();
  std::string old_uid = store.inventory.entries.at("a").uid;
  SUBCASE("all goes well") {
    Run run = Process(system, store).run(replaced_by_new("a", "a2"));
    CHECK(run.count(StepOutcome::done) == 3);
    CHECK(system.log == std::vector<std::string>{R"(create {"name":"a2"})", R"(create {"name":"user"})",
                                                 R"(delete {"name":"a"})"});
    CHECK(store.inventory.entries.size() == 2);
    CHECK(store.inventory.entries.at("a").uid != old_uid);
  }
  SUBCASE("the new one cannot be made") {
    system.fault = [](const std::string& operation, const std::string&) {
      return operation == "create" ? Fault::refuse : Fault::none;
    };
    Run run = Process(system, store).run(replaced_by_new("a", "a2"));
    CHECK(run.count(StepOutcome::failed) == 1);
    CHECK(run.count(StepOutcome::skipped) == 2);
    CHECK(system.objects.contains(R"({"name":"a"})"));
    CHECK_FALSE(store.inventory.entries.contains("a"));
    CHECK(store.inventory.entries.at("a#former").uid == old_uid);
  }
}

TEST_CASE("a write without effect is sent again as often as `retry` says") {
  MemorySystem system;
  MemoryStore store;
  Process process(system, store);
  Plan plan = plan_of({create("a")});
  plan.changes.front().retry = Retry{2, Duration{10'000'000'000}};
  int refusals = 2;
  system.fault = [&](const std::string&, const std::string&) {
    return refusals-- > 0 ? Fault::refuse : Fault::none;
  };
  SUBCASE("often enough") {
    std::int64_t began = process.io.now();
    CHECK(process.run(plan).count(StepOutcome::done) == 1);
    CHECK(process.io.now() - began >= 20'000'000'000);
  }
  SUBCASE("never once its work has begun") {
    system.fault = [&](const std::string&, const std::string&) {
      return refusals-- > 0 ? MemorySystem::Fault::fail_at_work : MemorySystem::Fault::none;
    };
    CHECK(process.run(plan).count(StepOutcome::failed) == 1);
    CHECK(refusals == 1);
  }
  SUBCASE("not often enough") {
    refusals = 3;
    CHECK(process.run(plan).count(StepOutcome::failed) == 1);
    CHECK(system.objects.empty());
  }
}
