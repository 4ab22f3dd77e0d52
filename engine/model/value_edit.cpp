#include "engine/model/value_edit.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value_json.h"
#include "engine/model/typed_path.h"

namespace carbon {

namespace {

using Steps = std::span<const FieldStep>;

Value edited(const Value& value, const Type& declared, Steps path, const Value* wanted);

/// The type of what is one step down; json where the schema does not say.
const Type& below(const Type& type, const FieldStep& step) {
  static const Type json{};
  TypePtr known = step_type(type, step);
  return known == nullptr ? json : *known;
}

/// The name of a field. A path that was read from text has `data["a.b"]` as a key.
std::string_view name_of(const FieldStep& step) {
  bool key = step.kind == FieldStep::Kind::key && step.key.size() == 1;
  return key ? std::string_view(step.key.front()) : std::string_view(step.name);
}

/// A key's value from its canonical text.
Value key_value(const Type& item, std::string_view key, const std::string& text) {
  const FieldType* field = plain_type(item).field(key);
  bool number =
      field != nullptr && field->type != nullptr && plain_type(*field->type).kind == TypeKind::integer;
  Result<Value> value = number ? parse_json(text) : Result<Value>(Value::string(text));
  return value ? *value : Value::string(text);
}

/// An item with nothing but its keys.
Value item_with_keys(const Type& list, const FieldStep& step) {
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < list.keys.size() && i < step.key.size(); ++i)
    entries.push_back({Value::string(list.keys[i]), key_value(below(list, step), list.keys[i], step.key[i])});
  return Value::record(std::move(entries));
}

Value edited_items(const Value& list, const Type& type, Steps path, const Value* wanted) {
  const FieldStep& step = path.front();
  bool last = path.size() == 1;
  bool found = false;
  std::vector<Value> items;
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    const Value& item = list.items()[i];
    bool member = step.kind == FieldStep::Kind::member && item == step.member;
    bool here = member || item_step(type, item, i) == step;
    found = found || here;
    if (!here)
      items.push_back(item);
    else if (!last)
      items.push_back(edited(item, below(type, step), path.subspan(1), wanted));
    else if (wanted != nullptr)
      items.push_back(*wanted);
  }
  bool makes = !found && wanted != nullptr;
  if (makes && last) items.push_back(*wanted);  // of a plain list: behind the others
  if (makes && !last)
    items.push_back(edited(item_with_keys(type, step), below(type, step), path.subspan(1), wanted));
  bool set = list.kind() == ValueKind::set;
  return (set ? Value::set(std::move(items)) : Value::list(std::move(items))).with_origin(list.origin());
}

Value edited(const Value& value, const Type& declared, Steps path, const Value* wanted) {
  const Type& type = plain_type(declared);
  const FieldStep& step = path.front();
  bool is_list = type.kind == TypeKind::list || type.kind == TypeKind::set;
  bool makes_list = value.is_null() && wanted != nullptr && is_list;
  if (value.is_sequence() || makes_list)
    return edited_items(makes_list ? Value::list({}) : value, type, path, wanted);
  bool makes_record = value.is_null() && wanted != nullptr;
  if (!value.is_fields() && !makes_record) return value;
  // An empty one, where it is to be made.
  const Value& fields = makes_record ? Value::record({}) : value;
  bool last = path.size() == 1;
  bool found = false;
  std::vector<Entry> entries;
  for (const Entry& entry : fields.entries()) {
    bool here = entry.key.text() == name_of(step);
    found = found || here;
    if (!here)
      entries.push_back(entry);
    else if (!last)
      entries.push_back({entry.key, edited(entry.value, below(type, step), path.subspan(1), wanted)});
    else if (wanted != nullptr)
      entries.push_back({entry.key, *wanted});
  }
  if (!found && wanted != nullptr) {
    Value made = last ? *wanted : edited(Value(), below(type, step), path.subspan(1), wanted);
    entries.push_back({Value::string(name_of(step)), std::move(made)});
  }
  bool map = fields.kind() == ValueKind::map;
  Value made = map ? Value::map(std::move(entries)) : Value::record(std::move(entries));
  return made.with_origin(value.origin());
}

}  // namespace

Value with_value_at(const Value& root, const Type& type, const FieldPath& path, const Value* wanted) {
  return path.steps.empty() ? root : edited(root, type, path.steps, wanted);
}

}  // namespace carbon
