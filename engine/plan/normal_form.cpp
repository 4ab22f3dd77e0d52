#include "engine/plan/normal_form.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/value_json.h"
#include "engine/model/typed_path.h"

namespace carbon {

namespace {

const Type& any_type() {
  static const Type type{};
  return type;
}

/// What a JSON document can hold, in place of what only the language has.
Value json_form(const Value& value) {
  switch (value.kind()) {
    case ValueKind::quantity: return Value::string(value.as_quantity().text());
    case ValueKind::duration: return Value::string(value.as_duration().go_text());
    case ValueKind::blob: return Value::string(base64_encode(value.text()));
    case ValueKind::list:
    case ValueKind::set: {
      std::vector<Value> items;
      for (const Value& item : value.items()) items.push_back(json_form(item));
      return Value::list(std::move(items));
    }
    case ValueKind::map:
    case ValueKind::record: {
      std::vector<Entry> entries;
      for (const Entry& entry : value.entries()) entries.push_back({entry.key, json_form(entry.value)});
      return Value::map(std::move(entries));
    }
    case ValueKind::null:
    case ValueKind::boolean:
    case ValueKind::integer:
    case ValueKind::floating:
    case ValueKind::decimal:
    case ValueKind::string:
    case ValueKind::reference:
    case ValueKind::secret:
    case ValueKind::unknown: return value;
  }
  return value;
}

Value integer_form(const Value& value) {
  if (!value.is_string()) return value;
  std::string_view text = value.text();
  std::int64_t parsed = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? Value::integer(parsed) : value;
}

Value floating_form(const Value& value) {
  if (!value.is_string() || !Quantity::parse(value.text())) return value;
  return value.text().find_first_not_of("+-.0123456789eE") == std::string_view::npos
             ? Value::decimal(value.text())
             : value;
}

Value quantity_form(const Value& value) {
  if (value.kind() == ValueKind::quantity) return value;
  std::string text = value.is_string() ? std::string(value.text()) : to_json(value);
  auto parsed = Quantity::parse(text);
  return parsed ? Value::quantity(*parsed) : value;
}

Value duration_form(const Value& value) {
  auto parsed = value.is_string() ? Duration::parse(value.text()) : std::nullopt;
  return parsed ? Value::duration(*parsed) : value;
}

Value blob_form(const Value& value) {
  auto bytes = value.is_string() ? base64_decode(value.text()) : std::nullopt;
  return bytes ? Value::blob(*bytes) : value;
}

std::vector<Value> item_forms(const Value& value, const Type& type) {
  const Type& element = type.element == nullptr ? any_type() : *type.element;
  std::vector<Value> items;
  items.reserve(value.items().size());
  for (const Value& item : value.items()) items.push_back(normal_form(item, element));
  return items;
}

Value list_form(const Value& value, const Type& type) {
  std::vector<Value> items = item_forms(value, type);
  if (type.unordered) {
    std::vector<std::pair<std::string, Value>> sorted;
    for (Value& item : items) sorted.emplace_back(encode_value(item), std::move(item));
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    items.clear();
    for (auto& [text, item] : sorted) items.push_back(std::move(item));
  }
  return Value::list(std::move(items));
}

/// Where its target is known, a reference is the record of the target's identity; a server names it by the
/// one field of that.
Value reference_form(const Value& value) {
  const Value* inner = &value;
  while (inner->is_fields() && inner->entries().size() == 1) inner = &inner->entries().front().value;
  return *inner;
}

Value fields_form(const Value& value, const Type& type) {
  std::vector<Entry> entries;
  for (const Entry& entry : value.entries()) {
    if (entry.value.is_null()) continue;
    TypePtr below = step_type(type, FieldStep::field(std::string(entry.key.text())));
    entries.push_back({entry.key, normal_form(entry.value, below == nullptr ? any_type() : *below)});
  }
  return Value::map(std::move(entries));
}

/// Whether the record alternative's literal fields are the ones that the value has.
bool tag_fits(const Type& alternative, const Value& value) {
  return std::all_of(alternative.fields.begin(), alternative.fields.end(), [&](const FieldType& field) {
    if (field.type->kind != TypeKind::literal) return true;
    const Value* tag = value.find(field.name);
    return tag != nullptr && tag->is_string() && tag->text() == field.type->name;
  });
}

}  // namespace

const Type& type_of(const Type& declared, const Value& value) {
  const Type& type = plain_type(declared);
  if (type.kind != TypeKind::union_) return type;
  for (TypePtr alternative : type.alternatives) {
    const Type& plain = plain_type(*alternative);
    bool fits = plain.kind == TypeKind::record ? value.is_fields() && tag_fits(plain, value)
                                               : !value.is_fields() && !value.is_sequence();
    if (fits) return plain;
  }
  return any_type();
}

Value normal_form(const Value& value, const Type& declared) {
  if (value.is_null() || value.is_unknown() || value.is_secret()) return value;
  const Type& type = type_of(declared, value);
  switch (type.kind) {
    case TypeKind::string:
    case TypeKind::boolean:
    case TypeKind::int_or_string:
    case TypeKind::literal:
    case TypeKind::optional:
    case TypeKind::secret:
    case TypeKind::union_: return value;
    case TypeKind::reference: return reference_form(value);
    case TypeKind::integer: return integer_form(value);
    case TypeKind::floating: return floating_form(value);
    case TypeKind::json: return json_form(value);
    case TypeKind::blob: return blob_form(value);
    case TypeKind::bytes:
    case TypeKind::cpu:
    case TypeKind::quantity: return quantity_form(value);
    case TypeKind::duration: return duration_form(value);
    case TypeKind::list: return value.is_sequence() ? list_form(value, type) : value;
    case TypeKind::set: return value.is_sequence() ? Value::set(item_forms(value, type)) : value;
    case TypeKind::map:
    case TypeKind::record: return value.is_fields() ? fields_form(value, type) : value;
  }
  return value;
}

Value masked(const Value& value, const Type& declared) {
  if (value.is_null() || value.is_secret() || value.is_unknown()) return value;
  if (declared.kind == TypeKind::secret) return Value::secret({"masked", {}});
  if (declared.kind == TypeKind::optional && declared.element != nullptr)
    return masked(value, *declared.element);
  const Type& type = type_of(declared, value);
  if (value.is_sequence()) {
    std::vector<Value> items;
    const Type& element = type.element == nullptr ? any_type() : *type.element;
    for (const Value& item : value.items()) items.push_back(masked(item, element));
    return Value::list(std::move(items));
  }
  if (!value.is_fields()) return value;
  std::vector<Entry> entries;
  for (const Entry& entry : value.entries()) {
    const FieldType* field = type.kind == TypeKind::record ? type.field(entry.key.text()) : nullptr;
    bool hidden = field != nullptr && has(field->flags, FieldFlag::sensitive);
    TypePtr below = step_type(type, FieldStep::field(std::string(entry.key.text())));
    entries.push_back({entry.key, hidden ? Value::secret({"masked", {}})
                                         : masked(entry.value, below == nullptr ? any_type() : *below)});
  }
  return Value::map(std::move(entries));
}

}  // namespace carbon
