#include "cli/views/unified_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/views/line_edits.h"

namespace carbon {

namespace {

constexpr std::size_t context = 3;

/// `3,7`; a range without lines names the line before it.
std::string range_text(std::size_t before, std::size_t count) {
  return count == 1 ? fmt::format("{}", before + 1)
                    : fmt::format("{},{}", count == 0 ? before : before + 1, count);
}

/// Writes hunks as the edits come by.
class Hunks {
 public:
  explicit Hunks(std::string& out) : out_(out) {}

  void add(const std::vector<LineEdit>& edits) {
    std::size_t at = 0;
    while (at < edits.size()) {
      std::size_t change = next_change(edits, at);
      if (change == edits.size()) break;
      std::size_t begin = std::max(at, change < context ? 0 : change - context);
      skip(edits, at, begin);
      at = write(edits, begin, end_of_hunk(edits, change));
    }
  }

 private:
  static std::size_t next_change(const std::vector<LineEdit>& edits, std::size_t from) {
    auto found = std::find_if(edits.begin() + static_cast<std::ptrdiff_t>(from), edits.end(),
                              [](const LineEdit& edit) { return edit.sign != ' '; });
    return static_cast<std::size_t>(found - edits.begin());
  }

  /// Changes with no more than twice the context between them share a hunk.
  static std::size_t end_of_hunk(const std::vector<LineEdit>& edits, std::size_t change) {
    while (true) {
      std::size_t kept = change;
      while (kept < edits.size() && edits[kept].sign != ' ') ++kept;
      std::size_t next = next_change(edits, kept);
      if (next == edits.size() || next - kept > 2 * context) return std::min(edits.size(), kept + context);
      change = next;
    }
  }

  void skip(const std::vector<LineEdit>& edits, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) count(edits[i], old_line_, new_line_);
  }

  static void count(const LineEdit& edit, std::size_t& old_lines, std::size_t& new_lines) {
    if (edit.sign != '+') ++old_lines;
    if (edit.sign != '-') ++new_lines;
  }

  std::size_t write(const std::vector<LineEdit>& edits, std::size_t begin, std::size_t end) {
    std::size_t old_lines = 0;
    std::size_t new_lines = 0;
    for (std::size_t i = begin; i < end; ++i) count(edits[i], old_lines, new_lines);
    out_ +=
        fmt::format("@@ -{} +{} @@\n", range_text(old_line_, old_lines), range_text(new_line_, new_lines));
    for (std::size_t i = begin; i < end; ++i) {
      out_ += edits[i].sign;
      out_ += edits[i].line;
      if (!edits[i].line.ends_with('\n')) out_ += "\n\\ No newline at end of file\n";
    }
    skip(edits, begin, end);
    return end;
  }

  std::string& out_;
  std::size_t old_line_ = 0;  ///< lines of the old text before the next edit
  std::size_t new_line_ = 0;
};

}  // namespace

std::string unified_diff(std::string_view name, std::string_view before, std::string_view after) {
  if (before == after) return {};
  std::string out = fmt::format("--- a/{}\n+++ b/{}\n", name, name);
  Hunks(out).add(line_edits(lines_of(before), lines_of(after)));
  return out;
}

}  // namespace carbon
