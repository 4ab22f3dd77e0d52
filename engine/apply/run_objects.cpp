#include <fmt/core.h>
#include <algorithm>

#include "engine/apply/steps.h"
#include "engine/expr/evaluate.h"
#include "engine/model/typed_path.h"
#include "engine/plan/live_view.h"

namespace carbon {

namespace {

const Change* find_change(const Plan& plan, const Address& address) {
  for (const Change& change : plan.changes) {
    if (change.address == address && change.action != Action::delete_) return &change;
  }
  return nullptr;
}

const PlannedLookup* find_lookup(const Plan& plan, const Address& address) {
  auto found = std::ranges::lower_bound(plan.lookups, address, {}, &PlannedLookup::address);
  return found == plan.lookups.end() || found->address != address ? nullptr : &*found;
}

}  // namespace

void RunObjects::keep(const Address& address, const ResourceType& type, Value object) {
  if (!object.is_fields()) return;
  objects_[address] = {&type, live_view(type, object, Value())};
}

Result<Value> RunObjects::attribute(std::string_view address, std::string_view path) const {
  auto found = objects_.find(Address(address));
  if (found == objects_.end()) return Value::unknown_attribute(address, path);
  FieldPath parsed = CARBON_TRY(FieldPath::parse(path));
  const Value* value = find_at(found->second.object, *found->second.type->schema, parsed);
  return value == nullptr ? Value() : *value;
}

Task<Result<Connector*>> RunObjects::connector(Address provider) {
  if (auto found = world_.connectors.find(provider); found != world_.connectors.end())
    co_return found->second.get();
  for (const PlannedProvider& planned : plan_.providers) {
    if (planned.address != provider) continue;
    const ResourceType* type = world_.types.find(planned.type);
    if (type == nullptr) co_return fail(DiagnosticCode::unknown_type, "no type `" + planned.type + "`");
    auto finishing = finish(planned.config, Secrets::reveal);
    Result<Value> config = co_await finishing;
    if (!config) co_return fail(config.error());
    if (config->contains_unknown()) {
      co_return fail(DiagnosticCode::unknown_key, fmt::format("provider `{}` is still not known", provider));
    }
    auto keeping = finish(planned.config, Secrets::keep);
    Result<Value> kept = co_await keeping;
    if (kept) configs_[provider] = std::move(*kept);
    // Another step may have been here while this one waited.
    if (auto found = world_.connectors.find(provider); found != world_.connectors.end())
      co_return found->second.get();
    auto made = world_.make_connector(*type, *config);
    if (!made) co_return fail(made.error());
    Connector* connector = made->get();
    world_.connectors[provider] = std::move(*made);
    co_return connector;
  }
  co_return fail(DiagnosticCode::orphaned_provider, fmt::format("the plan has no provider `{}`", provider));
}

const Value& RunObjects::config(const PlannedProvider& provider) const {
  auto known = configs_.find(provider.address);
  return known == configs_.end() ? provider.config : known->second;
}

RunObjects::Place RunObjects::place_of(const Address& address) const {
  ObjectKey key;
  Address provider;
  if (const Change* change = find_change(plan_, address); change != nullptr) {
    key = {world_.types.find(change->type), change->identity, change->fingerprint.uid};
    provider = change->provider;
  } else if (auto entry = inventory_.entries.find(address); entry != inventory_.entries.end()) {
    key = {world_.types.find(entry->second.type), entry->second.identity, entry->second.uid};
    provider = entry->second.provider;
  } else if (const PlannedLookup* lookup = find_lookup(plan_, address); lookup != nullptr) {
    key = {world_.types.find(lookup->type), lookup->identity};
    provider = lookup->provider;
  }
  return {std::move(key), std::move(provider)};
}

Task<Status> RunObjects::load(Address address) {
  auto [key, provider] = place_of(address);
  if (key.type == nullptr) co_return Status{};  // stays open; the caller says what is missing
  auto connecting = connector(provider);
  Result<Connector*> way = co_await connecting;
  if (!way) co_return fail(way.error());
  std::vector<ObjectKey> keys{key};
  auto reading = (*way)->observe(std::move(keys));
  std::vector<LiveObject> objects = co_await reading;
  LiveObject& object = objects.front();
  if (object.presence == Presence::unknown && object.why) co_return fail(*object.why);
  if (object.presence == Presence::present) keep(address, *key.type, std::move(object.object));
  co_return Status{};
}

const InventoryEntry* RunObjects::remembered(const Address& address) const {
  auto entry = inventory_.entries.find(address);
  return entry == inventory_.entries.end() ? nullptr : &entry->second;
}

Task<Result<Value>> RunObjects::finish(Value value, Secrets secrets) {
  // A provider's config may need an object of another provider, so this can go around; each round loads
  // something new.
  for (const auto& [address, path] : open_attributes(value)) {
    Result<Value> known = attribute(address, path);
    bool missing = known && (known->is_null() || known->is_unknown());
    if (!missing) continue;
    auto loading = load(address);
    Status loaded = co_await loading;
    if (!loaded) co_return fail(loaded.error());
  }
  CloseContext context{
      world_.functions,
      [this](std::string_view address, std::string_view path) { return attribute(address, path); },
      [this](const OpenTerm& leaf) { return world_.secrets.resolve(leaf); }};
  co_return close(value, context, secrets);
}

}  // namespace carbon
