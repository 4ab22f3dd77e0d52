#include "platform/postgres_schema/identifier.h"

namespace carbon::postgres {

namespace {

std::string enclosed(std::string_view text, char quote) {
  std::string out(1, quote);
  for (char letter : text) {
    if (letter == quote) out += quote;
    out += letter;
  }
  return out + quote;
}

}  // namespace

std::string quote_identifier(std::string_view name) { return enclosed(name, '"'); }

std::string quote_qualified(std::string_view schema, std::string_view name) {
  return quote_identifier(schema) + "." + quote_identifier(name);
}

std::string quote_literal(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return enclosed(text, '\'');
  std::string doubled;
  for (char letter : text) {
    if (letter == '\\') doubled += '\\';
    doubled += letter;
  }
  return "E" + enclosed(doubled, '\'');
}

}  // namespace carbon::postgres
