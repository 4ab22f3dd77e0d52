// What `ident` and `literal` quote is read back by PostgreSQL's lexical rules (manual, 4.1) as exactly one
// token with exactly that content, whatever stands before it and whatever standard_conforming_strings is.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/value_json.h"
#include "stdlib/native/builtins.h"
#include "tests/fuzz/target.h"

namespace carbon::fuzz {

namespace {

enum class Backslash : bool { plain, escapes };

/// Reads a quoted token that begins at the front and gives its content; nullopt unless it ends with the text.
std::optional<std::string> quoted(std::string_view text, char quote, Backslash backslash) {
  if (text.empty() || text.front() != quote) return std::nullopt;
  std::string content;
  for (std::size_t at = 1; at < text.size(); ++at) {
    bool last = at + 1 == text.size();
    if (text[at] == quote) {
      if (last) return content;
      if (text[++at] != quote) return std::nullopt;
    } else if (text[at] == '\\' && backslash == Backslash::escapes) {
      // Of the escapes only this one is ever needed.
      if (last || text[++at] != '\\') return std::nullopt;
    }
    content.push_back(text[at]);
  }
  return std::nullopt;
}

std::optional<std::string> string_constant(std::string_view text, Backslash standard) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (text.starts_with("E'")) return quoted(text.substr(1), '\'', Backslash::escapes);
  return quoted(text, '\'', standard);
}

std::optional<std::string> called(const char* function, const Value& argument) {
  static const FunctionTable functions = [] {
    FunctionTable made;
    add_builtins(made);
    return made;
  }();
  const std::array<Value, 1> arguments{argument};
  Result<Value> result = functions.find(function)->body(arguments);
  return result ? std::optional<std::string>(result->text()) : std::nullopt;
}

void check_text(std::string_view input) {
  Value text = Value::string(input);
  bool zero = input.find('\0') != std::string_view::npos;
  if (std::optional<std::string> name = called("ident", text)) {
    demand(quoted(*name, '"', Backslash::plain) == input, "a name is another one in SQL", *name);
    demand(!zero && !input.empty() && input.size() <= 63, "a name that PostgreSQL would change", input);
  }
  std::optional<std::string> constant = called("literal", text);
  demand(constant.has_value() != zero, "a text is refused, or a zero byte is not", input);
  if (!constant) return;
  for (Backslash standard : {Backslash::plain, Backslash::escapes})
    demand(string_constant(*constant, standard) == input, "a text is another one in SQL", *constant);
}

/// Numbers, booleans and null: one token, whose sign makes no comment of a `-` before it.
void check_scalar(const Value& value) {
  std::optional<std::string> constant = called("literal", value);
  if (!constant || value.is_string()) return;
  demand(constant->find_first_of("'\"\\;/*$\n") == std::string::npos, "a scalar is more than one token",
         *constant);
  demand(("-" + *constant).find("--") == std::string::npos, "a number makes a comment", *constant);
}

}  // namespace

void check_sql_quoting(std::string_view input) {
  check_text(input);
  if (Result<Value> value = parse_json(input)) {
    check_scalar(*value);
    if (value->is_string()) check_text(value->text());
  }
}

}  // namespace carbon::fuzz
