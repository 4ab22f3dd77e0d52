#include "engine/model/identity.h"

#include <span>
#include <vector>

#include "base/value_json.h"
#include "engine/model/typed_path.h"

namespace carbon {

namespace {

/// The record with `value` at the path; records on the way are made.
Value with_value(const Value& outer, std::span<const FieldStep> path, const Value& value) {
  if (path.empty()) return value;
  std::vector<Entry> entries;
  if (outer.is_fields()) entries.assign(outer.entries().begin(), outer.entries().end());
  const Value* inner = outer.find(path.front().name);
  Value below = with_value(inner == nullptr ? Value() : *inner, path.subspan(1), value);
  entries.push_back({Value::string(path.front().name), std::move(below)});  // of equal keys the last wins
  return Value::record(std::move(entries));
}

}  // namespace

Value identity_value(const ResourceType& type, const Value& desired) {
  Value identity = Value::record({});
  for (const FieldPath& path : type.identity) {
    const Value* value = find_at(desired, *type.schema, path);
    if (value != nullptr) identity = with_value(identity, path.steps, *value);
  }
  return identity;
}

std::string identity_text(const ResourceType& type, const Value& identity) {
  std::string out;
  for (const FieldPath& path : type.identity) {
    const Value* value = find_at(identity, *type.schema, path);
    if (value == nullptr) continue;
    // Another object's name, where that is one field.
    while (value->is_fields() && value->entries().size() == 1) value = &value->entries().front().value;
    if (!out.empty()) out += "/";
    out += value->is_string() ? std::string(value->text()) : to_json(*value);
  }
  return out;
}

TypePtr type_at(const Type& schema, const FieldPath& path) {
  TypePtr at = &schema;
  for (const FieldStep& step : path.steps) {
    at = step_type(*at, step);
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace carbon
