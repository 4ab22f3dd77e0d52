#include "dsl/syntax/literal.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace carbon {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What multi-line forms remove: the first line with the tag, and the indent of the closing quotes, which is
/// also the text between the last newline and those quotes.
class Dedent {
 public:
  /// `whole` is the node's text, quotes included.
  explicit Dedent(std::string_view whole) {
    std::string_view inside = whole.substr(0, whole.size() - 3);
    indent_ = inside.size() - (inside.rfind('\n') + 1);
  }

  /// Appends source text, which starts inside a line or at the start of one.
  void append(std::string& out, std::string_view text) {
    for (char c : text) {
      if (c == '\n') {
        if (!out.empty() && out.back() == '\r') out.pop_back();
        out += c;
        to_remove_ = indent_;
      } else if (to_remove_ != 0 && is_blank(c)) {
        --to_remove_;
      } else {
        to_remove_ = 0;
        out += c;
      }
    }
  }
  /// Something that is not plain text stands here, so the line's indent is over.
  void stop() { to_remove_ = 0; }
  void start_line() { to_remove_ = indent_; }

 private:
  std::size_t indent_ = 0;
  std::size_t to_remove_ = 0;
};

/// Joins neighbouring text.
class Parts {
 public:
  std::string& text() {
    if (parts_.empty() || parts_.back().expression) parts_.emplace_back();
    return parts_.back().text;
  }
  void expression(NodeRef node) { parts_.push_back({{}, node}); }
  std::vector<StringPart> take() {
    std::erase_if(parts_, [](const StringPart& part) { return !part.expression && part.text.empty(); });
    return std::move(parts_);
  }

 private:
  std::vector<StringPart> parts_;
};

std::size_t first_line_length(std::string_view text) {
  std::size_t end = text.find('\n');
  return end == std::string_view::npos ? text.size() : end + 1;
}

std::vector<StringPart> raw_multiline_parts(NodeRef node) {
  std::string_view whole = node.text();
  Dedent dedent(whole);
  dedent.start_line();
  std::string_view content = whole.substr(first_line_length(whole));
  Parts parts;
  dedent.append(parts.text(), content.substr(0, content.size() - 3));
  return parts.take();
}

std::vector<StringPart> cooked_parts(NodeRef node) {
  bool multiline = node.is(NodeKind::multiline);
  Dedent dedent(multiline ? node.text() : "\n\"\"\"");
  if (multiline) dedent.start_line();
  Parts parts;
  for (NodeRef piece : node.children()) {
    if (piece.is(NodeKind::language_tag)) continue;
    if (piece.is(NodeKind::string_text)) {
      dedent.append(parts.text(), piece.text());
      continue;
    }
    dedent.stop();
    if (piece.is(NodeKind::escape)) {
      parts.text() += escape_value(piece.text());
    } else {
      parts.expression(piece.value());
    }
  }
  return parts.take();
}

}  // namespace

std::vector<StringPart> string_parts(NodeRef string) {
  if (string.is(NodeKind::raw_multiline)) return raw_multiline_parts(string);
  if (!string.is(NodeKind::raw_string)) return cooked_parts(string);
  std::string_view text = string.text();
  if (text.size() == 2) return {};
  return {{std::string(text.substr(1, text.size() - 2)), {}}};
}

std::optional<std::string> constant_string(NodeRef string) {
  std::vector<StringPart> parts = string_parts(string);
  if (parts.empty()) return std::string();
  if (parts.size() > 1 || parts.front().expression) return std::nullopt;
  return std::move(parts.front().text);
}

std::string_view language_tag(NodeRef multiline) {
  std::string_view text = multiline.text().substr(3);
  auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  auto end = std::find_if_not(text.begin(), text.end(), is_letter);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

std::string escape_value(std::string_view escape) {
  if (escape.size() < 2) return {};
  switch (escape[1]) {
    case 'n': return "\n";
    case 't': return "\t";
    case 'r': return "\r";
    case '"':
    case '\\':
    case '$': return std::string(1, escape[1]);
    default: break;
  }
  if (!escape.starts_with("\\u{") || !escape.ends_with('}')) return {};
  std::uint32_t code_point = 0;
  const char* begin = escape.data() + 3;
  const char* end = escape.data() + escape.size() - 1;
  auto [stop, error] = std::from_chars(begin, end, code_point, 16);
  bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (error != std::errc() || stop != end || code_point > 0x10FFFF || surrogate) return {};
  std::string out;
  utf8::append(out, code_point);
  return out;
}

std::vector<NumberPart> number_parts(NodeRef number) {
  std::string_view text = number.text();
  std::vector<NumberPart> parts;
  std::size_t at = 0;
  while (at < text.size()) {
    NumberPart part;
    for (; at < text.size() && (is_digit(text[at]) || text[at] == '_' || text[at] == '.'); ++at) {
      if (text[at] != '_') part.digits += text[at];
    }
    std::size_t unit = at;
    while (at < text.size() && !is_digit(text[at])) ++at;
    part.unit = text.substr(unit, at - unit);
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace carbon
