#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace carbon {

/// One line of a difference. Its text is safe for a terminal.
struct DiffLine {
  /// `+` only now wanted, `-` only live, `~` changed, ` ` around a change, `@` stands for lines left out.
  char sign;
  std::string text;
};

/// How two values differ inside, where one line could not show it.
struct ValueDiff {
  std::string_view language;  ///< what both texts are: `json`, `yaml`, `text`; empty for lists and maps
  std::size_t changes = 0;    ///< of members, or of lines
  std::vector<DiffLine> lines;
};

/// The difference of two lists or maps by their members, of two texts that are both JSON or both YAML by the
/// members of what they say, of other texts of several lines by lines with two lines around. Items of a list
/// are told apart by `name`, `id` or their like where each has its own, else by what stayed equal. Nothing
/// when both fit on one line each side by side, or are of different kinds. `width`: columns that a line may
/// have. O(N log N) in the size of the values, times the number of changed lines for lists and texts.
[[nodiscard]] std::optional<ValueDiff> value_diff(const Value& before, const Value& after, std::size_t width);

/// `json, 2 differences`: what stands for a value whose difference takes several lines.
[[nodiscard]] std::string differences_text(const ValueDiff& diff);

}  // namespace carbon
