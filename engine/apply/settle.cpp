#include "engine/apply/settle.h"

#include <fmt/core.h>
#include <map>

#include "engine/expr/evaluate.h"
#include "engine/model/typed_path.h"
#include "engine/plan/live_view.h"
#include "engine/plan/value_digests.h"

namespace carbon {

namespace {

/// The open intents of a run, by address. A replace has two intents in turn; only the last one can be open.
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

/// What a look says about an intent; changes the batch accordingly. `as_written`: the object holds what was
/// to be written, as far as the entry's digests tell; always true of systems that need none.
std::string decide(const JournalEvent& intent, InventoryEntry entry, const LiveObject& live, bool as_written,
                   std::vector<InventoryEntry>& put, std::vector<Address>& remove) {
  bool present = live.presence == Presence::present;
  if (intent.operation == "delete") {
    bool gone = !present || (!intent.uid.empty() && live.uid != intent.uid);
    if (gone) remove.push_back(intent.address);
    return gone ? "done" : "did not happen";
  }
  if (!present) return "did not happen";
  bool ours = intent.operation == "create"
                  // A system without a place for a token: it was absent when planned, and what is there now
                  // is what the killed run was making (docs/decisions/0003).
                  ? (live.token.empty() ? live.uid.empty() && as_written : live.token == intent.token)
                  : (intent.uid.empty() || live.uid == intent.uid);
  if (!ours) return "not ours: left alone";
  if (!live.uid.empty()) entry.uid = live.uid;
  put.push_back(std::move(entry));
  return as_written ? "done" : "did not happen, or only in part";
}

JournalEvent event_of(const std::string& run, JournalKind kind, const Address& address, std::string detail,
                      std::int64_t at) {
  JournalEvent event;
  event.run = run;
  event.kind = kind;
  event.address = address;
  event.detail = std::move(detail);
  event.wall_clock = at;
  return event;
}

}  // namespace

std::vector<Address> open_steps(const std::vector<JournalEvent>& events) {
  std::vector<Address> addresses;
  for (const auto& [address, intent] : open_intents(events)) addresses.push_back(address);
  return addresses;
}

Task<Result<Settled>> settle(ApplyWorld& world) {
  Result<std::vector<JournalEvent>> events = world.journal.open_run();
  if (!events) co_return fail(events.error());
  Settled settled;
  if (events->empty()) co_return settled;
  Result<Inventory> inventory = world.inventory.load();
  if (!inventory) co_return fail(inventory.error());
  settled.run = events->front().run;
  std::vector<InventoryEntry> put;
  std::vector<Address> remove;
  std::vector<JournalEvent> resolved;
  KeyedDigest digest = [&world](std::string_view address, std::string_view field, std::string_view content) {
    return world.secrets.digest(address, field, content);
  };
  for (const auto& [address, intent] : open_intents(*events)) {
    Result<InventoryEntry> entry = decode_entry(intent.detail);
    if (!entry) co_return fail(entry.error());
    const ResourceType* type = world.types.find(entry->type);
    if (type == nullptr) co_return fail(DiagnosticCode::unknown_type, "no type `" + entry->type + "`");
    auto connecting = connector_for(world, &*entry, type);
    Result<Connector*> connector = co_await connecting;
    if (!connector) co_return fail(connector.error());
    std::vector<ObjectKey> keys{{type, entry->identity}};
    auto reading = (*connector)->observe(std::move(keys));
    std::vector<LiveObject> objects = co_await reading;
    const LiveObject& live = objects.front();
    if (live.presence == Presence::unknown) {
      co_return fail(
          live.why.value_or(Error(DiagnosticCode::observation_failed, "cannot read `" + address + "`")));
    }
    auto former = inventory->entries.find(address);
    bool present = live.presence == Presence::present;
    if (present && intent.operation == "update" && former != inventory->entries.end())
      keep_applied(*entry, former->second, *type, live);
    bool as_written = !present || keep_what_holds(*entry, *type, live, digest);
    std::string finding = decide(intent, *entry, live, as_written, put, remove);
    resolved.push_back(event_of(settled.run, JournalKind::resolved, address, finding, world.io.wall_clock()));
    settled.steps.push_back({address, intent.operation, std::move(finding)});
  }
  resolved.push_back(event_of(settled.run, JournalKind::end, "", "settled", world.io.wall_clock()));
  Status kept = put.empty() && remove.empty() ? Status{} : world.inventory.update(put, remove);
  if (!kept) co_return fail(kept.error());
  Status written = world.journal.append(resolved);
  if (!written) co_return fail(written.error());
  co_return settled;
}

}  // namespace carbon
