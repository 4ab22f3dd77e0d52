#include "dsl/parse/scan.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace carbon::scan {

namespace {

/// Bit i is set when some word of the list starts with the i-th letter: most words are no keyword, and this
/// tells without comparing.
template <std::size_t N>
constexpr std::uint32_t first_letters(const std::array<std::string_view, N>& words) {
  std::uint32_t mask = 0;
  for (std::string_view word : words) mask |= 1U << static_cast<unsigned>(word[0] - 'a');
  return mask;
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::uint32_t mask, std::string_view candidate) {
  char first = candidate[0];
  if (first < 'a' || first > 'z' || (mask >> static_cast<unsigned>(first - 'a') & 1U) == 0) return false;
  return std::find(words.begin(), words.end(), candidate) != words.end();
}

std::size_t distance(const char* from, const char* to) { return static_cast<std::size_t>(to - from); }

bool has(const char* at, const char* end, std::string_view text) {
  return distance(at, end) >= text.size() && std::memcmp(at, text.data(), text.size()) == 0;
}

/// `not` blanks `in`.
std::size_t not_in(const char* at, const char* end) {
  std::size_t gap = blanks(at + 3, end);
  const char* second = at + 3 + gap;
  return gap != 0 && word(second, end) == 2 && has(second, end, "in") ? 3 + gap + 2 : 0;
}

std::size_t word_operator(const char* at, const char* end) {
  std::size_t size = word(at, end);
  std::string_view text(at, size);
  if (text == "not") return not_in(at, end);
  return text == "or" || text == "and" || text == "in" ? size : 0;
}

std::size_t digits(const char* at, const char* end) {
  if (at == end || !is_digit(*at)) return 0;
  const char* begin = at;
  while (at != end && (is_digit(*at) || *at == '_')) ++at;
  return distance(begin, at);
}

/// The closing quotes of a multi-line form with their indent; 0 unless `at` starts a line that has them.
std::size_t closing_line(const char* at, const char* end, std::string_view quotes) {
  if (at[-1] != '\n') return 0;
  std::size_t indent = blanks(at, end);
  return has(at + indent, end, quotes) ? indent + quotes.size() : 0;
}

}  // namespace

bool is_reserved(std::string_view word) {
  // Every name comes through here. Texts of a known size compare as integers.
  switch (word.empty() ? '\0' : word[0]) {
    case 'a': return word == "and";
    case 'b': return word == "by";
    case 'e': return word == "else";
    case 'f': return word == "for" || word == "false";
    case 'i': return word == "in" || word == "if";
    case 'n': return word == "not" || word == "null";
    case 'o': return word == "or";
    case 't': return word == "true" || word == "then";
    case 'w': return word == "when";
    default: return false;
  }
}

std::size_t name(const char* at, const char* end) {
  std::size_t size = word(at, end);
  return size == 0 || is_reserved({at, size}) ? 0 : size;
}

std::size_t boolean(const char* at, const char* end) {
  if (at == end || (*at != 't' && *at != 'f')) return 0;
  std::size_t size = word(at, end);
  std::string_view text(at, size);
  return text == "true" || text == "false" ? size : 0;
}

std::size_t declaration_keyword(const char* at, const char* end) {
  constexpr std::uint32_t mask = first_letters(declaration_keywords);
  std::size_t size = word(at, end);
  return size != 0 && is_one_of(declaration_keywords, mask, {at, size}) ? size : 0;
}

bool before_declaration(const char* at, const char* end) {
  std::size_t line_end = newline(at, end);
  if (line_end == 0) return false;
  const char* next = at + line_end;
  return next != end && is_letter(*next) && declaration_keyword(next, end) != 0;
}

std::size_t inner_newline(const char* at, const char* end) {
  return before_declaration(at, end) ? 0 : newline(at, end);
}

std::size_t comment(const char* at, const char* end) {
  if (at == end || *at != '#') return 0;
  const void* found = std::memchr(at, '\n', distance(at, end));
  if (found == nullptr) return distance(at, end);
  const char* line_end = static_cast<const char*>(found);
  return distance(at, line_end[-1] == '\r' ? line_end - 1 : line_end);
}

std::size_t letters(const char* at, const char* end) {
  return distance(at, std::find_if_not(at, end, is_letter));
}

std::size_t byte_order_mark(const char* at, const char* end) { return has(at, end, "\xEF\xBB\xBF") ? 3 : 0; }

std::size_t number(const char* at, const char* end) {
  const char* begin = at;
  at += digits(at, end);
  if (at == begin) return 0;
  if (end - at > 1 && at[0] == '.' && is_digit(at[1])) at += 1 + digits(at + 1, end);
  std::size_t unit = letters(at, end);
  at += unit;
  while (unit != 0) {
    std::size_t more = digits(at, end);
    unit = more == 0 ? 0 : letters(at + more, end);
    if (unit != 0) at += more + unit;
  }
  return distance(begin, at);
}

std::size_t binary_operator(const char* at, const char* end) {
  if (at == end) return 0;
  char next = end - at > 1 ? at[1] : '\0';
  switch (*at) {
    case '+':
    case '*':
    case '/':
    case '%': return 1;
    case '-': return next == '>' ? 0 : 1;
    case '<':
    case '>': return next == '=' ? 2 : 1;
    case '=':
    case '!': return next == '=' ? 2 : 0;
    case '?': return next == '?' ? 2 : 0;
    case 'o':
    case 'a':
    case 'i':
    case 'n': return word_operator(at, end);
    default: return 0;
  }
}

std::size_t prefix_operator(const char* at, const char* end) {
  if (at == end) return 0;
  if (*at == '-') return 1;
  return *at == 'n' && word(at, end) == 3 && has(at, end, "not") ? 3 : 0;
}

std::size_t equals(const char* at, const char* end) {
  if (at == end || *at != '=') return 0;
  return end - at > 1 && at[1] == '=' ? 0 : 1;
}

std::size_t string_text(const char* at, const char* end) {
  const char* begin = at;
  for (; at != end; ++at) {
    if (*at == '"' || *at == '\\' || *at == '\n') break;
    if (*at == '$' && end - at > 1 && at[1] == '{') break;
  }
  return distance(begin, at);
}

std::size_t escape(const char* at, const char* end) {
  if (at == end || *at != '\\') return 0;
  if (end - at == 1 || at[1] == '\n' || at[1] == '\r') return 1;
  if (!has(at, end, "\\u{")) {
    // A backslash before a longer character takes the whole character.
    const char* next = at + 2;
    while (next != end && (static_cast<unsigned char>(*next) & 0xC0) == 0x80) ++next;
    return distance(at, next);
  }
  const char* next = at + 3;
  while (next != end && (is_digit(*next) || is_letter(*next))) ++next;
  return next != end && *next == '}' ? distance(at, next) + 1 : distance(at, next);
}

std::size_t multiline_text(const char* at, const char* end) {
  const char* begin = at;
  for (; at != end; ++at) {
    if (*at == '\\' || (*at == '$' && end - at > 1 && at[1] == '{')) break;
    if (closing_line(at, end, "\"\"\"") != 0) break;
  }
  return distance(begin, at);
}

std::size_t multiline_close(const char* at, const char* end) { return closing_line(at, end, "\"\"\""); }

std::size_t raw_text(const char* at, const char* end) {
  return distance(at, std::find_if(at, end, [](char c) { return c == '\'' || c == '\n'; }));
}

std::size_t raw_multiline_rest(const char* at, const char* end) {
  const char* begin = at;
  while (at != end) {
    if (std::size_t close = closing_line(at, end, "'''")) return distance(begin, at) + close;
    const void* line_end = std::memchr(at, '\n', distance(at, end));
    if (line_end == nullptr) return 0;
    at = static_cast<const char*>(line_end) + 1;
  }
  return 0;
}

}  // namespace carbon::scan
