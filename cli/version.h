#pragma once

#include <string_view>

namespace carbon {

/// Kept in plans; a plan of another minor version is refused.
inline constexpr std::string_view tool_version = "0.1.0";

}  // namespace carbon
