#include "dsl/schema/schema_converter.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

#include "base/diagnostic_text.h"

namespace carbon {

namespace {

constexpr std::size_t most_gaps = 1'000;
constexpr std::size_t longest_doc = 300;

constexpr std::array<std::string_view, 18> annotations{
    "$comment",    "$defs",         "$id",         "$schema", "contentEncoding", "contentMediaType",
    "definitions", "deprecated",    "description", "example", "examples",        "externalDocs",
    "id",          "discriminator", "readOnly",    "title",   "writeOnly",       "xml"};

/// Words that the converter reads, or that it reads where they mean anything.
constexpr std::array<std::string_view, 26> known_words{"$ref",
                                                       "additionalProperties",
                                                       "allOf",
                                                       "anyOf",
                                                       "const",
                                                       "default",
                                                       "enum",
                                                       "format",
                                                       "exclusiveMaximum",
                                                       "items",
                                                       "maxItems",
                                                       "maxLength",
                                                       "maximum",
                                                       "maxProperties",
                                                       "minItems",
                                                       "exclusiveMinimum",
                                                       "minimum",
                                                       "minLength",
                                                       "minProperties",
                                                       "nullable",
                                                       "oneOf",
                                                       "pattern",
                                                       "properties",
                                                       "required",
                                                       "type",
                                                       "unevaluatedProperties"};

template <class Words>
bool is_one_of(std::string_view word, const Words& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool says(const Value& schema, std::string_view word) { return schema.find(word) != nullptr; }

bool extension_is(const Value& schema, std::string_view word, std::string_view text) {
  const Value* value = schema.find(word);
  return value != nullptr && value->is_string() && value->text() == text;
}

/// `x-kubernetes-validations: [{rule: self == oldSelf}]`
bool is_immutable(const Value& schema) {
  const Value* rules = schema.find("x-kubernetes-validations");
  if (rules == nullptr || !rules->is_sequence()) return false;
  return std::any_of(rules->items().begin(), rules->items().end(), [](const Value& rule) {
    return extension_is(rule, "rule", "self == oldSelf") || extension_is(rule, "rule", "oldSelf == self");
  });
}

/// The schema in an `allOf` of one that says nothing else: how a `$ref` gets a description of its own.
const Value* only_part(const Value& schema) {
  const Value* all = schema.find("allOf");
  if (all == nullptr || !all->is_sequence() || all->items().size() != 1) return nullptr;
  bool alone = std::all_of(schema.entries().begin(), schema.entries().end(), [](const Entry& entry) {
    std::string_view word = entry.key.text();
    return word == "allOf" || word == "nullable" || is_annotation(word);
  });
  return alone ? &all->items().front() : nullptr;
}

bool is_scalar(TypePtr type) {
  return type->kind == TypeKind::string || type->kind == TypeKind::integer ||
         type->kind == TypeKind::boolean || type->kind == TypeKind::floating ||
         type->kind == TypeKind::union_ || type->kind == TypeKind::literal ||
         type->kind == TypeKind::int_or_string || type->kind == TypeKind::quantity;
}

}  // namespace

std::string schema_doc(const Value& schema) {
  const Value* text = schema.find("description");
  if (text == nullptr || !text->is_string()) return {};
  std::string_view first = text->text().substr(0, text->text().find("\n\n"));
  std::string doc = visible(first.substr(0, longest_doc));
  if (first.size() > longest_doc) doc += "…";
  std::replace(doc.begin(), doc.end(), '\n', ' ');
  std::replace(doc.begin(), doc.end(), '\t', ' ');
  while (doc.ends_with(' ')) doc.pop_back();
  return doc;
}

bool is_annotation(std::string_view word) { return is_one_of(word, annotations) || word.starts_with("x-"); }

bool says_true(const Value& schema, std::string_view word) {
  const Value* value = schema.find(word);
  return value != nullptr && value->kind() == ValueKind::boolean && value->as_bool();
}

tl::unexpected<Error> SchemaConverter::bad(const SchemaPlace& at, std::string_view what) const {
  constexpr std::size_t longest = 80;
  std::string where = at.where.substr(0, longest) + (at.where.size() > longest ? "…" : "");
  return fail(DiagnosticCode::bad_import_data, fmt::format("`{}`: {}", where, what));
}

void SchemaConverter::gap(const SchemaPlace& at, std::string what) {
  if (!structural() && gaps_.size() < most_gaps) gaps_.push_back({at.where, std::move(what)});
}

std::vector<SchemaGap> SchemaConverter::take_gaps() { return std::exchange(gaps_, {}); }

Result<TypePtr> SchemaConverter::type_of(const Value& schema, const SchemaPlace& at) {
  if (++schemas_ > most_schemas) return bad(at, fmt::format("more than {} schemas", most_schemas));
  if (at.depth > deepest) return bad(at, fmt::format("schemas nest deeper than {} levels", deepest));
  if (schema.kind() == ValueKind::boolean && schema.as_bool()) return json();
  if (!schema.is_fields()) return bad(at, "this is no schema: an object is expected");
  const Entry* key = structural() ? schema.entries().data() : nullptr;
  if (auto known = shared_.find(key); known != shared_.end()) return known->second;
  bool nullable = says_true(schema, "nullable");
  TypePtr made = CARBON_TRY(bare(schema, at, nullable));
  bool optional = made->kind == TypeKind::optional || made->kind == TypeKind::json;
  if (nullable && !optional) made = types_.optional(made);
  if (key != nullptr) shared_.emplace(key, made);
  return made;
}

Result<TypePtr> SchemaConverter::reference(const Value& schema, const SchemaPlace& at) {
  const Value* first = schema.find("$ref");
  if (!first->is_string()) return bad(at, "`$ref` is no text");
  if (structural()) return bad(at, "a CustomResourceDefinition may hold no `$ref`");
  std::string key(first->text());
  if (auto known = made_.find(key); known != made_.end()) {
    for (const SchemaGap& each : known->second.gaps) gap({each.where}, each.what);
    return known->second.type;
  }
  if (open_.contains(key)) {
    gap(at, "it holds itself; from here on it is `json`");
    return json();
  }
  std::set<std::string> seen{key};
  Value target = CARBON_TRY(files_.resolve(key));
  for (const Value* next = target.find("$ref"); next != nullptr && next->is_string();
       next = target.find("$ref")) {
    std::string step(next->text());
    if (!seen.insert(step).second) return bad(at, "its `$ref` leads back to itself");
    if (std::any_of(target.entries().begin(), target.entries().end(), [](const Entry& entry) {
          return entry.key.text() != "$ref" && !is_annotation(entry.key.text());
        }))
      break;
    Value following = CARBON_TRY(files_.resolve(step));
    target = std::move(following);
  }
  open_.insert(key);
  if (auto name = names_.find(key); name != names_.end()) naming_ = name->second;
  std::vector<SchemaGap> outer = take_gaps();
  Result<TypePtr> made = type_of(target, at.inside(""));
  open_.erase(key);
  naming_.clear();
  if (!made) return made;
  made_[key] = {*made, gaps_};
  gaps_.insert(gaps_.begin(), outer.begin(), outer.end());
  return made;
}

void SchemaConverter::unknown_words(const Value& schema, const SchemaPlace& at) {
  if (structural()) return;
  for (const Entry& entry : schema.entries()) {
    std::string_view word = entry.key.text();
    if (!is_annotation(word) && !is_one_of(word, known_words))
      gap(at, fmt::format("`{}` is not checked", word));
  }
}

Result<TypePtr> SchemaConverter::bare(const Value& schema, const SchemaPlace& at, bool& nullable) {
  bool alone = std::all_of(schema.entries().begin(), schema.entries().end(), [](const Entry& entry) {
    std::string_view word = entry.key.text();
    return word == "$ref" || word == "nullable" || word == "default" || is_annotation(word);
  });
  if (says(schema, "$ref") && (alone || structural())) return reference(schema, at);
  if (!structural()) {
    if (const Value* only = only_part(schema)) return type_of(*only, at.inside(""));
    if (says(schema, "$ref") || says(schema, "allOf")) {
      Value whole = CARBON_TRY(merged(schema, at));
      return type_of(whole, at.inside(""));
    }
    unknown_words(schema, at);
    for (std::string_view word : {"oneOf", "anyOf"}) {
      if (says(schema, word)) return alternatives(word, schema, at, nullable);
    }
  }
  if (says_true(schema, "x-kubernetes-int-or-string")) return int_or_string(schema);
  if (TypePtr found = literals(schema, at, nullable)) return found;
  const Value* type = schema.find("type");
  if (type != nullptr && type->is_string()) return of_kind(type->text(), schema, at);
  if (type != nullptr && type->is_sequence()) {
    std::vector<std::string> kinds;
    for (const Value& each : type->items()) {
      if (!each.is_string()) return bad(at, "`type` is no list of names");
      if (each.text() == "null") nullable = true;
      if (each.text() != "null") kinds.emplace_back(each.text());
    }
    if (kinds.size() == 1) return of_kind(kinds.front(), schema, at);
    std::sort(kinds.begin(), kinds.end());
    if (kinds == std::vector<std::string>{"integer", "string"}) return types_.basic(TypeKind::int_or_string);
    if (kinds == std::vector<std::string>{"integer", "number"}) return number(TypeKind::floating, schema, at);
    gap(at, "several types are taken as `json`");
    return json();
  }
  if (type != nullptr) return bad(at, "`type` is neither a name nor a list of names");
  if (says(schema, "properties") || says(schema, "additionalProperties")) return object(schema, at);
  if (says(schema, "items")) return array(schema, at);
  bool open = std::all_of(schema.entries().begin(), schema.entries().end(), [](const Entry& entry) {
    std::string_view word = entry.key.text();
    return is_annotation(word) || word == "default" || word == "nullable";
  });
  if (!open) gap(at, "a schema without `type` is taken as `json`");
  return json();
}

Result<TypePtr> SchemaConverter::of_kind(std::string_view kind, const Value& schema, const SchemaPlace& at) {
  if (kind == "string") return text(schema, at);
  if (kind == "integer") return number(TypeKind::integer, schema, at);
  if (kind == "number") return number(TypeKind::floating, schema, at);
  if (kind == "boolean") return types_.basic(TypeKind::boolean);
  if (kind == "array") return array(schema, at);
  if (kind == "object") return object(schema, at);
  if (kind == "null") return types_.optional(json());
  return bad(at, fmt::format("there is no type `{}`", kind));
}

Result<TypePtr> SchemaConverter::array(const Value& schema, const SchemaPlace& at) {
  naming_.clear();
  const Value* items = schema.find("items");
  TypePtr element = json();
  if (items != nullptr && items->is_sequence()) {
    gap(at, "items of different types are taken as `json`");
  } else if (items != nullptr) {
    element = CARBON_TRY(type_of(*items, at.inside("[]")));
  } else if (structural()) {
    return bad(at, "an array without `items`");
  }
  bool set = extension_is(schema, "x-kubernetes-list-type", "set") && is_scalar(element);
  if (set) return types_.set(element);
  Type& list = types_.make(TypeKind::list);
  list.element = element;
  if (extension_is(schema, "x-kubernetes-list-type", "map")) CARBON_CHECK(keys(list, {schema, at}));
  list.atomic = list.keys.empty();
  CARBON_CHECK(sizes(list, {schema, at}, "minItems", "maxItems"));
  return &list;
}

Status SchemaConverter::keys(Type& list, const Shape& shape) {
  const Value* keys = shape.schema.find("x-kubernetes-list-map-keys");
  if (keys == nullptr || !keys->is_sequence()) return {};
  for (const Value& key : keys->items()) {
    bool known = key.is_string() && list.element->kind == TypeKind::record &&
                 list.element->field(key.text()) != nullptr;
    if (!known) return bad(shape.at, "`x-kubernetes-list-map-keys` names a field that its items do not have");
    list.keys.emplace_back(key.text());
  }
  return {};
}

Result<TypePtr> SchemaConverter::object(const Value& schema, const SchemaPlace& at) {
  std::string name = std::exchange(naming_, {});
  const Value* properties = schema.find("properties");
  const Value* others = schema.find("additionalProperties");
  if (others == nullptr && !structural()) others = schema.find("unevaluatedProperties");
  bool preserved = says_true(schema, "x-kubernetes-preserve-unknown-fields") ||
                   says_true(schema, "x-kubernetes-embedded-resource") || says(schema, "patternProperties");
  bool closed =
      !preserved &&
      (others == nullptr ? structural() : others->kind() == ValueKind::boolean && !others->as_bool());
  TypePtr open = closed ? nullptr : json();
  if (others != nullptr && others->is_fields()) open = CARBON_TRY(type_of(*others, at.inside(".*")));
  bool atomic = extension_is(schema, "x-kubernetes-map-type", "atomic");
  bool fieldless = properties == nullptr || (properties->is_fields() && properties->entries().empty());
  if (fieldless && open != nullptr && !says(schema, "required")) {
    if (preserved) return json();
    Type& map = types_.make(TypeKind::map);
    map.element = open;
    map.atomic = atomic;
    CARBON_CHECK(sizes(map, {schema, at}, "minProperties", "maxProperties"));
    return &map;
  }
  Type& record = types_.make(TypeKind::record);
  record.name = std::move(name);
  record.open = open;
  record.atomic = atomic;
  CARBON_CHECK(fields(record, {schema, at}));
  return &record;
}

Status SchemaConverter::fields(Type& record, const Shape& shape) {
  std::vector<std::string_view> required;
  if (const Value* names = shape.schema.find("required"); names != nullptr && names->is_sequence()) {
    for (const Value& name : names->items()) {
      if (name.is_string()) required.push_back(name.text());
    }
  }
  if (const Value* properties = shape.schema.find("properties")) {
    if (!properties->is_fields()) return bad(shape.at, "`properties` is no object");
    for (const Entry& entry : properties->entries()) {
      std::string_view name = entry.key.text();
      record.fields.push_back(CARBON_TRY(field(name, entry.value, shape, is_one_of(name, required))));
    }
  }
  for (std::string_view name : required) {
    bool added = record.field(name) == nullptr && !structural();
    if (added) record.fields.push_back({std::string(name), json(), FieldFlag::required, ""});
  }
  return {};
}

Result<FieldType> SchemaConverter::field(std::string_view name, const Value& schema, const Shape& shape,
                                         bool required) {
  FieldType made;
  made.name = std::string(name);
  made.doc = schema_doc(schema);
  made.type = CARBON_TRY(type_of(schema, shape.at.inside(fmt::format(".{}", name))));
  if (structural() && says(schema, "default")) {
    made.flags = FieldFlag::server_default;
  } else if (required) {
    made.flags = FieldFlag::required;
  } else if (!structural() && made.type->kind != TypeKind::optional) {
    made.type = types_.optional(made.type);
  }
  if (structural() && is_immutable(schema)) made.flags = made.flags | FieldFlag::immutable;
  return made;
}

}  // namespace carbon
