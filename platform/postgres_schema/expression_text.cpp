#include "platform/postgres_schema/expression_text.h"

#include <algorithm>
#include <optional>

namespace carbon::postgres {

namespace {

using TokenKind = SqlToken::Kind;

bool begins_name(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' ||
         static_cast<unsigned char>(letter) >= 0x80;
}
bool digit(char letter) { return letter >= '0' && letter <= '9'; }
bool blank(char letter) { return letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r'; }

/// The byte behind a quoted text that begins at `at`; a doubled quote goes on, a backslash escapes in E''.
std::size_t end_of_quoted(std::string_view text, std::size_t at, bool escapes) {
  char quote = text[at++];
  while (at < text.size()) {
    if (escapes && text[at] == '\\') {
      at += 2;
    } else if (text[at] == quote && at + 1 < text.size() && text[at + 1] == quote) {
      at += 2;
    } else if (text[at++] == quote) {
      return at;
    }
  }
  return text.size();
}

std::size_t end_of_run(std::string_view text, std::size_t at) {
  while (at < text.size() && (begins_name(text[at]) || digit(text[at]) || text[at] == '$')) ++at;
  return at;
}

SqlToken next_token(std::string_view text, std::size_t at) {
  char letter = text[at];
  bool prefixed = at + 1 < text.size() && text[at + 1] == '\'';
  if (prefixed && (letter == 'E' || letter == 'B' || letter == 'X'))
    return {TokenKind::literal, text.substr(at, end_of_quoted(text, at + 1, letter == 'E') - at)};
  if (letter == '\'') return {TokenKind::literal, text.substr(at, end_of_quoted(text, at, false) - at)};
  if (letter == '"') return {TokenKind::name, text.substr(at, end_of_quoted(text, at, false) - at)};
  if (begins_name(letter)) return {TokenKind::name, text.substr(at, end_of_run(text, at) - at)};
  if (digit(letter)) return {TokenKind::literal, text.substr(at, end_of_run(text, at) - at)};
  return {TokenKind::symbol, text.substr(at, text.substr(at, 2) == "::" ? 2 : 1)};
}

bool is(const std::vector<SqlToken>& tokens, std::size_t at, std::string_view text) {
  return at < tokens.size() && tokens[at].text == text;
}

/// The token behind the bracket that closes the one at `open`.
std::size_t behind_bracket(const std::vector<SqlToken>& tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < tokens.size(); ++at) {
    std::string_view text = tokens[at].text;
    if (tokens[at].kind != TokenKind::symbol) continue;
    if (text == "(" || text == "[") ++depth;
    if ((text == ")" || text == "]") && --depth == 0) return at + 1;
  }
  return tokens.size();
}

/// `(ARRAY[ ... ])::TYPE[]`, as token numbers.
struct ArrayCast {
  std::size_t first_item = 0;
  std::size_t close = 0;  ///< the `]`
  std::size_t type = 0;
  std::size_t type_end = 0;  ///< the `[` of the type
  std::size_t end = 0;
};

std::optional<ArrayCast> array_cast_at(const std::vector<SqlToken>& tokens, std::size_t at) {
  if (!is(tokens, at, "(") || !is(tokens, at + 1, "ARRAY") || !is(tokens, at + 2, "[")) return std::nullopt;
  ArrayCast cast;
  cast.first_item = at + 3;
  std::size_t behind = behind_bracket(tokens, at + 2);
  cast.close = behind - 1;
  if (!is(tokens, behind, ")") || !is(tokens, behind + 1, "::")) return std::nullopt;
  cast.type = behind + 2;
  std::size_t end = cast.type;
  while (end < tokens.size() && (tokens[end].kind == TokenKind::name || is(tokens, end, "."))) ++end;
  if (is(tokens, end, "(")) end = behind_bracket(tokens, end);
  while (end < tokens.size() && tokens[end].kind == TokenKind::name) ++end;  // timestamp(3) with time zone
  if (end == cast.type || !is(tokens, end, "[") || !is(tokens, end + 1, "]") || cast.first_item == cast.close)
    return std::nullopt;
  cast.type_end = end;
  cast.end = end + 2;
  return cast;
}

/// The text from one token to before another, as it is written.
std::string_view span(const std::vector<SqlToken>& tokens, std::size_t from, std::size_t to) {
  const char* begin = tokens[from].text.data();
  const std::string_view& last = tokens[to - 1].text;
  return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
}

std::string distributed(const std::vector<SqlToken>& tokens, const ArrayCast& cast) {
  std::string type(span(tokens, cast.type, cast.type_end));
  std::string out = "ARRAY[";
  std::size_t begin = cast.first_item;
  for (std::size_t at = begin; at <= cast.close; ++at) {
    if (at != cast.close && (is(tokens, at, "(") || is(tokens, at, "["))) {
      at = behind_bracket(tokens, at) - 1;
    } else if (at == cast.close || is(tokens, at, ",")) {
      if (begin != cast.first_item) out += ", ";
      out += "(" + canonical_expression(span(tokens, begin, at)) + ")::" + type;
      begin = at + 1;
    }
  }
  return out + "]";
}

}  // namespace

std::string SqlToken::name() const {
  if (text.empty() || text[0] != '"') return std::string(text);
  std::string out;
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    out += text[at];
    if (text[at] == '"') ++at;
  }
  return out;
}

std::vector<SqlToken> sql_tokens(std::string_view text) {
  std::vector<SqlToken> tokens;
  for (std::size_t at = 0; at < text.size();) {
    if (blank(text[at])) {
      ++at;
      continue;
    }
    tokens.push_back(next_token(text, at));
    at += tokens.back().text.size();
  }
  return tokens;
}

std::string canonical_expression(std::string_view text) {
  if (text.find("(ARRAY[") == std::string_view::npos && text.find("(VALUES ") == std::string_view::npos)
    return std::string(text);
  std::vector<SqlToken> tokens = sql_tokens(text);
  std::string out;
  const char* copied = text.data();
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    const char* begin = tokens[at].text.data();
    if (is(tokens, at, "(") && is(tokens, at + 1, "VALUES") && tokens[at + 1].text.data() == begin + 1) {
      out.append(copied, begin + 1);
      out += ' ';
      copied = begin + 1;
    }
    std::optional<ArrayCast> cast = array_cast_at(tokens, at);
    if (!cast) continue;
    out.append(copied, begin);
    out += distributed(tokens, *cast);
    at = cast->end - 1;
    copied = tokens[at].text.data() + tokens[at].text.size();
  }
  return out.append(copied, text.data() + text.size());
}

std::string canonical_statistics(std::string_view definition) {
  std::vector<SqlToken> tokens = sql_tokens(definition);
  std::size_t begin = 0;
  while (begin < tokens.size() && tokens[begin].text != "ON") ++begin;
  std::vector<std::string> columns;
  std::size_t first = ++begin;
  for (std::size_t at = begin; at < tokens.size(); ++at) {
    if (is(tokens, at, "(") || is(tokens, at, "[")) {
      at = behind_bracket(tokens, at) - 1;
      continue;
    }
    bool ends = tokens[at].text == "FROM";
    if (!ends && !is(tokens, at, ",")) continue;
    columns.emplace_back(span(tokens, begin, at));
    begin = at + 1;
    if (!ends) continue;
    std::sort(columns.begin(), columns.end());
    std::string out(span(tokens, 0, first));
    for (const std::string& column : columns) out += (&column == &columns[0] ? " " : ", ") + column;
    return out + " " + std::string(span(tokens, at, tokens.size()));
  }
  return std::string(definition);
}

bool has_string_body(std::string_view definition) {
  return definition.find("\nAS ") != std::string_view::npos;
}

bool same_tokens(const std::vector<SqlToken>& a, const std::vector<SqlToken>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const SqlToken& x, const SqlToken& y) {
    if (x.kind != y.kind) return false;
    return x.kind == TokenKind::name ? x.name() == y.name() : x.text == y.text;
  });
}

}  // namespace carbon::postgres
