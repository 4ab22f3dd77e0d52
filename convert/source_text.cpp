#include "convert/source_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/value_json.h"
#include "convert/linking.h"
#include "dsl/format/literal_text.h"

namespace carbon {

namespace {

/// On one line while it is short and has few parts: `{ name = "web", containerPort = 8080 }`.
constexpr std::size_t widest_line = 76;
constexpr std::size_t most_leaves = 4;
/// A text of several lines is a block from here on.
constexpr std::ptrdiff_t block_lines = 2;

/// No line of it begins in column 0 with a word: the word of a declaration would end what is open.
struct Piece {
  std::string text;
  std::size_t leaves = 1;
  bool broken = false;  ///< it has line ends
};

/// `trim` gives back a text without a line end at its end: it takes nothing else away.
bool is_trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\n\r\v\f";
  return !text.empty() && blank.find(text.front()) == std::string_view::npos &&
         blank.find(text.back()) == std::string_view::npos;
}

Piece string_piece(std::string_view text) {
  if (std::count(text.begin(), text.end(), '\n') >= block_lines) {
    std::string block = block_literal(text);
    if (!block.empty()) return {std::move(block), 1, true};
    if (is_trimmed(text)) block = block_literal(std::string(text) + "\n");
    if (!block.empty()) return {fmt::format("trim({})", block), 1, true};
  }
  return {string_literal(text)};
}

std::string decimal_text(std::string_view text) {
  if (text.find_first_of("eE") == std::string_view::npos) return std::string(text);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return float_literal(value);
}

/// A number of units that carbon has: it knows no nano and no micro.
std::string quantity_text(Quantity quantity) {
  std::string text = quantity.text();
  if (!text.ends_with('n') && !text.ends_with('u')) return text;
  constexpr int digits = 9;
  bool negative = quantity.nanos() < 0;
  auto nanos = static_cast<std::uint64_t>(negative ? -quantity.nanos() : quantity.nanos());
  constexpr std::uint64_t one = 1'000'000'000;
  std::string fraction = fmt::format("{:0{}}", nanos % one, digits);
  return fmt::format("{}{}.{}", negative ? "-" : "", nanos / one, fraction);
}

/// The smallest number has no literal: its digits alone are more than an int holds.
std::string integer_text(std::int64_t number) {
  if (number == INT64_MIN) return fmt::format("({} - 1)", number + 1);
  return fmt::format("{}", number);
}

std::string secret_text(const Value& secret) {
  const OpenTerm& term = secret.term();
  const Value& argument = term.arguments.front();
  std::string inside = argument.is_secret() ? secret_text(argument) : string_literal(argument.text());
  return fmt::format("{}({})", term.function, inside);
}

Piece piece(const Value& value);

Piece joined(std::vector<Piece> parts, std::string_view open, std::string_view close, bool list) {
  if (parts.empty()) return {std::string(open) + std::string(close)};
  Piece made;
  made.leaves = 0;
  std::size_t width = 0;
  for (const Piece& part : parts) {
    made.leaves += part.leaves;
    width += part.text.size() + 2;
    made.broken = made.broken || part.broken;
  }
  // A list of plain words may be longer: it is one thing.
  bool plain =
      list && std::all_of(parts.begin(), parts.end(), [](const Piece& part) { return part.leaves == 1; });
  made.broken = made.broken || width > widest_line || (!plain && made.leaves > most_leaves);
  bool hanging = list && parts.size() == 1 && parts.front().broken;
  made.text = open;
  if (hanging) {
    made.text += parts.front().text;
  } else if (made.broken) {
    for (const Piece& part : parts) made.text += fmt::format("\n {}{}", part.text, list ? "," : "");
    made.text += '\n';
  } else {
    for (std::size_t i = 0; i < parts.size(); ++i) made.text += (i == 0 ? "" : ", ") + parts[i].text;
  }
  made.text += close;
  return made;
}

Piece field_piece(const Entry& entry) {
  Piece made = piece(entry.value);
  bool spread = entry.key.text() == spread_key && entry.value.kind() == ValueKind::reference;
  std::string head = spread ? "..." : key_literal(entry.key.text()) + " = ";
  made.text.insert(0, head);
  return made;
}

Piece piece(const Value& value) {
  switch (value.kind()) {
    case ValueKind::null:
    case ValueKind::boolean: return {to_json(value)};
    case ValueKind::integer: return {integer_text(value.as_int())};
    case ValueKind::floating: return {float_literal(value.as_float())};
    case ValueKind::decimal: return {decimal_text(value.text())};
    case ValueKind::string: return string_piece(value.text());
    case ValueKind::quantity: return {quantity_text(value.as_quantity())};
    case ValueKind::duration: return {value.as_duration().text()};
    case ValueKind::reference: return {std::string(value.text())};
    case ValueKind::secret: return {secret_text(value)};
    case ValueKind::blob:
    case ValueKind::unknown: return {"null"};  // no manifest has one
    case ValueKind::list:
    case ValueKind::set: {
      std::vector<Piece> parts;
      for (const Value& item : value.items()) parts.push_back(piece(item));
      return joined(std::move(parts), "[", "]", true);
    }
    case ValueKind::map:
    case ValueKind::record: {
      std::vector<Piece> parts;
      for (const Entry& entry : value.entries()) parts.push_back(field_piece(entry));
      return joined(std::move(parts), "{", "}", false);
    }
  }
  return {"null"};
}

}  // namespace

std::string source_text(const Value& written) { return piece(written).text; }

std::string body_text(const Value& written, std::string_view settings) {
  if (written.entries().empty() && settings.empty()) return "{}";
  std::string out = "{\n" + std::string(settings);
  for (const Entry& entry : written.entries()) out += " " + field_piece(entry).text + "\n";
  return out + "}";
}

}  // namespace carbon
