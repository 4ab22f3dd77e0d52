#include "cli/views/unified_diff.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <vector>

using carbon::unified_diff;

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// What a patch makes of a text, read strictly: every line of the old text that it shows must be there.
/// `changed` counts added and removed lines.
std::string patched(std::string_view before, std::string_view diff, std::size_t& changed) {
  std::vector<std::string> old_lines = lines_of(before);
  std::vector<std::string> hunks = lines_of(diff);
  std::string out;
  std::size_t at = 0;
  changed = 0;
  for (std::size_t i = 2; i < hunks.size(); ++i) {
    std::string line = hunks[i];
    if (line.starts_with("@@ -")) {
      std::size_t first = 0;
      std::from_chars(line.data() + 4, line.data() + line.size(), first);
      bool empty = line.substr(4, line.find(' ', 4) - 4).ends_with(",0");
      for (std::size_t until = empty ? first : first - 1; at < until; ++at) out += old_lines[at];
      continue;
    }
    std::string text = line.substr(1);
    if (i + 1 < hunks.size() && hunks[i + 1].starts_with('\\')) {
      text.pop_back();
      ++i;
    }
    if (line[0] != '+') {
      REQUIRE(at < old_lines.size());
      REQUIRE(old_lines[at] == text);
      ++at;
    }
    if (line[0] != '-') out += text;
    if (line[0] != ' ') ++changed;
  }
  for (; at < old_lines.size(); ++at) out += old_lines[at];
  return out;
}

std::size_t longest_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) {
      table[i + 1][j + 1] = a[i] == b[j] ? table[i][j] + 1 : std::max(table[i][j + 1], table[i + 1][j]);
    }
  }
  return table[a.size()][b.size()];
}

}  // namespace

TEST_CASE("equal texts have no difference") {
  CHECK(unified_diff("x", "a\n", "a\n").empty());
  CHECK(unified_diff("x", "", "").empty());
}

TEST_CASE("a change stands between three lines of context") {
  CHECK(unified_diff("x.carbon", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") ==
        "--- a/x.carbon\n+++ b/x.carbon\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("changes with six lines between them share a hunk, those with seven do not") {
  std::string_view near = "@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n";
  CHECK(unified_diff("x", "a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n").ends_with(near));
  std::string_view far = "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n";
  CHECK(unified_diff("x", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n").ends_with(far));
}

TEST_CASE("empty ranges and missing last line ends are written as `patch` reads them") {
  CHECK(unified_diff("x", "", "a\n").ends_with("@@ -0,0 +1 @@\n+a\n"));
  CHECK(unified_diff("x", "a\n", "").ends_with("@@ -1 +0,0 @@\n-a\n"));
  CHECK(unified_diff("x", "a", "a\n").ends_with("@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"));
}

TEST_CASE("a difference applies, and no shorter one would") {
  std::mt19937_64 random(254);
  for (int round = 0; round < 3000; ++round) {
    auto text = [&random] {
      std::string out;
      for (std::size_t i = 0, count = random() % 40; i < count; ++i)
        out += std::string(1, "abcdef"[random() % 6]) + '\n';
      if (random() % 4 == 0 && !out.empty()) out.pop_back();
      return out;
    };
    std::string before = text();
    std::string after = text();
    std::size_t changed = 0;
    CAPTURE(before);
    CAPTURE(after);
    REQUIRE(patched(before, unified_diff("x", before, after), changed) == after);
    std::vector<std::string> a = lines_of(before);
    std::vector<std::string> b = lines_of(after);
    REQUIRE(changed == a.size() + b.size() - 2 * longest_common(a, b));
  }
}
