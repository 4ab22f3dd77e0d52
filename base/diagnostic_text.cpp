#include "base/diagnostic_text.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/utf8.h"

namespace carbon {

namespace {

struct Paint {
  Color color;
  [[nodiscard]] std::string operator()(std::string_view code, std::string_view text) const {
    if (color == Color::off) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
  }
};

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
  }
  return "";
}

/// Columns that the text takes, counted as the marks below it are: one a code point.
std::size_t width_of(std::string_view text) { return utf8::count(text); }

constexpr std::size_t longest_quote = 200;  ///< bytes of a line that are shown, and of a message
constexpr std::size_t quoted_before = 60;   ///< of them before the place that is meant, where the line is cut
constexpr std::size_t longest_message = 4000;

/// Not inside a character: the beginning of the one that a cut at this byte would hit.
std::size_t boundary(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  return std::min(at, text.size());
}

/// What is shown of a line that a label stands in, and how many columns of it stand before the label.
struct Quote {
  std::string text;
  std::size_t left = 0;
};

/// A line of a megabyte is no help, and costs a megabyte for each error in it.
Quote quote(std::string_view line, std::size_t at) {
  if (line.size() <= longest_quote) return {std::string(line), width_of(line.substr(0, at))};
  std::size_t begin = boundary(line, at > quoted_before ? at - quoted_before : 0);
  std::size_t end = boundary(line, begin + longest_quote);
  std::string before = begin > 0 ? "…" : "";
  std::string after = end < line.size() ? "…" : "";
  return {fmt::format("{}{}{}", before, line.substr(begin, end - begin), after),
          width_of(before) + width_of(line.substr(begin, at - begin))};
}

std::string marks(std::string_view text, const Quote& shown, char mark) {
  std::size_t room = std::max<std::size_t>(width_of(shown.text), shown.left + 1) - shown.left;
  std::size_t wanted = width_of(text.substr(0, boundary(text, 4 * longest_quote)));
  return std::string(shown.left, ' ') + std::string(std::clamp<std::size_t>(wanted, 1, room), mark);
}

std::string snippet(const SourceMap& sources, const Label& label, char mark, const Paint& paint) {
  SourceLocation at = sources.locate(label.span.begin);
  std::string number = std::to_string(at.line);
  std::string margin(std::max<std::size_t>(number.size(), 3), ' ');
  std::string_view line = sources.line(label.span.begin);
  std::string_view text = sources.text(label.span);
  // Both are parts of the file's text; a label at its end stands behind the last line.
  std::size_t offset =
      std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(text.data() - line.data(), 0)), line.size());
  Quote shown = quote(line, offset);
  std::replace(shown.text.begin(), shown.text.end(), '\t', ' ');
  std::string under = marks(text, shown, mark);
  if (!label.text.empty()) under += " " + label.text;
  return fmt::format("{:>{}} | {}\n{} | {}\n", number, margin.size(), visible(shown.text), margin,
                     paint(mark == '^' ? "31" : "34", visible(under)));
}

/// A name of a megabyte in a message, cut.
std::string sentence(std::string_view text) {
  if (text.size() <= longest_message) return visible(text);
  return visible(text.substr(0, boundary(text, longest_message))) + "…";
}

bool hidden(char32_t c) {
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == 0x061C ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

}  // namespace

std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    utf8::Decoded next = utf8::decode(text);
    if (!next.valid) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    } else if (hidden(next.code_point)) {
      out += next.code_point < 0x80 ? fmt::format("\\x{:02x}", static_cast<unsigned>(next.code_point))
                                    : fmt::format("\\u{{{:x}}}", static_cast<unsigned>(next.code_point));
    } else {
      out.append(text.substr(0, next.length));
    }
    text.remove_prefix(next.length);
  }
  return out;
}

std::string visible_line(std::string_view text) {
  std::string shown = visible(text);
  if (shown.find_first_of("\n\t") == std::string::npos) return shown;
  std::string out;
  for (char c : shown) {
    if (c == '\n' || c == '\t') {
      out += c == '\n' ? "\\n" : "\\t";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string to_text(const Diagnostic& diagnostic, const SourceMap& sources, Color color) {
  Paint paint{color};
  std::string head = fmt::format("{}[{}]", level(diagnostic.severity), to_string(diagnostic.code));
  std::string out = paint(diagnostic.severity == Severity::error ? "1;31" : "1;33", head);
  out += fmt::format(": {}\n", sentence(diagnostic.message));
  char mark = '^';
  for (const Label& label : diagnostic.labels) {
    if (sources.find(label.span.begin) == nullptr) continue;
    SourceLocation at = sources.locate(label.span.begin);
    out += fmt::format("  --> {}:{}:{}\n", visible(at.path), at.line, at.column);
    out += snippet(sources, label, mark, paint);
    mark = '-';
  }
  if (!diagnostic.address.empty()) out += fmt::format("    = resource: {}\n", visible(diagnostic.address));
  for (const std::string& note : diagnostic.notes) out += fmt::format("    = note: {}\n", sentence(note));
  for (const Help& help : diagnostic.helps) {
    bool safe = help.fix && help.fix->safety == FixSafety::safe;
    out += fmt::format("    = help: {}{}\n", sentence(help.text), safe ? " (safe fix)" : "");
  }
  // No error without a remedy: its code has one.
  if (diagnostic.helps.empty()) out += fmt::format("    = help: {}\n", remedy(diagnostic.code));
  return out;
}

}  // namespace carbon
