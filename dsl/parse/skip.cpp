#include "dsl/parse/skip.h"

#include <algorithm>
#include <array>
#include <vector>

#include "dsl/parse/scan.h"

namespace carbon {

namespace {

enum class SkipUnit : std::uint8_t { item, declaration };

/// One walk over text that the grammar could not read. Its own stack, so that depth costs no native one.
class Skipper {
 public:
  Skipper(const char* at, const char* end, AwaitedClosers awaited, SkipUnit unit)
      : begin_(at), at_(at), end_(end), awaited_(awaited), unit_(unit) {}

  Skipped run() {
    while (at_ != end_ && step()) {
    }
    return {static_cast<std::size_t>(at_ - begin_), lost_ || !open_.empty()};
  }

 private:
  /// What is open: a bracket by the character that closes it, `$` for `${` (closed by `}`), `"` for a string.
  enum Open : char { round = ')', square = ']', curly = '}', interpolation = '$', quote = '"' };

  bool in_string() const { return !open_.empty() && open_.back() == quote; }

  /// Goes on by one token; false at the end of what to skip.
  bool step() { return in_string() ? step_in_string() : step_in_code(); }

  bool step_in_string() {
    char c = *at_;
    quoted_closer_ = quoted_closer_ || c == ')' || c == ']' || c == '}';
    if (c == '"') {
      pop();
      quoted_closer_ = false;
    } else if (c == '\n') {
      leave_strings();
      return true;
    } else if (c == '\\') {
      at_ += at_ + 1 != end_ && at_[1] != '\n' ? 1 : 0;
    } else if (c == '$' && at_ + 1 != end_ && at_[1] == '{') {
      push(interpolation);
      ++at_;
    }
    ++at_;
    return true;
  }

  bool step_in_code() {
    switch (*at_) {
      case '\n': return step_line_end();
      case '\r': return scan::newline(at_, end_) == 2 ? step_line_end() : advance(1);
      case '#': at_ = line_end(at_); return true;
      case '"':
      case '\'': return step_quote();
      case '(': push(round); return advance(1);
      case '[': push(square); return advance(1);
      case '{': push(curly); return advance(1);
      case ')': return step_closer(round, awaited_.round);
      case ']': return step_closer(square, awaited_.square);
      case '}': return step_closer(curly, awaited_.curly);
      case ',':
        if (open_.empty() && unit_ == SkipUnit::item) return false;
        return advance(1);
      default: return advance(1);
    }
  }

  bool advance(std::size_t bytes) {
    at_ += bytes;
    return true;
  }

  bool step_line_end() {
    if (scan::before_declaration(at_, end_)) return false;
    if (!open_.empty()) return advance(1);
    if (unit_ == SkipUnit::item) return false;
    const char* next = next_code_line(at_);
    if (next == end_ || scan::declaration_keyword(next, end_) != 0) return false;
    // A word in column 0 is meant as a declaration, too: perhaps its keyword is misspelt. But behind quotes
    // that are never closed it may be text.
    bool may_be_text = no_more_quotes_ || no_more_raw_;
    if (next[-1] == '\n' && scan::starts_word(*next) && !may_be_text) return false;
    // Somebody outside waits for this bracket, and the comments before it are theirs.
    if (*next == '}' && awaited_.curly) return false;
    at_ = next;
    return true;
  }

  /// The first thing that is neither blank nor comment behind the line end.
  const char* next_code_line(const char* at) const {
    while (at != end_) {
      if (*at == '#') {
        at = line_end(at);
      } else if (scan::is_blank(*at) || *at == '\n' || *at == '\r') {
        ++at;
      } else {
        break;
      }
    }
    return at;
  }

  bool step_quote() {
    char c = *at_;
    bool triple = end_ - at_ > 2 && at_[1] == c && at_[2] == c;
    if (triple) {
      const char* close = multiline_end(c);
      return advance(close == nullptr ? 3 : static_cast<std::size_t>(close - at_));
    }
    if (c == '"') {
      push(quote);
      return advance(1);
    }
    std::size_t raw = scan::raw_text(at_ + 1, end_);
    bool closed = at_ + 1 + raw != end_ && at_[1 + raw] == '\'';
    return advance(1 + raw + (closed ? 1 : 0));
  }

  /// Behind the closing quotes of a multi-line form that starts here; null when there are none.
  const char* multiline_end(char quote_char) {
    bool& hopeless = quote_char == '"' ? no_more_quotes_ : no_more_raw_;
    const std::array<char, 3> closing = {quote_char, quote_char, quote_char};
    for (const char* line = line_end(at_); !hopeless && line != end_; line = line_end(line)) {
      ++line;
      const char* text = line + scan::blanks(line, end_);
      if (end_ - text >= 3 && std::equal(closing.begin(), closing.end(), text)) return text + 3;
    }
    hopeless = true;  // nor will any later one be closed: one search a file, not one an opening
    return nullptr;
  }

  bool step_closer(Open closer, bool awaited) {
    if (count(closer) == 0) return awaited ? false : advance(1);
    while (!closes(open_.back(), closer)) pop();
    pop();
    return advance(1);
  }

  static bool closes(Open open, Open closer) {
    return open == closer || (closer == curly && open == interpolation);
  }

  /// A string never spans lines, so at a line end it and what is open inside it are given up.
  void leave_strings() {
    lost_ = lost_ || quoted_closer_;
    quoted_closer_ = false;
    while (count(quote) != 0) pop();
  }

  const char* line_end(const char* at) const { return std::find(at, end_, '\n'); }

  std::size_t& count(Open open) {
    switch (open) {
      case round: return counts_[0];
      case square: return counts_[1];
      case curly:
      case interpolation: return counts_[2];
      case quote: break;
    }
    return counts_[3];
  }
  void push(Open open) {
    open_.push_back(open);
    ++count(open);
  }
  void pop() {
    --count(open_.back());
    open_.pop_back();
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  AwaitedClosers awaited_;
  SkipUnit unit_;
  std::vector<Open> open_;
  std::array<std::size_t, 4> counts_{};  // of each kind in open_, so that a stray closer costs no search
  bool quoted_closer_ = false;           // since the string began
  bool lost_ = false;                    // a closer in quotes that are never closed
  bool no_more_quotes_ = false;
  bool no_more_raw_ = false;
};

}  // namespace

Skipped skip_item(const char* at, const char* end, AwaitedClosers awaited) {
  return Skipper(at, end, awaited, SkipUnit::item).run();
}

Skipped skip_declaration(const char* at, const char* end, AwaitedClosers awaited) {
  return Skipper(at, end, awaited, SkipUnit::declaration).run();
}

}  // namespace carbon
