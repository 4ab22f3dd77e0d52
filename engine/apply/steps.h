#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/task.h"
#include "engine/apply/executor.h"
#include "engine/apply/journal_writer.h"
#include "engine/expr/evaluate.h"

namespace carbon {

/// Objects as the run knows them, by address: what a write gave back, or what was read on demand. Open values
/// are finished from here.
class RunObjects {
 public:
  RunObjects(const Plan& plan, ApplyWorld& world, const Inventory& inventory)
      : plan_(plan), world_(world), inventory_(inventory) {}

  void keep(const Address& address, const ResourceType& type, Value object);
  void forget(const Address& address) { objects_.erase(address); }

  /// Finishes a value: reads objects that it needs and that are not known yet, then closes it.
  Task<Result<Value>> finish(Value value, Secrets secrets);
  /// The connector of a provider; made now if its config was not known before.
  Task<Result<Connector*>> connector(Address provider);
  /// A provider's config with secrets as handles, known as far as this run knows it.
  [[nodiscard]] const Value& config(const PlannedProvider& provider) const;
  /// How an object is asked for; without a type where this run knows nothing of it.
  struct Place {
    ObjectKey key;
    Address provider;
  };
  [[nodiscard]] Place place_of(const Address& address) const;
  /// What the inventory said of it when the run began; nullptr where it had nothing.
  [[nodiscard]] const InventoryEntry* remembered(const Address& address) const;

 private:
  struct Known {
    const ResourceType* type = nullptr;
    Value object;
  };

  Task<Status> load(Address address);
  [[nodiscard]] Result<Value> attribute(std::string_view address, std::string_view path) const;

  const Plan& plan_;
  ApplyWorld& world_;
  const Inventory& inventory_;
  std::map<Address, Known> objects_;
  std::map<Address, Value> configs_;  ///< of providers whose config became known in this run
};

/// Carries out one change after the other's needs are met. Straight-line coroutines; all state is in
/// arguments.
class StepRunner {
 public:
  StepRunner(const Plan& plan, ApplyWorld& world, JournalWriter& journal, RunObjects& objects)
      : plan_(plan), world_(world), journal_(journal), objects_(objects) {}

  /// Makes the change and records it. The error says why it did not happen.
  Task<Status> act(const Change* change);
  /// The entry as the record says that it is to be remembered.
  [[nodiscard]] InventoryEntry recorded(const Record& record, InventoryEntry entry) const;
  /// The entry, which has its new address already, with what the move's block says of it.
  [[nodiscard]] InventoryEntry moved(const Change& change, InventoryEntry entry) const;
  /// Waits until the object is ready. `waiting` is called with what it waits for.
  Task<Result<Readiness>> settle(const Change* change, std::function<void(const std::string&)> waiting);

 private:
  enum class Write : std::uint8_t { create, update, remove };

  /// What one write needs, resolved.
  struct Prepared {
    const ResourceType* type = nullptr;
    Connector* connector = nullptr;
    WriteRequest request;
    InventoryEntry entry;
    Value told;  ///< what only the reply said
  };

  /// The type, the way to its object, and what every write of it carries.
  Task<Result<Prepared>> reach(const Change* change);
  Task<Result<Prepared>> prepare(const Change* change);
  Task<Result<Prepared>> prepare_removal(const Change* change);
  void remember_provider(InventoryEntry& entry, const Address& provider) const;
  [[nodiscard]] InventoryEntry entry_for(const Change& change, const WriteRequest& request,
                                         const Value& revealed);
  Task<Status> create(const Change* change);
  Task<Status> update(const Change* change);
  Task<Status> remove(const Change* change);
  Task<Status> release(const Change* change);
  Task<Status> replace(const Change* change);
  Task<Status> adopt(const Change* change);
  Task<Status> read(const Change* change);
  Task<Status> decide_late(const Change* change);

  [[nodiscard]] Error taken(const Change& change, const LiveObject& live) const;
  [[nodiscard]] bool holds_what_was_sent(const Prepared& prepared, const LiveObject& live) const;
  Task<Status> send_create(const Change* change, Prepared prepared);
  Task<Status> send_update(const Change* change, Prepared prepared);
  Task<Status> delete_object(const Change* change, Prepared* prepared);
  Task<Status> wait_until_gone(Connector* connector, ObjectKey key, std::string uid);
  /// Sends again after 429 and 503 until admitted, at most ten times.
  Task<WriteOutcome> admitted(Connector* connector, WriteRequest request, Write write);
  /// The same, and again as often as the change's `retry` says while it has no effect.
  Task<WriteOutcome> insist(const Change* change, Connector* connector, WriteRequest request, Write write);
  /// Waits, but not after the user asked to stop.
  Task<void> wait(Duration duration);

  /// The words of the journal about a change's write: its address, operation and token.
  [[nodiscard]] static JournalEvent event_of(JournalKind kind, const Change& change, const Prepared& prepared,
                                             std::string operation);
  Task<Status> intend(const Change* change, Prepared* prepared, std::string operation);
  // step_kept.cpp: values that are said once
  void expect_values(const Change& change, Prepared& prepared, std::string_view operation) const;
  Task<Status> store_values(const Change* change, Prepared* prepared);
  Task<WriteOutcome> stored(Connector* connector, StoreRequest request);
  Task<Status> succeed(const Change* change, Prepared* prepared, LiveObject object, std::string operation);
  Task<Status> refuse(const Change* change, const Prepared* prepared, std::string operation, Error error);
  /// Nobody knows whether it happened: its intent stays open, and with it the run.
  Task<Status> leave_open(const Change* change, const Prepared* prepared, std::string operation, Error error);
  Task<LiveObject> look(Connector* connector, ObjectKey key);

  const Plan& plan_;
  ApplyWorld& world_;
  JournalWriter& journal_;
  RunObjects& objects_;
  std::map<Address, std::string> made_;  ///< uids of what this run wrote
};

}  // namespace carbon
