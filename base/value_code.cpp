// The lossless JSON of values. What plain JSON cannot say is an object with one key that begins with `$`.

#include <fmt/format.h>
#include <array>
#include <charconv>

#include "base/base64.h"
#include "base/value_json.h"

namespace carbon {

namespace {

std::string tagged(std::string_view tag, std::string_view json) {
  return fmt::format("{{\"${}\":{}}}", tag, json);
}

std::string encode_items(std::span<const Value> items) {
  std::string out = "[";
  for (const Value& item : items) {
    if (out.size() > 1) out.push_back(',');
    out += encode_value(item);
  }
  return out + "]";
}

std::string encode_fields(const Value& value) {
  // A map is sorted, and equal records must encode equally.
  Value sorted = Value::map({value.entries().begin(), value.entries().end()});
  std::string out = "{";
  for (const Entry& entry : sorted.entries()) {
    if (out.size() > 1) out.push_back(',');
    out += json_quote(entry.key.text()) + ":" + encode_value(entry.value);
  }
  return out + "}";
}

/// A record of one field whose name begins with `$` would read as a tag: it is wrapped.
bool looks_tagged(const Value& value) {
  return value.entries().size() == 1 && value.entries().front().key.text().starts_with('$');
}

std::string encode_term(const OpenTerm& term) {
  return fmt::format("[{},{}]", json_quote(term.function), encode_items(term.arguments));
}

}  // namespace

std::string encode_value(const Value& value) {
  switch (value.kind()) {
    case ValueKind::null:
    case ValueKind::boolean:
    case ValueKind::integer:
    case ValueKind::string: return to_json(value);
    case ValueKind::floating: return tagged("float", json_quote(fmt::format("{}", value.as_float())));
    case ValueKind::decimal: return tagged("decimal", json_quote(value.text()));
    case ValueKind::blob: return tagged("blob", json_quote(base64_encode(value.text())));
    case ValueKind::quantity: {
      Quantity quantity = value.as_quantity();
      return tagged("quantity", fmt::format("[{},{}]", json_quote(quantity.text()),
                                            static_cast<unsigned>(quantity.family())));
    }
    case ValueKind::duration: return tagged("duration", std::to_string(value.as_duration().nanoseconds));
    case ValueKind::list: return encode_items(value.items());
    case ValueKind::set: return tagged("set", encode_items(value.items()));
    case ValueKind::map: return tagged("map", encode_fields(value));
    case ValueKind::record:
      return looks_tagged(value) ? tagged("record", encode_fields(value)) : encode_fields(value);
    case ValueKind::reference: return tagged("ref", json_quote(value.text()));
    case ValueKind::secret: return tagged("secret", encode_term(value.term()));
    case ValueKind::unknown: return tagged("unknown", encode_term(value.term()));
  }
  return "null";
}

namespace {

using Decoder = Result<Value> (*)(const Value& json);

Result<Value> bad(std::string_view what) {
  return fail(DiagnosticCode::bad_plan_file, fmt::format("not an encoded value: {}", what));
}

Result<std::vector<Value>> decode_items(const Value& json) {
  if (json.kind() != ValueKind::list)
    return fail(DiagnosticCode::bad_plan_file, "not an encoded value: list wanted");
  std::vector<Value> items;
  for (const Value& item : json.items()) items.push_back(CARBON_TRY(decode_value(item)));
  return items;
}

Result<std::vector<Entry>> decode_fields(const Value& json) {
  if (!json.is_fields()) return fail(DiagnosticCode::bad_plan_file, "not an encoded value: object wanted");
  std::vector<Entry> entries;
  for (const Entry& entry : json.entries()) {
    Value value = CARBON_TRY(decode_value(entry.value));
    entries.push_back({entry.key, std::move(value)});
  }
  return entries;
}

Result<OpenTerm> decode_term(const Value& json) {
  bool pair = json.kind() == ValueKind::list && json.items().size() == 2 && json.items()[0].is_string();
  if (!pair) return fail(DiagnosticCode::bad_plan_file, "not an encoded value: term wanted");
  std::vector<Value> arguments = CARBON_TRY(decode_items(json.items()[1]));
  return OpenTerm{std::string(json.items()[0].text()), std::move(arguments)};
}

Result<Value> decode_float(const Value& json) {
  if (!json.is_string()) return bad("float");
  double value = 0;
  std::string_view text = json.text();
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return bad("float");
  return Value::floating(value);
}

Result<Value> decode_decimal(const Value& json) {
  return json.is_string() ? Result<Value>(Value::decimal(json.text())) : bad("decimal");
}

Result<Value> decode_blob(const Value& json) {
  auto bytes = json.is_string() ? base64_decode(json.text()) : std::nullopt;
  return bytes ? Result<Value>(Value::blob(*bytes)) : bad("blob");
}

Result<Value> decode_quantity(const Value& json) {
  bool pair = json.kind() == ValueKind::list && json.items().size() == 2 && json.items()[0].is_string() &&
              json.items()[1].kind() == ValueKind::integer;
  auto parsed = pair ? Quantity::parse(json.items()[0].text()) : std::nullopt;
  if (!parsed || json.items()[1].as_int() > 2 || json.items()[1].as_int() < 0) return bad("quantity");
  return Value::quantity({parsed->nanos(), static_cast<SuffixFamily>(json.items()[1].as_int())});
}

Result<Value> decode_duration(const Value& json) {
  return json.kind() == ValueKind::integer ? Result<Value>(Value::duration({json.as_int()}))
                                           : bad("duration");
}

Result<Value> decode_ref(const Value& json) {
  return json.is_string() ? Result<Value>(Value::reference(json.text())) : bad("ref");
}

Result<Value> decode_set(const Value& json) { return Value::set(CARBON_TRY(decode_items(json))); }
Result<Value> decode_map(const Value& json) { return Value::map(CARBON_TRY(decode_fields(json))); }
Result<Value> decode_record(const Value& json) { return Value::record(CARBON_TRY(decode_fields(json))); }
Result<Value> decode_secret(const Value& json) { return Value::secret(CARBON_TRY(decode_term(json))); }
Result<Value> decode_unknown(const Value& json) { return Value::unknown(CARBON_TRY(decode_term(json))); }

struct Tag {
  std::string_view name;
  Decoder decode;
};

constexpr std::array<Tag, 11> tags{{
    {"$float", decode_float},
    {"$decimal", decode_decimal},
    {"$blob", decode_blob},
    {"$quantity", decode_quantity},
    {"$duration", decode_duration},
    {"$ref", decode_ref},
    {"$set", decode_set},
    {"$map", decode_map},
    {"$record", decode_record},
    {"$secret", decode_secret},
    {"$unknown", decode_unknown},
}};

}  // namespace

Result<Value> decode_value(const Value& json) {
  if (json.kind() == ValueKind::list) return Value::list(CARBON_TRY(decode_items(json)));
  if (!json.is_fields()) return json;
  auto entries = json.entries();
  if (entries.size() == 1 && entries.front().key.text().starts_with('$')) {
    for (const Tag& tag : tags) {
      if (tag.name == entries.front().key.text()) return tag.decode(entries.front().value);
    }
    return bad(entries.front().key.text());
  }
  return decode_record(json);
}

Result<Value> decode_value(std::string_view text) {
  Value json = CARBON_TRY(parse_json(text));
  return decode_value(json);
}

}  // namespace carbon
