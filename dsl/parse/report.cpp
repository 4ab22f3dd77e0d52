#include "dsl/parse/report.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/spelling.h"
#include "base/utf8.h"
#include "dsl/parse/parse.h"
#include "dsl/parse/scan.h"

namespace carbon {

namespace {

/// Spellings of other languages, and what carbon writes instead.
constexpr struct {
  std::string_view found;
  std::string_view help;
} habits[] = {
    {"&&", "write `and`"},
    {"||", "write `or`"},
    {"!", "write `not`"},
    {";", "a line end or `,` ends an item"},
    {"//", "comments start with `#`"},
    {"/*", "comments start with `#`"},
    {"\u201C", "text is written in `\"`"},
    {"\u201D", "text is written in `\"`"},
    {"\u2018", "raw text is written in `'`"},
    {"\u2019", "raw text is written in `'`"},
};

constexpr std::string_view known_punctuation = "{}[]()<>=:,.|?+-*/%#\"'";

enum class FoundKind : std::uint8_t { file_end, line_end, word, text, punctuation, strange };

/// What stands where the grammar failed.
struct Found {
  FoundKind kind;
  std::size_t begin;
  std::size_t end;
};

std::size_t punctuation_size(const char* at, const char* end) {
  if (std::size_t size = scan::binary_operator(at, end)) return size;
  static constexpr std::array<std::string_view, 4> longer = {"...", "->", "?.", "||"};
  std::string_view rest(at, static_cast<std::size_t>(end - at));
  for (std::string_view candidate : longer) {
    if (rest.starts_with(candidate)) return candidate.size();
  }
  return 1;
}

/// What is missing is missing behind the last thing that is there: goes back over blanks, line ends and lines
/// that are only a comment.
std::size_t code_end(std::string_view text, std::size_t offset) {
  while (true) {
    std::size_t last = text.substr(0, offset).find_last_not_of(" \t\r\n");
    if (last == std::string_view::npos) return 0;
    std::size_t line = text.substr(0, last).rfind('\n') + 1;  // 0 when there is none
    std::size_t first = text.find_first_not_of(" \t", line);
    if (text[first] != '#') return last + 1;
    offset = line;
  }
}

/// A character that carbon has no use for, or a longer thing that other languages write here.
std::size_t strange_size(std::string_view rest) {
  for (const auto& habit : habits) {
    if (rest.starts_with(habit.found)) return habit.found.size();
  }
  return utf8::decode(rest).length;
}

Found look(std::string_view text, std::size_t offset) {
  const char* end = text.data() + text.size();
  offset += scan::blanks(text.data() + offset, end);
  const char* at = text.data() + offset;
  if (at == end || *at == '#' || scan::newline(at, end) != 0) {
    FoundKind kind = at == end ? FoundKind::file_end : FoundKind::line_end;
    std::size_t last = code_end(text, offset);
    return {kind, last, last};
  }
  if (std::size_t size = scan::word(at, end)) return {FoundKind::word, offset, offset + size};
  if (std::size_t size = scan::number(at, end)) return {FoundKind::word, offset, offset + size};
  if (*at == '"' || *at == '\'') return {FoundKind::text, offset, offset + 1};
  if (known_punctuation.find(*at) != std::string_view::npos) {
    return {FoundKind::punctuation, offset, offset + punctuation_size(at, end)};
  }
  return {FoundKind::strange, offset, offset + strange_size(text.substr(offset))};
}

std::string words(const Found& found, std::string_view text) {
  switch (found.kind) {
    case FoundKind::file_end: return "the end of the file";
    case FoundKind::line_end: return "the end of the line";
    case FoundKind::text: return "a string";
    case FoundKind::word:
    case FoundKind::punctuation:
    case FoundKind::strange: break;
  }
  return fmt::format("`{}`", text.substr(found.begin, found.end - found.begin));
}

std::string_view closing(std::string_view opener) {
  if (opener == "[") return "]";
  if (opener == "(") return ")";
  if (opener == "<") return ">";
  return opener.ends_with('{') ? "}" : opener;
}

/// The bracket or quote itself: one character, `${`, or three quotes.
std::string_view opener_text(std::string_view text, std::size_t offset) {
  std::string_view rest = text.substr(offset);
  for (std::string_view longer : {"\"\"\"", "'''", "${"}) {
    if (rest.starts_with(longer)) return rest.substr(0, longer.size());
  }
  return rest.substr(0, 1);
}

class Describer {
 public:
  Describer(const Fault& fault, std::string_view text, std::uint32_t base)
      : fault_(fault), text_(text), base_(base), found_(look(text, fault.offset)) {}

  Diagnostic run() {
    if (fault_.expected == Expected::less_nesting) {
      start(DiagnosticCode::nesting_too_deep, fmt::format("nested deeper than {} levels", max_nesting));
      add_label(found_.begin, found_.end, "");
    } else if (fault_.unclosed) {
      describe_unclosed();
    } else if (fault_.expected == Expected::name && scan::is_reserved(found_text())) {
      start(DiagnosticCode::reserved_word, fmt::format("`{}` is a reserved word", found_text()));
      add_label(found_.begin, found_.end, "cannot be a name");
    } else {
      describe_unexpected();
    }
    return std::move(out_);
  }

 private:
  std::string_view found_text() const { return text_.substr(found_.begin, found_.end - found_.begin); }

  void start(DiagnosticCode code, std::string message) {
    out_.code = code;
    out_.message = std::move(message);
  }
  void add_label(std::size_t begin, std::size_t end, std::string text) {
    SourceSpan span{static_cast<std::uint32_t>(base_ + begin), static_cast<std::uint32_t>(base_ + end)};
    out_.labels.push_back({span, std::move(text)});
  }
  void add_help(std::string text, std::optional<Fix> fix = std::nullopt) {
    if (!text.empty()) out_.helps.push_back({std::move(text), std::move(fix)});
  }
  Fix safe_fix(std::size_t begin, std::size_t end, std::string replacement) const {
    SourceSpan span{static_cast<std::uint32_t>(base_ + begin), static_cast<std::uint32_t>(base_ + end)};
    return {span, std::move(replacement), FixSafety::safe};
  }

  void describe_unclosed() {
    std::string_view opener = opener_text(text_, fault_.opener);
    start(DiagnosticCode::unclosed_bracket, fmt::format("unclosed `{}`", opener));
    std::size_t end = fault_.opener + opener.size();
    std::string_view closer = closing(opener);
    std::size_t line = line_of(fault_.offset);
    if (std::string_view own = help(fault_.expected); !own.empty()) {
      add_label(fault_.opener, end, "opened here; no line closes it");
      add_help(std::string(own));
    } else if (opener == "\"" || opener == "'") {
      add_label(fault_.opener, end, "opened here; the line ends first");
      add_help(fmt::format("add `{}`; text of several lines is written in `{}`", closer,
                           opener == "\"" ? "\"\"\"" : "'''"));
    } else if (found_closer()) {
      add_label(fault_.opener, end, fmt::format("opened here; line {} closes another bracket", line));
      add_label(found_.begin, found_.end, fmt::format("`{}` is missing before this", closer));
      add_help(fmt::format("add `{}`", closer));
    } else if (found_.kind == FoundKind::file_end) {
      add_label(fault_.opener, end, "opened here; the file ends first");
      add_help(fmt::format("add `{}`", closer));
    } else {
      add_label(fault_.opener, end, fmt::format("opened here; line {} starts a new declaration", line + 1));
      add_help(fmt::format("add `{}` before line {}", closer, line + 1));
    }
  }

  void describe_unexpected() {
    std::string found = words(found_, text_);
    bool strange = found_.kind == FoundKind::strange;
    if (strange) {
      start(DiagnosticCode::bad_character, fmt::format("{} cannot stand here", found));
      add_label(found_.begin, found_.end, fmt::format("expected {}", text(fault_.expected)));
    } else {
      start(DiagnosticCode::expected_token,
            fmt::format("expected {}, found {}", text(fault_.expected), found));
      add_label(found_.begin, found_.end, "");
    }
    if (std::string_view(text(fault_.expected)).find("or `") != std::string_view::npos) label_opener();
    add_help(std::string(unexpected_help(strange)), habit_fix());
    if (fault_.expected == Expected::declaration) suggest_keyword();
  }

  /// For a bracket that would have closed here: where it was opened.
  void label_opener() {
    if (fault_.opener == Fault::nowhere || fault_.expected < Expected::close_square) return;
    std::string_view opener = opener_text(text_, fault_.opener);
    add_label(fault_.opener, fault_.opener + opener.size(), fmt::format("`{}` opened here", opener));
  }

  std::string_view unexpected_help(bool strange) const {
    std::string_view rest = text_.substr(found_.begin);
    for (const auto& habit : habits) {
      if (rest.starts_with(habit.found)) return habit.help;
    }
    if (strange) return {};
    if (fault_.expected == Expected::name && found_.kind == FoundKind::text) {
      return "names are written without quotes";
    }
    if (fault_.expected == Expected::item_end && rest.starts_with('=')) {
      return "a field is written `name = value`, with one name and one `=`";
    }
    return help(fault_.expected);
  }

  /// What another language writes here, where it stands for one thing of carbon.
  std::optional<Fix> habit_fix() const {
    std::string_view rest = text_.substr(found_.begin);
    std::size_t at = found_.begin;
    if (rest.starts_with("&&")) return safe_fix(at, at + 2, spaced("and", at, at + 2));
    if (rest.starts_with("||")) return safe_fix(at, at + 2, spaced("or", at, at + 2));
    if (rest.starts_with("//")) return safe_fix(at, at + 2, "#");
    if (rest.starts_with(';')) {
      std::size_t next = at + 1 + scan::blanks(rest.data() + 1, text_.data() + text_.size());
      bool last =
          next == text_.size() || std::string_view("\r\n#}").find(text_[next]) != std::string_view::npos;
      if (last) return safe_fix(at, at + 1, "");
      if (fault_.expected == Expected::item_end) return safe_fix(at, at + 1, ",");
      return std::nullopt;
    }
    if (rest.starts_with("\u201C")) return quotes_fix("\u201D", "\"");
    if (rest.starts_with("\u2018")) return quotes_fix("\u2019", "'");
    return std::nullopt;
  }

  /// The word, with a blank where it would touch what is beside it.
  std::string spaced(std::string_view word, std::size_t begin, std::size_t end) const {
    auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    bool left = begin > 0 && !blank(text_[begin - 1]);
    bool right = end < text_.size() && !blank(text_[end]);
    return fmt::format("{}{}{}", left ? " " : "", word, right ? " " : "");
  }

  /// A text between typographic quotes on one line, in carbon's quotes; both kinds take three bytes.
  std::optional<Fix> quotes_fix(std::string_view closer, std::string_view quote) const {
    std::size_t begin = found_.begin + closer.size();
    std::size_t end = text_.find(closer, begin);
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view inside = text_.substr(begin, end - begin);
    if (inside.find_first_of("\n\"'\\$") != std::string_view::npos) return std::nullopt;
    return safe_fix(found_.begin, end + closer.size(), fmt::format("{0}{1}{0}", quote, inside));
  }

  void suggest_keyword() {
    const std::vector<std::string_view> keywords(scan::declaration_keywords.begin(),
                                                 scan::declaration_keywords.end());
    if (found_.kind != FoundKind::word) return;
    if (std::string_view best = nearest(found_text(), keywords); !best.empty()) {
      add_help(fmt::format("did you mean `{}`?", best),
               safe_fix(found_.begin, found_.end, std::string(best)));
    }
  }

  bool found_closer() const {
    return found_.kind == FoundKind::punctuation &&
           std::string_view(")]}").find(text_[found_.begin]) != std::string_view::npos;
  }
  std::size_t line_of(std::size_t offset) const {
    auto end = text_.begin() + static_cast<std::ptrdiff_t>(offset);
    return static_cast<std::size_t>(std::count(text_.begin(), end, '\n')) + 1;
  }

  const Fault& fault_;
  std::string_view text_;
  std::uint32_t base_;
  Found found_;
  Diagnostic out_;
};

}  // namespace

Diagnostic describe(const Fault& fault, std::string_view text, std::uint32_t base) {
  return Describer(fault, text, base).run();
}

}  // namespace carbon
