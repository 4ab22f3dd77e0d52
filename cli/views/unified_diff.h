#pragma once

#include <string>
#include <string_view>

namespace carbon {

/// What turns one text into another, as `patch` and `git apply` read it: hunks with three lines of context
/// under
/// `--- a/NAME` and `+++ b/NAME`. Empty when the texts are the same.
[[nodiscard]] std::string unified_diff(std::string_view name, std::string_view before,
                                       std::string_view after);

}  // namespace carbon
