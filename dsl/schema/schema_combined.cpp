// allOf, oneOf, anyOf: several schemas that are one type.

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "dsl/schema/schema_converter.h"

namespace carbon {

namespace {

/// Words that say what a value looks like; all others narrow it.
constexpr std::array<std::string_view, 10> shape_words{
    "$ref",      "additionalProperties", "allOf", "anyOf", "const", "enum", "items", "oneOf", "type",
    "properties"};

bool has_shape(const Value& schema) {
  return schema.is_fields() &&
         std::any_of(shape_words.begin(), shape_words.end(),
                     [&](std::string_view word) { return schema.find(word) != nullptr; });
}

Value both(const Value& a, const Value& b) {
  return Value::map({{Value::string("allOf"), Value::list({a, b})}});
}

/// Every property of either; one that is in both must satisfy both.
Value merged_properties(const Value& a, const Value& b) {
  if (!a.is_fields() || !b.is_fields()) return a;
  std::vector<Entry> entries;
  for (const Entry& entry : a.entries()) {
    const Value* other = b.find(entry.key.text());
    bool differs = other != nullptr && !(*other == entry.value);
    entries.push_back({entry.key, differs ? both(entry.value, *other) : entry.value});
  }
  for (const Entry& entry : b.entries()) {
    if (a.find(entry.key.text()) == nullptr) entries.push_back(entry);
  }
  return Value::map(std::move(entries));
}

Value joined(const Value& a, const Value& b) {
  if (!a.is_sequence() || !b.is_sequence()) return a;
  std::vector<Value> items(a.items().begin(), a.items().end());
  items.insert(items.end(), b.items().begin(), b.items().end());
  return Value::list(std::move(items));
}

bool is_false(const Value& value) { return value.kind() == ValueKind::boolean && !value.as_bool(); }

Value without(const Value& schema, std::string_view word) {
  std::vector<Entry> entries;
  for (const Entry& entry : schema.entries()) {
    if (entry.key.text() != word) entries.push_back(entry);
  }
  return Value::map(std::move(entries));
}

bool is_null_type(const Value& schema) {
  const Value* type = schema.find("type");
  return type != nullptr && type->is_string() && type->text() == "null";
}

/// The field that tells records apart: in each of them required, and in each another literal.
bool has_tag(const std::vector<TypePtr>& records) {
  for (const FieldType& field : records.front()->fields) {
    std::vector<std::string_view> tags;
    for (TypePtr record : records) {
      const FieldType* found = record->field(field.name);
      bool tag = found != nullptr && found->type->kind == TypeKind::literal &&
                 has(found->flags, FieldFlag::required);
      bool fresh = tag && std::find(tags.begin(), tags.end(), found->type->name) == tags.end();
      if (fresh) tags.push_back(found->type->name);
    }
    if (tags.size() == records.size()) return true;
  }
  return false;
}

}  // namespace

Result<Value> SchemaConverter::merged(const Value& schema, const SchemaPlace& at) {
  if (++schemas_ > most_schemas || at.depth > deepest)
    return bad(at, "`allOf` and `$ref` lead back to themselves, or too far");
  if (!schema.is_fields()) return bad(at, "this is no schema: an object is expected");
  std::vector<Value> parts;
  if (const Value* reference = schema.find("$ref")) {
    if (!reference->is_string()) return bad(at, "`$ref` is no text");
    parts.push_back(CARBON_TRY(files_.resolve(reference->text())));
  }
  if (const Value* all = schema.find("allOf")) {
    if (!all->is_sequence()) return bad(at, "`allOf` is no list");
    parts.insert(parts.end(), all->items().begin(), all->items().end());
  }
  Value whole = without(without(schema, "$ref"), "allOf");
  for (const Value& part : parts) {
    if (part.kind() == ValueKind::boolean && part.as_bool()) continue;
    Value other = CARBON_TRY(merged(part, at.inside("")));
    std::vector<Entry> entries(whole.entries().begin(), whole.entries().end());
    for (const Entry& entry : other.entries()) {
      std::string_view word = entry.key.text();
      auto mine =
          std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.key.text() == word; });
      if (mine == entries.end()) {
        entries.push_back(entry);
      } else if (word == "properties") {
        mine->value = merged_properties(mine->value, entry.value);
      } else if (word == "required") {
        mine->value = joined(mine->value, entry.value);
      } else if (word == "additionalProperties" || word == "unevaluatedProperties") {
        if (is_false(entry.value)) mine->value = entry.value;
      } else if (!(mine->value == entry.value) && !is_annotation(word) && word != "default") {
        if (word == "type") return bad(at, "its `allOf` asks for two types at once");
        gap(at, fmt::format("of two `{}` in `allOf` only the first is checked", word));
      }
    }
    whole = Value::map(std::move(entries));
  }
  return whole;
}

Result<TypePtr> SchemaConverter::alternatives(std::string_view word, const Value& schema,
                                              const SchemaPlace& at, bool& nullable) {
  naming_.clear();
  const Value* listed = schema.find(word);
  if (!listed->is_sequence() || listed->items().empty()) return bad(at, fmt::format("`{}` is no list", word));
  Value rest = without(schema, word);
  std::vector<Value> parts(listed->items().begin(), listed->items().end());
  if (std::none_of(parts.begin(), parts.end(), has_shape) && has_shape(rest)) {
    gap(at, fmt::format("`{}` is not checked", word));
    return type_of(rest, at.inside(""));
  }
  bool alone = std::all_of(rest.entries().begin(), rest.entries().end(),
                           [](const Entry& entry) { return is_annotation(entry.key.text()); });
  std::vector<TypePtr> types;
  for (const Value& part : parts) {
    if (is_null_type(part)) {
      nullable = true;
      continue;
    }
    TypePtr type = CARBON_TRY(type_of(alone ? part : both(rest, part), at.inside("")));
    if (type->kind == TypeKind::optional) nullable = true;
    types.push_back(type->kind == TypeKind::optional ? type->element : type);
  }
  if (types.empty()) return json();
  if (TypePtr found = union_of(types)) return found;
  gap(at, fmt::format("`{}` of types that no literal field tells apart is taken as `json`", word));
  return json();
}

TypePtr SchemaConverter::union_of(const std::vector<TypePtr>& types) {
  auto all = [&](auto&& wanted) { return std::all_of(types.begin(), types.end(), wanted); };
  if (all([&](TypePtr type) { return type == types.front(); })) return types.front();
  auto of_text = [](TypePtr type) {
    return type->kind == TypeKind::literal ||
           (type->kind == TypeKind::union_ && type->alternatives.front()->kind == TypeKind::literal);
  };
  auto is = [](TypeKind a, TypeKind b) {
    return [a, b](TypePtr type) { return type->kind == a || type->kind == b; };
  };
  if (all(is(TypeKind::integer, TypeKind::string))) return types_.basic(TypeKind::int_or_string);
  if (all(is(TypeKind::integer, TypeKind::floating))) return types_.basic(TypeKind::floating);
  bool records = all(is(TypeKind::record, TypeKind::record)) && has_tag(types);
  if (!records && !all(of_text)) return nullptr;
  Type& made = types_.make(TypeKind::union_);
  for (TypePtr type : types) {
    std::vector<TypePtr> parts =
        type->kind == TypeKind::union_ ? type->alternatives : std::vector<TypePtr>{type};
    for (TypePtr part : parts) {
      bool twice = !records && std::any_of(made.alternatives.begin(), made.alternatives.end(),
                                           [&](TypePtr one) { return one->name == part->name; });
      if (!twice) made.alternatives.push_back(part);
    }
  }
  return &made;
}

}  // namespace carbon
