#include "engine/model/typed_path.h"

#include "base/value_json.h"

namespace carbon {

namespace {

std::string key_text(const Value& value) {
  return value.is_string() ? std::string(value.text()) : to_json(value);
}

const Type& json_type() {
  static const Type type{};
  return type;
}

}  // namespace

const Type& plain_type(const Type& type) {
  const Type* at = &type;
  while ((at->kind == TypeKind::optional || at->kind == TypeKind::secret) && at->element != nullptr)
    at = at->element;
  return *at;
}

FieldStep item_step(const Type& list, const Value& item, std::size_t index) {
  std::vector<std::string> key;
  for (const std::string& name : list.keys) {
    const Value* value = item.find(name);
    if (value != nullptr && (value->is_unknown() || value->is_secret())) return FieldStep::at(index);
    if (value != nullptr && !value->is_null()) {
      key.push_back(key_text(*value));
    } else if (name == "protocol") {
      key.emplace_back("TCP");
    } else {
      return FieldStep::at(index);
    }
  }
  return key.empty() ? FieldStep::at(index) : FieldStep::keyed(std::move(key));
}

TypePtr step_type(const Type& outer, const FieldStep& step) {
  const Type& type = plain_type(outer);
  if (type.kind == TypeKind::record) {
    const std::string& name =
        step.kind == FieldStep::Kind::key && step.key.size() == 1 ? step.key.front() : step.name;
    const FieldType* field = type.field(name);
    return field != nullptr ? field->type : type.open;
  }
  return type.element;
}

namespace {

const Value* find_item(const Value& list, const Type& type, const FieldStep& step) {
  if (!list.is_sequence()) return nullptr;
  std::span<const Value> items = list.items();
  if (step.kind == FieldStep::Kind::index) return step.index < items.size() ? &items[step.index] : nullptr;
  for (std::size_t i = 0; i < items.size(); ++i) {
    bool found =
        step.kind == FieldStep::Kind::member ? items[i] == step.member : item_step(type, items[i], i) == step;
    if (found) return &items[i];
  }
  return nullptr;
}

const Value* find_step(const Value& value, const Type& type, const FieldStep& step) {
  if (value.is_sequence()) return find_item(value, type, step);
  if (step.kind == FieldStep::Kind::name) return value.find(step.name);
  return step.kind == FieldStep::Kind::key && step.key.size() == 1 ? value.find(step.key.front()) : nullptr;
}

void collect(const Value& value, const Type& outer, bool write_only, FieldPath& path,
             std::vector<std::pair<FieldPath, Value>>& found) {
  const Type& type = plain_type(outer);
  bool whole = !value.is_fields() && !value.is_sequence();
  if (value.is_secret() || (write_only && whole && !value.is_null() && !value.is_unknown())) {
    found.emplace_back(path, value);
    return;
  }
  auto descend = [&](FieldStep step, const Value& child) {
    TypePtr below = step_type(type, step);
    const FieldType* field = type.kind == TypeKind::record ? type.field(step.name) : nullptr;
    bool marked = write_only || (field != nullptr && has(field->flags, FieldFlag::write_only));
    path.steps.push_back(std::move(step));
    collect(child, below == nullptr ? json_type() : *below, marked, path, found);
    path.steps.pop_back();
  };
  if (value.is_fields()) {
    for (const Entry& entry : value.entries())
      descend(FieldStep::field(std::string(entry.key.text())), entry.value);
  } else if (value.is_sequence()) {
    std::span<const Value> items = value.items();
    for (std::size_t i = 0; i < items.size(); ++i) descend(item_step(type, items[i], i), items[i]);
  }
}

}  // namespace

const Value* find_at(const Value& root, const Type& type, const FieldPath& path) {
  const Value* at = &root;
  const Type* below = &type;
  for (const FieldStep& step : path.steps) {
    at = find_step(*at, plain_type(*below), step);
    if (at == nullptr) return nullptr;
    TypePtr next = step_type(*below, step);
    below = next == nullptr ? &json_type() : next;
  }
  return at;
}

std::vector<std::pair<FieldPath, Value>> secret_leaves(const Value& value, const Type& type) {
  std::vector<std::pair<FieldPath, Value>> found;
  FieldPath path;
  collect(value, type, false, path, found);
  return found;
}

std::string digest_content(const Value& value) {
  return value.is_string() ? std::string(value.text()) : to_json(value);
}

}  // namespace carbon
