#include "tests/support/formatted.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "dsl/format/fidelity.h"
#include "dsl/format/format.h"
#include "dsl/parse/parse.h"

namespace carbon::testing {

namespace {

/// Keeps what a tree refers to.
class Source {
 public:
  explicit Source(std::string text)
      : tree_(parse(sources_, sources_.add("x.carbon", std::move(text)), sink_)) {}
  [[nodiscard]] const SyntaxTree& tree() const { return tree_; }
  [[nodiscard]] bool good() const { return !sink_.has_errors(); }
  [[nodiscard]] std::string error() const { return sink_.has_errors() ? sink_.all().front().message : ""; }

 private:
  SourceMap sources_;
  DiagnosticSink sink_;
  SyntaxTree tree_;
};

/// The first line in which two texts differ.
std::string difference(std::string_view a, std::string_view b) {
  std::size_t line = 1;
  while (true) {
    std::string_view in_a = a.substr(0, a.find('\n'));
    std::string_view in_b = b.substr(0, b.find('\n'));
    if (in_a != in_b || in_a.size() == a.size() || in_b.size() == b.size()) {
      return fmt::format("line {}: `{}`, then `{}`", line, in_a, in_b);
    }
    a.remove_prefix(in_a.size() + 1);
    b.remove_prefix(in_b.size() + 1);
    ++line;
  }
}

/// Line ends of the file as a whole; blanks at line ends may be content of multi-line text.
std::string white_space_fault(std::string_view text) {
  if (text.empty()) return {};
  if (text.front() == '\n') return "it starts with a blank line";
  if (!text.ends_with('\n') || text.ends_with("\n\n")) return "it does not end in one newline";
  return {};
}

}  // namespace

Formatted::Formatted(std::string text) {
  Source before(std::move(text));
  if (!before.good()) {
    fault_ = does_not_parse;
    return;
  }
  text_ = format(before.tree());
  Source after(text_);
  fault_ = white_space_fault(text_);
  if (!after.good()) {
    fault_ = "the result does not parse: " + after.error();
    return;
  }
  if (fault_.empty()) fault_ = format_fault(before.tree(), after.tree());
  std::string again = format(after.tree());
  if (fault_.empty() && again != text_) fault_ = "formatting again changes " + difference(text_, again);
}

}  // namespace carbon::testing
