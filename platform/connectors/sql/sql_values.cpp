#include "platform/connectors/sql/sql_values.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "base/base64.h"
#include "base/value_json.h"

namespace carbon {

namespace {

// OIDs of built-in types; they never change (src/include/catalog/pg_type.dat).
enum class PgType : std::uint32_t {
  boolean = 16,
  bytea = 17,
  int8 = 20,
  int2 = 21,
  int4 = 23,
  oid = 26,
  json = 114,
  float4 = 700,
  float8 = 701,
  name_array = 1003,
  int2_array = 1005,
  int4_array = 1007,
  text_array = 1009,
  varchar_array = 1015,
  int8_array = 1016,
  numeric = 1700,
  jsonb = 3802,
};

tl::unexpected<Error> malformed(std::string_view what, std::string_view text) {
  return fail(DiagnosticCode::bad_reply, fmt::format("PostgreSQL sent `{}` as {}", text.substr(0, 80), what));
}

Result<Value> integer_value(std::string_view text) {
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return malformed("an integer", text);
  return Value::integer(number);
}

Result<Value> numeric_value(std::string_view text) {
  // NaN and Infinity are no JSON numbers; as text they stay what they are.
  if (text.find_first_not_of("-+.0123456789eE") != std::string_view::npos) return Value::string(text);
  if (auto whole = integer_value(text)) return whole;
  return Value::decimal(text);
}

Result<Value> bytea_value(std::string_view text) {
  if (!text.starts_with("\\x") || text.size() % 2 != 0) return malformed("bytea", text);
  std::string bytes;
  for (std::size_t i = 2; i < text.size(); i += 2) {
    unsigned byte = 0;
    auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (error != std::errc() || end != text.data() + i + 2) return malformed("bytea", text);
    bytes += static_cast<char>(byte);
  }
  return Value::blob(bytes);
}

/// `{a,"b,c",NULL}` (documentation, section 8.15.6), one dimension.
Result<Value> array_value(std::string_view text, bool integers) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return malformed("an array", text);
  std::string_view body = text.substr(1, text.size() - 2);
  std::vector<Value> items;
  std::size_t at = 0;
  while (at < body.size()) {
    std::string item;
    bool quoted = body[at] == '"';
    if (quoted) ++at;
    while (at < body.size() && (quoted ? body[at] != '"' : body[at] != ',')) {
      if (body[at] == '\\' && at + 1 < body.size()) ++at;
      item += body[at++];
    }
    if (quoted && at++ >= body.size()) return malformed("an array", text);
    if (at < body.size() && body[at++] != ',') return malformed("an array", text);
    if (!quoted && item == "NULL") {
      items.emplace_back();
    } else {
      items.push_back(integers ? CARBON_TRY(integer_value(item)) : Value::string(item));
    }
  }
  return Value::list(std::move(items));
}

Result<Value> field_value(const std::optional<std::string>& text, std::uint32_t type) {
  if (!text) return Value();
  switch (static_cast<PgType>(type)) {
    case PgType::boolean: return Value::boolean(*text == "t");
    case PgType::bytea: return bytea_value(*text);
    case PgType::int8:
    case PgType::int2:
    case PgType::int4:
    case PgType::oid: return integer_value(*text);
    case PgType::json:
    case PgType::jsonb: return parse_json(*text);
    case PgType::float4:
    case PgType::float8:
    case PgType::numeric: return numeric_value(*text);
    case PgType::name_array:
    case PgType::text_array:
    case PgType::varchar_array: return array_value(*text, false);
    case PgType::int2_array:
    case PgType::int4_array:
    case PgType::int8_array: return array_value(*text, true);
  }
  return Value::string(*text);
}

std::string plain_text(const Value& value) {
  switch (value.kind()) {
    case ValueKind::string:
    case ValueKind::decimal:
    case ValueKind::reference: return std::string(value.text());
    case ValueKind::blob: return "\\x" + hex_encode(value.text());
    case ValueKind::duration: return value.as_duration().text();
    case ValueKind::quantity: {
      auto whole = value.as_quantity().units();
      return whole ? std::to_string(*whole) : value.as_quantity().text();
    }
    case ValueKind::null:
    case ValueKind::boolean:
    case ValueKind::integer:
    case ValueKind::floating:
    case ValueKind::list:
    case ValueKind::set:
    case ValueKind::map:
    case ValueKind::record:
    case ValueKind::secret:
    case ValueKind::unknown: return to_json(value);
  }
  return {};
}

std::string array_text(const Value& value) {
  std::string out = "{";
  for (const Value& item : value.items()) {
    if (out.size() > 1) out += ',';
    if (item.is_null()) {
      out += "NULL";
      continue;
    }
    out += '"';
    for (char c : plain_text(item)) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out + "}";
}

}  // namespace

Result<Value> rows_value(const SqlRows& rows) {
  std::vector<Value> list;
  for (const auto& row : rows.rows) {
    std::vector<Entry> fields;
    for (std::size_t i = 0; i < row.size(); ++i) {
      Value value = CARBON_TRY(field_value(row[i], rows.types[i]));
      fields.push_back({Value::string(rows.columns[i]), std::move(value)});
    }
    list.push_back(Value::record(std::move(fields)));
  }
  return Value::list(std::move(list));
}

std::optional<std::string> parameter_text(const Value& value) {
  if (value.is_null()) return std::nullopt;
  if (!value.is_sequence()) return plain_text(value);
  bool plain = std::none_of(value.items().begin(), value.items().end(),
                            [](const Value& item) { return item.is_fields() || item.is_sequence(); });
  return plain ? array_text(value) : to_json(value);
}

}  // namespace carbon
