#include <fmt/format.h>

#include "engine/expr/wording.h"
#include "stdlib/native/families.h"

namespace carbon {

namespace {

// PostgreSQL cuts longer names silently (NAMEDATALEN - 1), and two names could become one.
constexpr std::size_t longest_identifier = 63;

std::string doubled(std::string_view text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote) out.push_back(c);
    out.push_back(c);
  }
  out.push_back(quote);
  return out;
}

Result<Value> ident(Arguments arguments) {
  const Value& name = arguments[0];
  if (name.is_sequence()) {
    std::string all;
    for (const Value& each : name.items()) {
      Value one = CARBON_TRY(ident({&each, 1}));
      all += (all.empty() ? "" : ", ") + std::string(one.text());
    }
    if (all.empty()) return wrong_argument("a list of SQL names must not be empty");
    return Value::string(std::move(all));
  }
  if (!name.is_string())
    return wrong_argument(fmt::format("an SQL name is a string, or a list of them, not {}", describe(name)));
  std::string_view text = name.text();
  if (text.empty()) return wrong_argument("an SQL name must not be empty");
  if (text.find('\0') != std::string_view::npos) return wrong_argument("an SQL name cannot hold a zero byte");
  if (text.size() > longest_identifier) {
    return wrong_argument(fmt::format("`{}` has {} bytes, and PostgreSQL cuts names at {}", text, text.size(),
                                      longest_identifier));
  }
  return Value::string(doubled(text, '"'));
}

/// As PQescapeLiteral does: a text with a backslash is written as E'…', which means the same whatever
/// standard_conforming_strings is.
std::string quoted(std::string_view text) {
  std::string plain = doubled(text, '\'');
  if (text.find('\\') == std::string_view::npos) return plain;
  std::string escaped = " E";
  for (char c : plain) {
    if (c == '\\') escaped.push_back(c);
    escaped.push_back(c);
  }
  return escaped;
}

/// A sign stands apart, so that a `-` before it makes no comment.
std::string number(const Value& value) {
  std::string text = *canonical_text(value);
  return text.starts_with('-') ? " " + text : text;
}

Result<Value> literal(Arguments arguments) {
  const Value& value = arguments[0];
  switch (value.kind()) {
    case ValueKind::null: return Value::string("NULL");
    case ValueKind::string:
      if (value.text().find('\0') != std::string_view::npos)
        return wrong_argument("an SQL text cannot hold a zero byte");
      return Value::string(quoted(value.text()));
    case ValueKind::boolean:
    case ValueKind::integer:
    case ValueKind::floating:
    case ValueKind::decimal: return Value::string(number(value));
    case ValueKind::quantity:
    case ValueKind::duration:
    case ValueKind::blob:
    case ValueKind::list:
    case ValueKind::set:
    case ValueKind::map:
    case ValueKind::record:
    case ValueKind::reference:
    case ValueKind::secret:
    case ValueKind::unknown: break;
  }
  return wrong_argument(
      fmt::format("{} has no SQL literal: turn it into a string or a number", describe(value)));
}

/// For options that take the word DEFAULT in place of a value.
Result<Value> literal_or_default(Arguments arguments) {
  return arguments[0].is_null() ? Value::string("DEFAULT") : literal(arguments);
}

}  // namespace

void add_sql_functions(FunctionTable& table) {
  table.add({"ident",
             {{"name", "json"}},
             "string",
             "A name quoted for SQL; of a list all of them, with commas. Only in statements of resource "
             "types. C0216 when empty, over 63 bytes, or with a zero byte.",
             "ident(\"my db\")  # \"\\\"my db\\\"\"",
             ident});
  Function quote{
      "literal",
      {{"value", "json"}},
      "string",
      "A value quoted for SQL; of a secret it stays a secret. Only in statements of resource types, and "
      "only where the server binds no parameters. C0216 for collections and units.",
      "literal(\"it's\")  # \"'it''s'\"",
      literal};
  quote.on_secret = OnSecret::taint;
  table.add(std::move(quote));
  table.add({"literal_or_default",
             {{"value", "json"}},
             "string",
             "As `literal`, and of null the word DEFAULT. Only in statements of resource types. C0216 for "
             "collections and units.",
             "literal_or_default(\"it's\")  # \"'it''s'\"",
             literal_or_default});
}

}  // namespace carbon
