#include "dsl/format/literal_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/diagnostic_text.h"
#include "base/utf8.h"

namespace carbon {

std::string string_literal(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '"' || c == '\\' || (c == '$' && text.substr(i + 1).starts_with('{'))) out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(c));
    } else if (static_cast<unsigned char>(c) < 0x80) {
      out += c;
    } else {
      utf8::Decoded next = utf8::decode(text.substr(i));
      std::string_view character = text.substr(i, next.length);
      // What turns the direction of text, or has no width, is seen in a file as on a terminal.
      bool hidden = next.valid && visible(character) != character;
      out += hidden ? fmt::format("\\u{{{:x}}}", static_cast<unsigned>(next.code_point))
                    : std::string(character);
      i += next.length - 1;
    }
  }
  return out + '"';
}

std::string block_literal(std::string_view text) {
  bool shown = text.ends_with('\n') && utf8::first_invalid(text) == std::string_view::npos &&
               text.find('\r') == std::string_view::npos && visible(text) == text;
  if (!shown) return {};
  auto has = [text](std::string_view part) { return text.find(part) != std::string_view::npos; };
  if (!has("\\") && !has("${") && !has("\"\"\"")) return fmt::format("\"\"\"\n{}\"\"\"", text);
  return has("'''") ? std::string() : fmt::format("'''\n{}'''", text);
}

std::string key_literal(std::string_view name) {
  auto in_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
  };
  bool digit = !name.empty() && name.front() >= '0' && name.front() <= '9';
  bool word = !name.empty() && !digit && std::all_of(name.begin(), name.end(), in_word);
  return word ? std::string(name) : string_literal(name);
}

std::string float_literal(double value) {
  std::array<char, 1100> digits;
  auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  std::string text(digits.data(), static_cast<std::size_t>(end - digits.data()));
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

}  // namespace carbon
