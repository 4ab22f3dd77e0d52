#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "base/spelling.h"
#include "engine/expr/converter.h"
#include "engine/expr/wording.h"

namespace carbon {

Result<Value> Converter::inside(Step step, const Value& value, const Type& type) {
  step.outer = path_;
  path_ = &step;
  Result<Value> converted = convert(value, type);
  path_ = step.outer;
  return converted;
}

Status Converter::unique_keys(std::span<const Value> items, const Type& type) const {
  std::set<std::string, std::less<>> seen;
  for (const Value& item : items) {
    if (!item.is_fields() || item.contains_unknown()) continue;
    std::string key;
    for (const std::string& name : type.keys) {
      const Value* part = item.find(name);
      auto text = part == nullptr ? std::nullopt : canonical_text(*part);
      key += (key.empty() ? "" : ", ") + text.value_or("");
    }
    if (seen.insert(key).second) continue;
    return error(DiagnosticCode::duplicate_list_key, fmt::format("two items have the key `{}`", key), item,
                 "the same key again", "items of this list are told apart by " + type.keys.front());
  }
  return {};
}

Result<Value> Converter::list(const Value& value, const Type& type) {
  if (!value.is_sequence()) {
    std::string help;
    if (value.is_string()) help = "put it in brackets: `[…]`";
    return mismatch(value, type, std::move(help));
  }
  std::vector<Value> items;
  items.reserve(value.items().size());
  for (const Value& item : value.items())
    items.push_back(CARBON_TRY(inside({{}, items.size()}, item, *type.element)));
  if (!type.keys.empty()) CARBON_CHECK(unique_keys(items, type));
  bool set = type.kind == TypeKind::set;
  Value made = set ? Value::set(std::move(items)) : Value::list(std::move(items));
  return with_facets(made.with_origin(value.origin()), type);
}

Result<Value> Converter::map(const Value& value, const Type& type) {
  if (!value.is_fields()) return mismatch(value, type);
  std::vector<Entry> entries;
  entries.reserve(value.entries().size());
  for (const Entry& entry : value.entries()) {
    // A null entry of a map is written to be absent, as a null field is.
    Value converted = entry.value.is_null()
                          ? entry.value
                          : CARBON_TRY(inside({entry.key.text()}, entry.value, *type.element));
    entries.push_back({entry.key, std::move(converted)});
  }
  return with_facets(Value::map(std::move(entries)).with_origin(value.origin()), type);
}

Result<Value> Converter::field(const Entry& entry, const FieldType& field) {
  if (has(field.flags, FieldFlag::computed)) {
    return error(DiagnosticCode::computed_field_written,
                 fmt::format("`{}` is set by the server and cannot be written", field.name), entry.key,
                 "a computed field", "remove this line");
  }
  // A written null says that the field must be absent; only what is required cannot be.
  if (entry.value.is_null() && !has(field.flags, FieldFlag::required)) return entry.value;
  bool bearing = has(field.flags, FieldFlag::sensitive) || has(field.flags, FieldFlag::write_only);
  bool outer = std::exchange(secret_field_, secret_field_ || bearing);
  Result<Value> converted = inside({field.name}, entry.value, *field.type);
  secret_field_ = outer;
  return converted;
}

Result<Value> Converter::record(const Value& value, const Type& type) {
  if (!value.is_fields()) return mismatch(value, type);
  std::vector<Entry> entries;
  entries.reserve(value.entries().size());
  for (const Entry& entry : value.entries()) {
    std::string_view name = entry.key.text();
    if (const FieldType* known = type.field(name)) {
      Value converted = CARBON_TRY(field(entry, *known));
      entries.push_back({entry.key, std::move(converted)});
    } else if (type.open != nullptr) {
      Value converted = CARBON_TRY(inside({name}, entry.value, *type.open));
      entries.push_back({entry.key, std::move(converted)});
    } else {
      std::vector<std::string_view> names;
      for (const FieldType& field : type.fields) names.push_back(field.name);
      std::string_view near = nearest(name, names);
      std::string owner = type.name.empty() ? "this record" : fmt::format("`{}`", type.name);
      return error(DiagnosticCode::unknown_field, fmt::format("{} has no field `{}`", owner, name), entry.key,
                   "unknown field", near.empty() ? "" : fmt::format("did you mean `{}`?", near));
    }
  }
  Value made =
      value.kind() == ValueKind::map ? Value::map(std::move(entries)) : Value::record(std::move(entries));
  for (const FieldType& field : type.fields) {
    if (!has(field.flags, FieldFlag::required) || made.find(field.name) != nullptr) continue;
    return error(DiagnosticCode::missing_field, fmt::format("the field `{}` is required", field.name), value,
                 fmt::format("without `{} : {}`", field.name, to_string(*field.type)));
  }
  return made;
}

namespace {

/// The field that tells the records of a union apart: a literal in every one of them.
const FieldType* tag_field(const Type& type) {
  for (const FieldType& field : type.alternatives.front()->fields) {
    bool everywhere = std::all_of(type.alternatives.begin(), type.alternatives.end(), [&](TypePtr other) {
      const FieldType* same = other->field(field.name);
      return same != nullptr && same->type->kind == TypeKind::literal;
    });
    if (everywhere) return &field;
  }
  return nullptr;
}

bool all_of_kind(const Type& type, TypeKind kind) {
  return std::all_of(type.alternatives.begin(), type.alternatives.end(),
                     [&](TypePtr alternative) { return alternative->kind == kind; });
}

}  // namespace

Result<Value> Converter::union_(const Value& value, const Type& type) {
  if (all_of_kind(type, TypeKind::literal)) return literal(value, type.alternatives);
  const FieldType* tag = all_of_kind(type, TypeKind::record) ? tag_field(type) : nullptr;
  if (tag == nullptr) {
    // Scalars of different kinds: the first that takes the value.
    for (TypePtr alternative : type.alternatives) {
      if (Result<Value> converted = convert(value, *alternative)) return converted;
    }
    return mismatch(value, type);
  }
  if (!value.is_fields()) return mismatch(value, type);
  const Value* written = value.find(tag->name);
  if (written == nullptr) {
    return error(DiagnosticCode::missing_field,
                 fmt::format("the field `{}` says which form this is, and is missing", tag->name), value,
                 fmt::format("without `{}`", tag->name));
  }
  if (written->is_unknown())
    return fail(not_known(fmt::format("the field `{}`", tag->name), *written, span_));
  std::vector<TypePtr> tags;
  for (TypePtr alternative : type.alternatives) {
    tags.push_back(alternative->field(tag->name)->type);
    bool chosen = written->is_string() && written->text() == tags.back()->name;
    if (chosen) return record(value, *alternative);
  }
  Step step{tag->name, 0, path_};
  path_ = &step;
  Result<Value> none = literal(*written, tags);
  path_ = step.outer;
  return none;
}

Result<Value> Converter::json(const Value& value) {
  static const Type any;
  if (value.kind() == ValueKind::reference || value.kind() == ValueKind::blob) {
    return mismatch(value, any,
                    value.kind() == ValueKind::blob ? "use `base64(x)`" : "use one of its fields");
  }
  // Nothing is changed, so the value is only searched.
  if (value.is_sequence()) {
    std::size_t position = 0;
    for (const Value& item : value.items()) CARBON_CHECK(inside({{}, position++}, item, any));
  }
  if (value.is_fields()) {
    for (const Entry& entry : value.entries()) CARBON_CHECK(inside({entry.key.text()}, entry.value, any));
  }
  return value;
}

}  // namespace carbon
