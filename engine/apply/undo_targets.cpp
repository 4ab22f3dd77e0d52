#include "engine/apply/undo_targets.h"

#include <vector>

#include "base/value_json.h"
#include "engine/model/identity.h"
#include "engine/model/typed_path.h"
#include "engine/plan/normal_form.h"

namespace carbon {

UndoTargets::UndoTargets(const Plan& plan, const Inventory& inventory, ResourceTypes& types) : types_(types) {
  for (const auto& [address, entry] : inventory.entries) add(address, entry.type, entry.identity);
  for (const PlannedLookup& lookup : plan.lookups) add(lookup.address, lookup.type, lookup.identity);
  for (const Change& change : plan.changes) {
    add(change.address, change.type, change.identity);
    if (!change.former.is_null()) add(change.address, change.type, change.former);
  }
}

/// By its whole identity, and by what is in it alone: a server calls an object by its only name.
void UndoTargets::add(const Address& address, const std::string& type, const Value& identity) {
  const Value* called = &identity;
  known_.emplace(std::pair(type, encode_value(*called)), address);
  while (called->is_fields() && called->entries().size() == 1) {
    called = &called->entries().front().value;
    known_.emplace(std::pair(type, encode_value(*called)), address);
  }
}

const Address* UndoTargets::find(const std::string& type, const Value& called) const {
  auto known = known_.find({type, encode_value(called)});
  if (known != known_.end()) return &known->second;
  // With what its server has assigned besides.
  const ResourceType* target = called.is_fields() ? types_.find(type) : nullptr;
  if (target == nullptr) return nullptr;
  known = known_.find({type, encode_value(identity_value(*target, called))});
  return known == known_.end() ? nullptr : &known->second;
}

Value UndoTargets::with_references(const Value& value, const Type& declared) const {
  const Type& type = type_of(declared, value);
  if (type.kind == TypeKind::reference && value.kind() != ValueKind::reference) {
    const Address* address = find(type.name, value);
    return address == nullptr ? value : Value::reference(*address).with_origin(value.origin());
  }
  if (value.is_fields()) return fields_of(value, type);
  if (!value.is_sequence() || type.element == nullptr) return value;
  std::vector<Value> items;
  for (const Value& item : value.items()) items.push_back(with_references(item, *type.element));
  bool set = value.kind() == ValueKind::set;
  return (set ? Value::set(std::move(items)) : Value::list(std::move(items))).with_origin(value.origin());
}

Value UndoTargets::fields_of(const Value& value, const Type& type) const {
  std::vector<Entry> entries;
  for (const Entry& entry : value.entries()) {
    TypePtr below = step_type(type, FieldStep::field(std::string(entry.key.text())));
    entries.push_back({entry.key, below == nullptr ? entry.value : with_references(entry.value, *below)});
  }
  bool map = value.kind() == ValueKind::map;
  return (map ? Value::map(std::move(entries)) : Value::record(std::move(entries)))
      .with_origin(value.origin());
}

void add_references(const Value& value, std::set<Address>& found) {
  if (value.is_secret() || value.is_unknown()) return;
  if (value.kind() == ValueKind::reference) found.emplace(value.text());
  if (value.is_sequence()) {
    for (const Value& item : value.items()) add_references(item, found);
  }
  if (value.is_fields()) {
    for (const Entry& entry : value.entries()) add_references(entry.value, found);
  }
}

}  // namespace carbon
