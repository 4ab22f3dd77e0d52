#include "engine/model/identity.h"

#include "base/value_json.h"
#include "engine/model/typed_path.h"
#include "engine/model/value_edit.h"

namespace carbon {

Value identity_value(const ResourceType& type, const Value& desired) {
  Value identity = Value::record({});
  for (const FieldPath& path : type.identity) {
    const Value* value = find_at(desired, *type.schema, path);
    if (value != nullptr) identity = with_value_at(identity, *type.schema, path, value);
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
