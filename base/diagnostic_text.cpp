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

std::string marks(const SourceMap& sources, const Label& label, const SourceLocation& at, char mark) {
  std::string_view line = sources.line(label.span.begin);
  std::size_t left = at.column - 1;
  std::size_t room = std::max<std::size_t>(width_of(line), left + 1) - left;
  std::size_t wanted = std::max<std::size_t>(width_of(sources.text(label.span)), 1);
  return std::string(left, ' ') +
         std::string(std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(room, 1)), mark);
}

std::string snippet(const SourceMap& sources, const Label& label, char mark, const Paint& paint) {
  SourceLocation at = sources.locate(label.span.begin);
  std::string number = std::to_string(at.line);
  std::string margin(std::max<std::size_t>(number.size(), 3), ' ');
  std::string line(sources.line(label.span.begin));
  std::replace(line.begin(), line.end(), '\t', ' ');
  std::string under = marks(sources, label, at, mark);
  if (!label.text.empty()) under += " " + label.text;
  return fmt::format("{:>{}} | {}\n{} | {}\n", number, margin.size(), visible(line), margin,
                     paint(mark == '^' ? "31" : "34", visible(under)));
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

std::string to_text(const Diagnostic& diagnostic, const SourceMap& sources, Color color) {
  Paint paint{color};
  std::string head = fmt::format("{}[{}]", level(diagnostic.severity), to_string(diagnostic.code));
  std::string out = paint(diagnostic.severity == Severity::error ? "1;31" : "1;33", head);
  out += fmt::format(": {}\n", visible(diagnostic.message));
  char mark = '^';
  for (const Label& label : diagnostic.labels) {
    if (sources.find(label.span.begin) == nullptr) continue;
    SourceLocation at = sources.locate(label.span.begin);
    out += fmt::format("  --> {}:{}:{}\n", visible(at.path), at.line, at.column);
    out += snippet(sources, label, mark, paint);
    mark = '-';
  }
  if (!diagnostic.address.empty()) out += fmt::format("    = resource: {}\n", visible(diagnostic.address));
  for (const std::string& note : diagnostic.notes) out += fmt::format("    = note: {}\n", visible(note));
  for (const Help& help : diagnostic.helps) {
    bool safe = help.fix && help.fix->safety == FixSafety::safe;
    out += fmt::format("    = help: {}{}\n", visible(help.text), safe ? " (safe fix)" : "");
  }
  // No error without a remedy: its code has one.
  if (diagnostic.helps.empty()) out += fmt::format("    = help: {}\n", remedy(diagnostic.code));
  return out;
}

}  // namespace carbon
