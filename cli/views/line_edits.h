#pragma once

#include <string_view>
#include <vector>

namespace carbon {

/// A line of a comparison, in order: of both texts (` `), only of the old (`-`), or only of the new one
/// (`+`).
struct LineEdit {
  char sign;
  std::string_view line;
};

/// Lines with their line ends, so that a last line without one is another line.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

/// What turns one list of lines into another, with as few edits as can be. O(lines * edits); lines that only
/// one of them has cost nothing. The views are those of the arguments.
[[nodiscard]] std::vector<LineEdit> line_edits(const std::vector<std::string_view>& before,
                                               const std::vector<std::string_view>& after);

}  // namespace carbon
