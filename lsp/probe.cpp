#include "lsp/probe.h"

#include <algorithm>
#include <array>

#include "dsl/parse/parse.h"
#include "dsl/parse/scan.h"
#include "dsl/syntax/node_ref.h"

namespace carbon::lsp {

namespace {

/// Reads unfinished text and knows what is open at its end: brackets, type arguments, strings and
/// interpolations.
class OpenParts {
 public:
  explicit OpenParts(std::string_view text) : text_(text) {
    while (at_ < text_.size()) step();
  }

  [[nodiscard]] std::string closers() const {
    std::string out;
    for (std::size_t i = open_.size(); i-- > 0;) {
      if (open_[i] == multiline) {
        out += "\n\"\"\"";
      } else {
        out += open_[i];
      }
    }
    return out;
  }

 private:
  /// What is open, by the character that closes it; a string of several lines has its own sign.
  static constexpr char multiline = 'm';

  [[nodiscard]] bool is_in(char what) const { return !open_.empty() && open_.back() == what; }
  [[nodiscard]] bool reads(std::string_view wanted) const { return text_.substr(at_).starts_with(wanted); }

  void step() {
    if (is_in('"') || is_in(multiline)) {
      step_in_string();
    } else {
      step_in_code();
    }
  }

  void step_in_string() {
    bool lines = is_in(multiline);
    std::size_t taken = 1;
    if (text_[at_] == '\\' || reads("${")) {
      if (text_[at_] == '$') open_ += '}';
      taken = 2;
    } else if (lines ? reads("\"\"\"") : text_[at_] == '"' || text_[at_] == '\n') {
      open_.pop_back();
      taken = lines ? 3 : 1;
    }
    at_ += taken;
  }

  void step_in_code() {
    char c = text_[at_];
    if (reads("\"\"\"")) {
      open_ += multiline;
      at_ += 3;
      return;
    }
    // What is raw has no ends inside; one without an end holds the cursor, where nothing is completed.
    if (reads("'''")) return skip_to("'''", 3);
    if (c == '\'') return skip_to("'", 1);
    if (c == '#') return skip_to("\n", 0);
    if (c == '"') open_ += '"';
    if (c == '(') open_ += ')';
    if (c == '[') open_ += ']';
    if (c == '{') open_ += '}';
    if (c == '<' && begins_arguments()) open_ += '>';
    bool closes = c == ')' || c == ']' || c == '}' || c == '>';
    if (closes && is_in(c)) open_.pop_back();
    ++at_;
  }

  void skip_to(std::string_view end, std::size_t size) {
    std::size_t found = text_.find(end, at_ + std::max<std::size_t>(size, 1));
    at_ = found == std::string_view::npos ? text_.size() : found + size;
  }

  /// `list<`, and not a comparison.
  [[nodiscard]] bool begins_arguments() const {
    std::string_view before = text_.substr(0, at_);
    constexpr auto generic = std::to_array<std::string_view>({"list", "set", "map", "secret"});
    return std::any_of(generic.begin(), generic.end(),
                       [&](std::string_view each) { return before.ends_with(each); });
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string open_;
};

/// What may be missing before or between the brackets that close what is open, the likeliest first.
constexpr auto missing = std::to_array<std::string_view>(
    {"", " {}", " = null", " else null", " : null", " then null else null", " in []", " by null"});

struct Parsed {
  explicit Parsed(const std::string& text) : tree(parse(sources, sources.add("probe", text), faults)) {}
  SourceMap sources;
  DiagnosticSink faults;
  SyntaxTree tree;

  /// The skipped text that holds the offset.
  [[nodiscard]] SourceSpan skipped_at(std::size_t offset) const {
    for (const SyntaxNode& node : tree.nodes()) {
      std::size_t begin = node.begin - 1;
      std::size_t end = node.end - 1;
      if (node.kind == NodeKind::skipped && begin <= offset && offset <= end) return {node.begin, node.end};
    }
    return {};
  }
};

/// What makes the text of one declaration or item readable up to its last word; at least what is open is
/// closed.
std::string ending(const std::string& unread) {
  std::string closers = OpenParts(unread).closers();
  constexpr std::size_t deepest = 24;
  for (std::string_view each : missing) {
    std::size_t places = each.empty() || closers.size() > deepest ? 0 : closers.size();
    for (std::size_t at = 0; at <= places; ++at) {
      std::string end = closers;
      end.insert(at, each);
      if (!Parsed(unread + end).skipped_at(unread.size()).known()) return end;
    }
  }
  return closers;
}

}  // namespace

Probe probe_at(std::string_view text, std::size_t cursor) {
  Probe made;
  made.word_begin = made.word_end = std::min(cursor, text.size());
  while (made.word_begin > 0 && scan::continues_word(text[made.word_begin - 1])) --made.word_begin;
  while (made.word_end < text.size() && scan::continues_word(text[made.word_end])) ++made.word_end;
  std::string_view word = text.substr(made.word_begin, made.word_end - made.word_begin);
  if (word.empty()) word = placeholder;
  std::string before(text.substr(0, made.word_begin));
  before += word;
  made.offset = before.size();
  made.text = before + std::string(text.substr(made.word_end));
  SourceSpan skipped = Parsed(made.text).skipped_at(made.offset);
  if (!skipped.known()) return made;
  made.text = before + ending(before.substr(skipped.begin - 1)) + made.text.substr(skipped.end - 1);
  return made;
}

}  // namespace carbon::lsp
