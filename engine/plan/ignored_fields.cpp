#include "engine/plan/ignored_fields.h"

#include <span>

#include "engine/model/typed_path.h"

namespace carbon {

namespace {

Value with(const Value& value, const Type& declared, std::span<const FieldStep> path, const Value* live);

/// The items or entries with the one at `wanted` changed; it goes when it is the end of the path and nothing
/// is live.
Value items_with(const Value& list, const Type& type, std::span<const FieldStep> path, const Value* live) {
  std::vector<Value> items;
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    const Value& item = list.items()[i];
    bool here = item_step(type, item, i) == path.front();
    bool last = path.size() == 1;
    if (!here) items.push_back(item);
    if (here && !last && type.element != nullptr) {
      items.push_back(with(item, *type.element, path.subspan(1), live));
    } else if (here && (!last || live != nullptr)) {
      items.push_back(last ? *live : item);
    }
  }
  return Value::list(std::move(items)).with_origin(list.origin());
}

Value with(const Value& value, const Type& declared, std::span<const FieldStep> path, const Value* live) {
  static const Type json{};
  const Type& type = plain_type(declared);
  if (value.kind() == ValueKind::list) return items_with(value, type, path, live);
  if (!value.is_fields()) return value;
  TypePtr below = step_type(type, path.front());
  std::vector<Entry> entries;
  for (const Entry& entry : value.entries()) {
    bool here = FieldStep::field(std::string(entry.key.text())) == path.front();
    if (!here) {
      entries.push_back(entry);
    } else if (path.size() > 1) {
      entries.push_back(
          {entry.key, with(entry.value, below == nullptr ? json : *below, path.subspan(1), live)});
    } else if (live != nullptr) {
      entries.push_back({entry.key, *live});
    }
  }
  Value made =
      value.kind() == ValueKind::map ? Value::map(std::move(entries)) : Value::record(std::move(entries));
  return made.with_origin(value.origin());
}

}  // namespace

Value keep_ignored(const Value& desired, const ResourceType& type, const Value& live,
                   const std::vector<FieldPath>& ignore) {
  Value out = desired;
  for (const FieldPath& path : ignore) {
    if (!path.steps.empty()) out = with(out, *type.schema, path.steps, find_at(live, *type.schema, path));
  }
  return out;
}

}  // namespace carbon
