#include "convert/typed_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/spelling.h"
#include "engine/expr/wording.h"

namespace carbon {

namespace {

/// Written by servers and clients for themselves. The first holds the whole object again, a Secret's values
/// with it.
constexpr std::array<std::string_view, 2> server_annotations{
    "kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision"};

/// What people write first, where the input has no order of its own (JSON, a live object).
constexpr std::array<std::string_view, 14> first_fields{
    "name",     "namespace", "labels",  "annotations", "replicas", "serviceName", "selector",
    "template", "image",     "command", "args",        "env",      "ports",       "key"};

std::size_t rank(const Entry& entry) {
  return static_cast<std::size_t>(std::find(first_fields.begin(), first_fields.end(), entry.key.text()) -
                                  first_fields.begin());
}

const Type& bare(const Type& outer) {
  const Type* type = &outer;
  while (type->kind == TypeKind::optional || type->kind == TypeKind::secret) type = type->element;
  return *type;
}

/// A quantity in the family in which carbon can write it: it has no exponents.
Value quantity_value(Quantity quantity) {
  bool exponent = quantity.family() == SuffixFamily::exponent;
  return Value::quantity({quantity.nanos(), exponent ? SuffixFamily::decimal : quantity.family()});
}

std::optional<Value> quantity_of(const Value& given) {
  std::optional<std::string> text = canonical_text(given);
  bool number = given.is_string() || given.kind() == ValueKind::integer || given.kind() == ValueKind::decimal;
  if (!text || !number) return std::nullopt;
  std::optional<Quantity> quantity = Quantity::parse(given.is_string() ? given.text() : *text);
  return quantity ? std::optional(quantity_value(*quantity)) : std::nullopt;
}

std::optional<Value> integer_of(const Value& given) {
  if (given.kind() == ValueKind::integer) return given;
  if (given.kind() != ValueKind::decimal) return std::nullopt;
  std::optional<Quantity> exact = Quantity::parse(given.text());
  std::optional<std::int64_t> whole = exact ? exact->units() : std::nullopt;
  return whole ? std::optional(Value::integer(*whole)) : std::nullopt;
}

}  // namespace

std::vector<Entry> in_written_order(const Value& fields) {
  std::vector<Entry> entries(fields.entries().begin(), fields.entries().end());
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    bool written = a.key.origin() != 0 && b.key.origin() != 0;
    return written ? a.key.origin() < b.key.origin() : rank(a) < rank(b);
  });
  return entries;
}

Value TypedObjects::read(const Manifest& manifest) {
  manifest_ = &manifest;
  std::vector<Entry> fields;
  for (const Entry& entry : in_written_order(manifest.object)) {
    if (entry.key.text() != "apiVersion" && entry.key.text() != "kind") fields.push_back(entry);
  }
  return record(Value::record(std::move(fields)), *manifest.type->schema, {});
}

std::string TypedObjects::path(const Place& place) {
  std::string out;
  for (const Place* at = &place; at != nullptr; at = at->outer) {
    if (at->name.empty()) continue;
    out = out.empty() ? std::string(at->name) : fmt::format("{}.{}", at->name, out);
  }
  return out;
}

SourceSpan TypedObjects::span_of(const Value& given, const Place& place) const {
  bool placed = !place.hidden && given.origin() != 0;
  return placed ? place_of(given) : manifest_->place;
}

Value TypedObjects::mismatch(const Value& given, const Type& type, const Place& place) {
  Diagnostic& error = sink_.error(DiagnosticCode::type_mismatch,
                                  fmt::format("{}: `{}` is {}, and `{}` is expected", manifest_->title(),
                                              path(place), describe(given), to_string(type)),
                                  span_of(given, place));
  bool text = type.kind == TypeKind::string && !given.is_sequence() && !given.is_fields();
  error.helps.push_back({text ? "write it in quotes; a server refuses it as it is"
                              : "correct the manifest; a server refuses it as it is",
                         {}});
  return {};
}

void TypedObjects::unknown_field(const Entry& entry, const Type& type, const Place& place) {
  std::string where = path(place);
  Diagnostic& warning =
      sink_.warning(DiagnosticCode::unknown_field,
                    fmt::format("{}: `{}{}{}` is left out: the type does not have it, and a server drops it",
                                manifest_->title(), where, where.empty() ? "" : ".", entry.key.text()),
                    place.hidden || entry.key.origin() == 0 ? manifest_->place : place_of(entry.key));
  std::vector<std::string_view> names;
  for (const FieldType& field : type.fields) names.push_back(field.name);
  std::string_view best = nearest(entry.key.text(), names);
  if (!best.empty()) warning.helps.push_back({fmt::format("did you mean `{}`?", best), {}});
}

Value TypedObjects::value(const Value& given, const Type& outer, const Place& place) {
  const Type& type = bare(outer);
  switch (type.kind) {
    case TypeKind::record: return record(given, type, place);
    case TypeKind::map: return map(given, type, place);
    case TypeKind::list:
    case TypeKind::set: return items(given, type, place);
    case TypeKind::json: return json(given, place);
    case TypeKind::union_:
    case TypeKind::reference: return json(given, place);
    case TypeKind::string:
    case TypeKind::integer:
    case TypeKind::floating:
    case TypeKind::boolean:
    case TypeKind::blob:
    case TypeKind::bytes:
    case TypeKind::cpu:
    case TypeKind::quantity:
    case TypeKind::duration:
    case TypeKind::int_or_string:
    case TypeKind::literal:
    case TypeKind::optional:
    case TypeKind::secret: return scalar(given, type, place);
  }
  return given;
}

Value TypedObjects::scalar(const Value& given, const Type& type, const Place& place) {
  std::optional<Value> made;
  if (type.kind == TypeKind::integer) {
    made = integer_of(given);
  } else if (type.kind == TypeKind::boolean) {
    if (given.kind() == ValueKind::boolean) made = given;
  } else if (type.kind == TypeKind::floating) {
    if (given.kind() == ValueKind::integer || given.kind() == ValueKind::decimal) made = given;
  } else if (type.kind == TypeKind::quantity || type.kind == TypeKind::bytes || type.kind == TypeKind::cpu) {
    made = quantity_of(given);
  } else if (type.kind == TypeKind::int_or_string) {
    made = given.is_string() ? std::optional(given) : integer_of(given);
  } else if (given.is_string()) {
    made = given;
  }
  return made ? made->with_origin(given.origin()) : mismatch(given, type, place);
}

Value TypedObjects::record(const Value& given, const Type& type, const Place& place) {
  if (!given.is_fields()) return mismatch(given, type, place);
  std::vector<Entry> made;
  for (const Entry& entry : in_written_order(given)) {
    if (entry.value.is_null()) continue;
    const FieldType* field = type.field(entry.key.text());
    Place inner{&place, entry.key.text(),
                place.hidden || (field != nullptr && has(field->flags, FieldFlag::sensitive))};
    if (field != nullptr && has(field->flags, FieldFlag::computed)) {
      ++left_out_[path(inner)];
    } else if (field != nullptr) {
      made.push_back({entry.key, value(entry.value, *field->type, inner)});
    } else if (type.open != nullptr) {
      made.push_back({entry.key, value(entry.value, *type.open, inner)});
    } else {
      unknown_field(entry, type, place);
    }
  }
  return Value::record(std::move(made)).with_origin(given.origin());
}

Value TypedObjects::map(const Value& given, const Type& type, const Place& place) {
  if (!given.is_fields()) return mismatch(given, type, place);
  bool annotations = place.name == "annotations" && place.outer != nullptr && place.outer->name == "metadata";
  std::vector<Entry> made;
  for (const Entry& entry : in_written_order(given)) {
    std::string_view key = entry.key.text();
    Place inner{&place, key, place.hidden};
    if (annotations && std::ranges::find(server_annotations, key) != server_annotations.end()) {
      ++left_out_[path(inner)];
    } else if (!entry.value.is_null()) {
      made.push_back({entry.key, value(entry.value, *type.element, inner)});
    }
  }
  return Value::record(std::move(made)).with_origin(given.origin());
}

Value TypedObjects::items(const Value& given, const Type& type, const Place& place) {
  if (!given.is_sequence()) return mismatch(given, type, place);
  std::vector<Value> made;
  Place inner{&place, {}, place.hidden};
  for (const Value& item : given.items()) made.push_back(value(item, *type.element, inner));
  Value sequence = type.kind == TypeKind::set ? Value::set(std::move(made)) : Value::list(std::move(made));
  return sequence.with_origin(given.origin());
}

Value TypedObjects::json(const Value& given, const Place& place) {
  if (given.is_fields()) {
    std::vector<Entry> made;
    for (const Entry& entry : in_written_order(given))
      made.push_back({entry.key, json(entry.value, {&place, entry.key.text(), place.hidden})});
    return Value::record(std::move(made)).with_origin(given.origin());
  }
  if (!given.is_sequence()) return given;
  std::vector<Value> made;
  for (const Value& item : given.items()) made.push_back(json(item, {&place, {}, place.hidden}));
  return Value::list(std::move(made)).with_origin(given.origin());
}

}  // namespace carbon
