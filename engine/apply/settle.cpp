#include "engine/apply/settle.h"

#include <fmt/core.h>
#include <map>
#include <set>

#include "engine/expr/evaluate.h"
#include "engine/model/typed_path.h"
#include "engine/plan/live_view.h"
#include "engine/plan/value_digests.h"

namespace carbon {

namespace {

/// The intents that nothing says the outcome of, by address. An address has one at a time: a later intent of
/// it was planned from what was there after the earlier one.
std::map<Address, JournalEvent> open_intents(const std::vector<JournalEvent>& events) {
  std::map<Address, JournalEvent> open;
  for (const JournalEvent& event : events) {
    if (event.kind == JournalKind::intent) open[event.address] = event;
    bool closed = event.kind == JournalKind::result || event.kind == JournalKind::resolved;
    if (closed) open.erase(event.address);
  }
  return open;
}

Task<Result<Connector*>> connector_for(ApplyWorld& world, const InventoryEntry* entry,
                                       const ResourceType* type) {
  if (auto found = world.connectors.find(entry->provider); found != world.connectors.end()) {
    co_return found->second.get();
  }
  const ResourceType* provider = world.types.find(type->provider_type);
  if (provider == nullptr)
    co_return fail(DiagnosticCode::unknown_type, "no type `" + type->provider_type + "`");
  CloseContext context{world.functions,
                       [](std::string_view address, std::string_view path) -> Result<Value> {
                         return Value::unknown_attribute(address, path);
                       },
                       [&world](const OpenTerm& leaf) { return world.secrets.resolve(leaf); }};
  Result<Value> config = close(entry->provider_config, context, Secrets::reveal);
  if (!config) co_return fail(config.error());
  if (config->contains_unknown()) {
    co_return fail(DiagnosticCode::unknown_key,
                   fmt::format("how provider `{}` is reached is not known", entry->provider));
  }
  auto made = world.make_connector(*provider, *config);
  if (!made) co_return fail(made.error());
  Connector* connector = made->get();
  world.connectors[entry->provider] = std::move(*made);
  co_return connector;
}

/// What an update should have taken away and is still there stays remembered, so that the next one takes it.
void keep_applied(InventoryEntry& entry, const InventoryEntry& former, const ResourceType& type,
                  const LiveObject& live) {
  Value view = live_view(type, live.object, Value());
  for (const FieldPath& path : former.applied.paths()) {
    const Value* there = find_at(view, *type.schema, path);
    if (there != nullptr && !there->is_null()) entry.applied.insert(path);
  }
}

/// The row of an update of which nobody can say now whether it happened: the object may hold what was written
/// before or what was to be written, so both are remembered, and what was written last is not.
InventoryEntry either(InventoryEntry former, const InventoryEntry& intended) {
  for (const FieldPath& path : intended.applied.paths()) former.applied.insert(path);
  former.digests.clear();
  // Of a value that was to be issued nobody knows whether it was: it is taken for lost.
  for (const auto& [field, digest] : intended.digests)
    if (digest.empty()) former.digests.emplace(field, digest);
  former.value_digests.clear();
  return former;
}

/// Settles the open intents one by one and gathers what is to be written down of it.
class Settler {
 public:
  Settler(ApplyWorld& world, Inventory inventory) : world_(world), inventory_(std::move(inventory)) {}

  Task<Status> settle_one(const JournalEvent* intent) {
    Result<InventoryEntry> entry = decode_entry(intent->detail);
    if (!entry) co_return fail(entry.error());
    const ResourceType* type = world_.types.find(entry->type);
    if (type == nullptr) {
      not_read(*intent, *entry);
      co_return Status{};
    }
    auto connecting = connector_for(world_, &*entry, type);
    Result<Connector*> connector = co_await connecting;
    if (!connector) {
      not_read(*intent, *entry);
      co_return Status{};
    }
    std::vector<ObjectKey> keys{{type, entry->identity, entry->uid}};
    auto reading = (*connector)->observe(std::move(keys));
    std::vector<LiveObject> objects = co_await reading;
    if (objects.front().presence == Presence::unknown) {
      not_read(*intent, *entry);
    } else {
      read(*intent, std::move(*entry), *type, objects.front());
    }
    co_return Status{};
  }

  /// Makes it durable: the inventory first. A run of which an intent stays open gets no end.
  Status write_down(const std::vector<JournalEvent>& events) {
    std::set<std::string> ended = unsettled_;
    for (const JournalEvent& event : events) {
      if (event.kind == JournalKind::end) ended.insert(event.run);
    }
    for (const JournalEvent& event : events) {
      if (ended.insert(event.run).second)
        resolved_.push_back(event_of(event.run, JournalKind::end, "settled"));
    }
    if (!put_.empty() || !remove_.empty()) CARBON_CHECK(world_.inventory.update(put_, remove_));
    return resolved_.empty() ? Status{} : world_.journal.append(resolved_);
  }

  Settled settled;

 private:
  /// What a look says about an intent.
  void read(const JournalEvent& intent, InventoryEntry entry, const ResourceType& type,
            const LiveObject& live) {
    KeyedDigest digest = [this](std::string_view address, std::string_view field, std::string_view content) {
      return world_.secrets.digest(address, field, content);
    };
    bool present = live.presence == Presence::present;
    auto former = inventory_.entries.find(intent.address);
    if (present && intent.operation == "update" && former != inventory_.entries.end())
      keep_applied(entry, former->second, type, live);
    bool as_written = !present || keep_what_holds(entry, type, live, digest);
    resolve(intent, decide(intent, std::move(entry), type, live, as_written));
  }

  /// `as_written`: the object holds what was to be written, as far as the entry's digests tell; always true
  /// of systems that need none.
  std::string decide(const JournalEvent& intent, InventoryEntry entry, const ResourceType& type,
                     const LiveObject& live, bool as_written) {
    bool present = live.presence == Presence::present;
    if (intent.operation == "delete") {
      bool gone = !present || (!intent.uid.empty() && live.uid != intent.uid);
      if (gone) remove_.push_back(intent.address);
      return gone ? "done" : "did not happen";
    }
    if (!present) return "did not happen";
    bool ours = intent.operation == "create"
                    // A system without a place for a token: it was absent when planned, and what is there now
                    // is what the killed run was making (docs/decisions/0003).
                    ? (live.token.empty() ? type.transport != Transport::kubernetes && as_written
                                          : live.token == intent.token)
                    : (intent.uid.empty() || live.uid == intent.uid);
    if (!ours) return "not ours: left alone";
    if (!live.uid.empty()) entry.uid = live.uid;
    put_.push_back(std::move(entry));
    return as_written ? "done" : "did not happen, or only in part";
  }

  /// The object cannot be asked now, and must not keep the rest from going on. What is owned has its row;
  /// only of a create nothing is known without its intent, so that stays open.
  void not_read(const JournalEvent& intent, const InventoryEntry& entry) {
    auto former = inventory_.entries.find(intent.address);
    bool owned = former != inventory_.entries.end();
    if (owned && intent.operation == "update") put_.push_back(either(former->second, entry));
    if (intent.operation != "create") return resolve(intent, "cannot be read now: the next plan looks again");
    unsettled_.insert(intent.run);
    settled.steps.push_back({intent.address, intent.operation, "cannot be read now: stays open"});
  }

  void resolve(const JournalEvent& intent, std::string finding) {
    JournalEvent event = event_of(intent.run, JournalKind::resolved, finding);
    event.address = intent.address;
    event.operation = intent.operation;
    event.token = intent.token;
    resolved_.push_back(std::move(event));
    settled.steps.push_back({intent.address, intent.operation, std::move(finding)});
  }

  [[nodiscard]] JournalEvent event_of(std::string run, JournalKind kind, std::string detail) const {
    JournalEvent event;
    event.run = std::move(run);
    event.kind = kind;
    event.detail = std::move(detail);
    event.wall_clock = world_.io.wall_clock();
    return event;
  }

  ApplyWorld& world_;
  Inventory inventory_;
  std::vector<InventoryEntry> put_;
  std::vector<Address> remove_;
  std::vector<JournalEvent> resolved_;
  std::set<std::string> unsettled_;  ///< runs that stay open
};

}  // namespace

std::vector<Address> open_steps(const std::vector<JournalEvent>& events) {
  std::vector<Address> addresses;
  for (const auto& [address, intent] : open_intents(events)) addresses.push_back(address);
  return addresses;
}

Task<Result<Settled>> settle(ApplyWorld& world) {
  Result<std::vector<JournalEvent>> events = world.journal.unfinished();
  if (!events) co_return fail(events.error());
  if (events->empty()) co_return Settled{};
  Result<Inventory> inventory = world.inventory.load();
  if (!inventory) co_return fail(inventory.error());
  Settler settler(world, std::move(*inventory));
  settler.settled.run = events->front().run;
  std::map<Address, JournalEvent> open = open_intents(*events);
  for (const auto& [address, intent] : open) {
    auto settling = settler.settle_one(&intent);
    Status one = co_await settling;
    if (!one) co_return fail(one.error());
  }
  Status written = settler.write_down(*events);
  if (!written) co_return fail(written.error());
  co_return std::move(settler.settled);
}

}  // namespace carbon
