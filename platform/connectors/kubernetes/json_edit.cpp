#include "platform/connectors/kubernetes/json_edit.h"

#include <vector>

namespace carbon {

namespace {

Value same_kind(const Value& like, std::vector<Entry> entries) {
  return like.kind() == ValueKind::record ? Value::record(std::move(entries))
                                          : Value::map(std::move(entries));
}

}  // namespace

Value with_field(const Value& fields, std::string_view name, Value value) {
  std::vector<Entry> entries;
  if (fields.is_fields()) entries.assign(fields.entries().begin(), fields.entries().end());
  // Of equal keys the last wins.
  entries.push_back({Value::string(name), std::move(value)});
  return same_kind(fields, std::move(entries));
}

Value without_field(const Value& fields, std::string_view name) {
  if (fields.find(name) == nullptr) return fields;
  std::vector<Entry> entries;
  for (const Entry& entry : fields.entries()) {
    if (entry.key.text() != name) entries.push_back(entry);
  }
  return same_kind(fields, std::move(entries));
}

Value without_nulls(const Value& value) {
  if (value.is_fields()) {
    std::vector<Entry> entries;
    for (const Entry& entry : value.entries()) {
      if (!entry.value.is_null()) entries.push_back({entry.key, without_nulls(entry.value)});
    }
    return same_kind(value, std::move(entries));
  }
  if (value.kind() != ValueKind::list) return value;
  std::vector<Value> items;
  for (const Value& item : value.items()) items.push_back(without_nulls(item));
  return Value::list(std::move(items));
}

const Value* find_field(const Value& value, std::initializer_list<std::string_view> path) {
  const Value* at = &value;
  for (std::string_view name : path) {
    at = at->find(name);
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::string_view text_at(const Value& value, std::initializer_list<std::string_view> path) {
  const Value* found = find_field(value, path);
  return found != nullptr && found->is_string() ? found->text() : std::string_view();
}

}  // namespace carbon
