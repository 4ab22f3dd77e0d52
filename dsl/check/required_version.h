#pragma once

#include <string_view>

#include "base/result.h"

namespace carbon {

/// Whether a version fits a demand: comparisons joined by commas, `>= 0.2` or `>= 0.2, < 1`. What a version
/// leaves out is 0. Errors: C0112 for a demand that cannot be read.
[[nodiscard]] Result<bool> version_fits(std::string_view version, std::string_view demand);

}  // namespace carbon
