// A resource whose address is owned, but whose declaration names another object than the inventory.

#include <fmt/format.h>
#include <algorithm>

#include "engine/model/identity.h"
#include "engine/model/typed_path.h"
#include "engine/plan/fingerprint.h"
#include "engine/plan/owned_fields.h"
#include "engine/plan/plan_builder.h"

namespace carbon {

namespace {

/// The fields of a type's identity that a record of it has.
std::vector<std::string> named_by(const ResourceType& type, const Value& identity) {
  std::vector<std::string> names;
  for (const FieldPath& path : type.identity) {
    const Value* value = find_at(identity, *type.schema, path);
    if (value != nullptr && !value->is_null()) names.push_back(path.text());
  }
  return names;
}

std::size_t leaves_of(const Value& identity) {
  if (!identity.is_fields()) return identity.is_null() ? 0 : 1;
  std::size_t count = 0;
  for (const Entry& entry : identity.entries()) count += leaves_of(entry.value);
  return count;
}

}  // namespace

/// A type that names its objects by other fields than it did would replace each of them, and nobody has said
/// so. False after C0406.
bool PlanBuilder::same_naming(const Subject& subject) {
  const ResourceType& type = *subject.resource.type;
  const InventoryEntry& entry = *subject.entry;
  if (entry.type_version == type.version) return true;
  std::vector<std::string> before = named_by(type, entry.identity);
  std::vector<std::string> now = named_by(type, subject.desired);
  // References in an identity are records of their own.
  bool as_many = leaves_of(entry.identity) == leaves_of(identity_value(type, subject.desired));
  if (before == now && as_many) return true;
  nodes_[subject.index].blocked = true;
  refuse(DiagnosticCode::moved_identity,
         fmt::format("`{}` is {} {}, and its type names objects by `{}` now", subject.resource.address,
                     type.name, identity_text(type, entry.identity), fmt::join(now, "`, `")),
         subject.resource)
      .helps.push_back({fmt::format("to keep it, write `removed {} keep` and adopt it under another name; or "
                                    "use the package that it was made with",
                                    subject.resource.address),
                        {}});
  return false;
}

/// An address keeps its type and its server. Under another one the old object would be forgotten.
bool PlanBuilder::same_kind(const Subject& subject) {
  if (subject.entry == nullptr) return true;
  const Resource& resource = subject.resource;
  const InventoryEntry& entry = *subject.entry;
  bool type = entry.type == resource.type->name;
  if (type && entry.provider == provider_of(resource)) return true;
  // A provider may be renamed: the same server is the same target.
  auto target = live_.targets.find(provider_of(resource));
  bool same_server = target != live_.targets.end() && !target->second.uid.empty() &&
                     target->second.uid == entry.provider_key;
  if (type && same_server) return true;
  nodes_[subject.index].blocked = true;
  std::string before = type ? fmt::format("provider `{}`", entry.provider) : entry.type;
  std::string now = type ? fmt::format("provider `{}`", provider_of(resource)) : resource.type->name;
  refuse(DiagnosticCode::moved_identity,
         fmt::format("`{}` was made as {} and is {} now", resource.address, before, now), resource)
      .helps.push_back({"give it another name: what it was is then deleted, and the new one created", {}});
  return false;
}

bool PlanBuilder::add_identity_changes(const Subject& subject, DiffResult& result) const {
  const ResourceType& type = *subject.resource.type;
  std::vector<FieldChange> all;
  for (const FieldPath& path : type.identity) {
    const Value* before = find_at(subject.entry->identity, *type.schema, path);
    const Value* after = find_at(subject.desired, *type.schema, path);
    if (before != nullptr && after != nullptr && *before == *after) continue;
    FieldChange change;
    change.path = path;
    change.immutable = true;
    if (before != nullptr) change.before = *before;
    if (after != nullptr) change.after = *after;
    if (after != nullptr && options_.locate && after->origin() != 0)
      change.written = options_.locate(after->origin());
    all.push_back(std::move(change));
  }
  bool any = !all.empty();
  all.insert(all.end(), result.fields.begin(), result.fields.end());
  result.fields = std::move(all);
  return any;
}

/// The object under the former name goes, one of the new name is made.
void PlanBuilder::replace_former(const Subject& subject) {
  const Resource& resource = subject.resource;
  const LiveObject& former = live_.former.at(resource.address);
  switch (former.presence) {
    case Presence::later: return put_off(subject, Action::later);
    case Presence::absent: return create(subject);
    case Presence::unknown:
      nodes_[subject.index].blocked = true;
      return unreadable(resource.address, provider_of(resource), resource.span, former);
    case Presence::present: break;
  }
  if (!same_naming(subject)) return;
  bool ours = subject.entry->uid.empty() || former.uid.empty() || subject.entry->uid == former.uid;
  if (!ours) return create(subject);
  DiffResult result = diff(diff_input(subject, former));
  if (!add_identity_changes(subject, result)) return create(subject);
  if (!may_replace(subject, result.fields.front(), Ownership::owned)) {
    nodes_[subject.index].blocked = true;
    return;
  }
  Change change = make_change(subject, Action::replace);
  explain(change, subject, result, Ownership::owned);
  change.former = subject.entry->identity;
  change.was = owned_fields(*resource.type, former, *subject.entry);
  change.fields = std::move(result.fields);
  change.removed = std::move(result.removed);
  change.unchanged = result.unchanged;
  change.fingerprint = make_fingerprint(*resource.type, former, {},
                                        digests_of(live_.live_digests, resource.address), options_.digester);
  if (resource.settings.replace == ReplaceOrder::create_first) delete_former_last(subject, change);
  keep(subject, std::move(change));
}

/// Two changes: one makes the new object; one, behind everything that needs the resource, deletes the former,
/// which is remembered under an address of its own from the beginning of the run.
void PlanBuilder::delete_former_last(const Subject& subject, Change& change) {
  const InventoryEntry& entry = *subject.entry;
  std::size_t earlier = 0;
  while (inventory_.entries.contains(former_address(change.address, earlier))) ++earlier;
  Change removal;
  removal.address = former_address(change.address, earlier);
  removal.moved_from = entry.moved_from.empty() ? entry.address : entry.moved_from;
  removal.action = Action::delete_;
  removal.because = Because::replaced;
  removal.because_detail = change.identity_text;
  removal.type = entry.type;
  removal.type_version = entry.type_version;
  removal.provider = change.provider;
  removal.identity = entry.identity;
  removal.identity_text = identity_text(*subject.resource.type, entry.identity);
  removal.applied = entry.applied;
  removal.data_bearing = change.data_bearing;
  removal.reversibility = change.reversibility;
  removal.needs = entry.needs;
  removal.fingerprint = change.fingerprint;
  removal.declared = change.declared;
  change.create_first = true;
  change.former = Value();
  change.moved_from.clear();
  change.fingerprint = Fingerprint();
  removals_.push_back(std::move(removal));
}

}  // namespace carbon
