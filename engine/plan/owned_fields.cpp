#include "engine/plan/owned_fields.h"

#include <string>
#include <utility>
#include <vector>

#include "engine/model/typed_path.h"
#include "engine/model/value_edit.h"
#include "engine/plan/live_view.h"
#include "engine/plan/normal_form.h"

namespace carbon {

namespace {

Value restricted(const Value& live, const FieldSet& owned, const Type& declared);

/// The node of a list's item, or nullptr where it is somebody else's.
const FieldSet* node_of(const FieldSet& list, const Type& type, const Value& item, std::size_t index) {
  if (const FieldSet* keyed = list.find(item_step(type, item, index)); keyed != nullptr) return keyed;
  static const Type json{};
  return list.find(FieldStep::of(normal_form(item, type.element == nullptr ? json : *type.element)));
}

Value owned_items(const Value& live, const FieldSet& owned, const Type& type) {
  static const Type json{};
  if (owned.here()) return live;  // a list without keys is owned as a whole
  std::vector<Value> items;
  for (std::size_t i = 0; i < live.items().size(); ++i) {
    const FieldSet* node = node_of(owned, type, live.items()[i], i);
    if (node != nullptr)
      items.push_back(restricted(live.items()[i], *node, type.element == nullptr ? json : *type.element));
  }
  return Value::list(std::move(items));
}

Value restricted(const Value& live, const FieldSet& owned, const Type& declared) {
  static const Type json{};
  if (owned.children().empty()) return live;
  const Type& type = type_of(declared, live);
  if (live.is_sequence()) return owned_items(live, owned, type);
  if (!live.is_fields()) return live;
  std::vector<Entry> entries;
  for (const Entry& entry : live.entries()) {
    FieldStep step = FieldStep::field(std::string(entry.key.text()));
    const FieldSet* node = owned.find(step);
    if (node == nullptr) continue;
    TypePtr below = step_type(type, step);
    entries.push_back({entry.key, restricted(entry.value, *node, below == nullptr ? json : *below)});
  }
  return live.kind() == ValueKind::map ? Value::map(std::move(entries)) : Value::record(std::move(entries));
}

}  // namespace

Value owned_fields(const ResourceType& type, const LiveObject& live, const InventoryEntry& entry) {
  bool readable = live.presence == Presence::present && live.object.is_fields() && entry.digests.empty();
  if (!readable || type.schema == nullptr) return Value();
  Value owned = restricted(live_view(type, live.object, Value()), entry.applied, *type.schema);
  if (!owned.is_fields()) return Value();
  owned = normal_form(owned, *type.schema);
  for (const FieldPath& path : type.identity) {
    const Value* name = find_at(entry.identity, *type.schema, path);
    if (name != nullptr) owned = with_value_at(owned, *type.schema, path, name);
  }
  return masked(owned, *type.schema).contains_secret() ? Value() : owned;
}

}  // namespace carbon
