#pragma once

#include <array>
#include <cstddef>
#include <string_view>

/// Recognisers of single tokens, without grammar: each looks at [at, end) and gives the number of bytes that
/// its token takes there, 0 for "not here". Plain functions, so that the hot paths cost what a hand-written
/// lexer costs and error messages can use them too.
namespace carbon::scan {

inline bool is_blank(char c) { return c == ' ' || c == '\t'; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool starts_word(char c) { return is_letter(c) || c == '_'; }
inline bool continues_word(char c) { return starts_word(c) || is_digit(c); }

inline std::size_t blanks(const char* at, const char* end) {
  const char* begin = at;
  while (at != end && is_blank(*at)) ++at;
  return static_cast<std::size_t>(at - begin);
}

/// LF or CRLF.
inline std::size_t newline(const char* at, const char* end) {
  if (at == end) return 0;
  if (*at == '\n') return 1;
  return *at == '\r' && end - at > 1 && at[1] == '\n' ? 2 : 0;
}

inline std::size_t word(const char* at, const char* end) {
  const char* begin = at;
  if (at == end || !starts_word(*at)) return 0;
  while (at != end && continues_word(*at)) ++at;
  return static_cast<std::size_t>(at - begin);
}

/// `true false null and or not in if then else for by when`: never names.
[[nodiscard]] bool is_reserved(std::string_view word);
/// A word that is not reserved.
[[nodiscard]] std::size_t name(const char* at, const char* end);
/// `true` or `false`.
[[nodiscard]] std::size_t boolean(const char* at, const char* end);
/// Words that start a declaration; names and field keys like any other elsewhere.
inline constexpr std::array<std::string_view, 18> declaration_keywords = {
    "platform", "import", "let",      "input",  "output",    "check",       "fn",   "type",  "resource",
    "lookup",   "use",    "provider", "policy", "component", "environment", "test", "moved", "removed"};
/// A word that starts a declaration. In column 0 it ends whatever is open.
[[nodiscard]] std::size_t declaration_keyword(const char* at, const char* end);
/// Whether a line end stands here and the next line starts with a declaration keyword.
[[nodiscard]] bool before_declaration(const char* at, const char* end);
/// A line end that stands not before a declaration.
[[nodiscard]] std::size_t inner_newline(const char* at, const char* end);
/// `# …` up to the line end.
[[nodiscard]] std::size_t comment(const char* at, const char* end);

[[nodiscard]] std::size_t letters(const char* at, const char* end);
/// U+FEFF, which may not stand at the start of a file.
[[nodiscard]] std::size_t byte_order_mark(const char* at, const char* end);
/// `50Gi`, `1h30m`, `1_000.5`.
[[nodiscard]] std::size_t number(const char* at, const char* end);
/// A binary operator; `not in` with the blanks inside.
[[nodiscard]] std::size_t binary_operator(const char* at, const char* end);
/// `-` or `not`.
[[nodiscard]] std::size_t prefix_operator(const char* at, const char* end);
/// `=` that is not the start of `==`.
[[nodiscard]] std::size_t equals(const char* at, const char* end);

/// Text inside `"…"`: up to a quote, a backslash, `${` or the line end.
[[nodiscard]] std::size_t string_text(const char* at, const char* end);
/// A backslash with what it escapes; whether that exists is checked later.
[[nodiscard]] std::size_t escape(const char* at, const char* end);
/// Text inside `"""`: up to a backslash, `${` or the line of the closing quotes. `at[-1]` must be readable.
[[nodiscard]] std::size_t multiline_text(const char* at, const char* end);
/// The closing `"""` with its indent.
[[nodiscard]] std::size_t multiline_close(const char* at, const char* end);
/// `'…'` without the quotes; may be 0 for an empty one.
[[nodiscard]] std::size_t raw_text(const char* at, const char* end);
/// Everything of a `'''` literal behind its first line, closing quotes included; 0 when it is never closed.
[[nodiscard]] std::size_t raw_multiline_rest(const char* at, const char* end);

}  // namespace carbon::scan
