#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "engine/apply/executor.h"
#include "engine/apply/settle.h"
#include "tests/support/memory_connector.h"
#include "tests/support/simulated_io.h"

namespace carbon::test {

inline Entry field(std::string_view name, Value value) { return {Value::string(name), std::move(value)}; }

/// Inventory and journal in memory; survives a "process", and can fail or stop at the n-th journal record.
struct MemoryStore : InventoryStore, Journal {
  Inventory inventory;
  std::vector<JournalEvent> events;
  std::size_t fail_after = SIZE_MAX;

  Result<Inventory> load() override { return inventory; }
  Status update(const std::vector<InventoryEntry>& put, const std::vector<Address>& remove) override {
    for (const InventoryEntry& entry : put) inventory.entries[entry.address] = entry;
    for (const Address& address : remove) inventory.entries.erase(address);
    ++inventory.generation;
    return {};
  }
  Status append(const std::vector<JournalEvent>& added) override {
    if (events.size() + added.size() > fail_after) return fail(DiagnosticCode::journal_failed, "disk full");
    events.insert(events.end(), added.begin(), added.end());
    return {};
  }
  Status append(const std::vector<JournalEvent>& added, const std::vector<InventoryEntry>& put,
                const std::vector<Address>& remove) override {
    CARBON_CHECK(append(added));
    return update(put, remove);
  }
  Result<std::vector<JournalEvent>> unfinished() override {
    auto ended = [&](const std::string& run) {
      return std::any_of(events.begin(), events.end(), [&](const JournalEvent& event) {
        return event.run == run && event.kind == JournalKind::end;
      });
    };
    auto first = std::find_if(events.begin(), events.end(),
                              [&](const JournalEvent& event) { return !ended(event.run); });
    return std::vector<JournalEvent>(first, events.end());
  }
  Result<bool> intended(std::string_view token) override {
    bool known = false;
    for (const JournalEvent& event : events) {
      if (event.token != token) continue;
      if (event.kind == JournalKind::intent) known = true;
      if (event.kind != JournalKind::intent && event.detail == "done") return false;
    }
    return known;
  }
  Result<bool> use_plan(const std::string&, const std::string&) override { return true; }
  Status keep_plan(const std::string& run, const std::string& plan) override {
    kept_plan = {run, plan};
    return {};
  }
  std::pair<std::string, std::string> kept_plan;
};

struct NoSecrets : SecretSource {
  Result<Value> resolve(const OpenTerm&) override { return Value::string("s3cret"); }
  std::string digest(std::string_view, std::string_view, std::string_view content) override {
    return "digest-" + std::to_string(content.size());
  }
};

/// One process: everything that is lost when it dies.
struct Process {
  SimulatedIo io;
  ResourceTypes types;
  FunctionTable functions;
  NoSecrets secrets;
  std::map<Address, std::unique_ptr<Connector>> connectors;
  ApplyWorld world;

  Process(MemorySystem& system, MemoryStore& store, std::uint64_t seed = 1)
      : io(seed),
        world{io,
              store,
              store,
              secrets,
              functions,
              types,
              [this, &system](const ResourceType&, const Value&) -> Result<std::unique_ptr<Connector>> {
                return std::make_unique<MemoryConnector>(io, system);
              },
              connectors,
              {},
              {},
              {},
              [] { return false; },
              {}} {
    add_operators(functions);
    auto connection = std::make_unique<ResourceType>();
    connection->name = "test.Server";
    connection->transport = Transport::connection;
    connection->schema = &types.types().make(TypeKind::record);
    types.add(std::move(connection));
    auto thing = std::make_unique<ResourceType>();
    thing->name = "test.Thing";
    thing->provider_type = "test.Server";
    Type& schema = types.types().make(TypeKind::record);
    schema.fields = {{"name", types.types().basic(TypeKind::string), FieldFlag::identity, ""},
                     {"text", types.types().basic(TypeKind::string), FieldFlag::none, ""},
                     {"status", types.types().basic(TypeKind::json), FieldFlag::computed, ""}};
    thing->schema = &schema;
    auto row = std::make_unique<ResourceType>(*thing);
    row->name = "test.Row";
    row->transport = Transport::sql;
    types.add(std::move(thing));
    types.add(std::move(row));
    world.fingerprint_holds = [](const Change&, const LiveObject&) { return true; };
    world.is_as_desired = [](const Change& change, const LiveObject& live) {
      return change.desired == live.object;
    };
  }

  Run run(const Plan& plan) {
    Run out;
    auto body = [](const Plan* wanted, ApplyWorld* where, Run* result) -> Task<void> {
      auto applying = apply(*wanted, *where);
      *result = co_await applying;
    };
    Task<void> root = body(&plan, &world, &out);
    io.run(root);
    REQUIRE(root.done());
    return out;
  }

  Result<Settled> settle_now() {
    Result<Settled> out = Settled{};
    auto body = [](ApplyWorld* where, Result<Settled>* result) -> Task<void> {
      auto settling = settle(*where);
      *result = co_await settling;
    };
    Task<void> root = body(&world, &out);
    io.run(root);
    return out;
  }
};

inline Change create(const Address& address, std::vector<Address> needs = {},
                     Value text = Value::string("x")) {
  Change change;
  change.address = address;
  change.action = Action::create;
  change.type = "test.Thing";
  change.provider = "p";
  change.identity_text = address;
  change.identity = Value::record({field("name", Value::string(address))});
  change.desired = Value::record({field("name", Value::string(address)), field("text", std::move(text))});
  change.needs = std::move(needs);
  return change;
}

inline Plan plan_of(std::vector<Change> changes) {
  Plan plan;
  plan.providers.push_back({"p", "test.Server", Value::record({}), std::nullopt});
  plan.changes = std::move(changes);
  return plan;
}

}  // namespace carbon::test
