#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace carbon::sandbox {

inline constexpr std::int64_t second = 1'000'000'000;  ///< in nanoseconds

/// Nanoseconds since 1970 of a metav1.Time (`2026-11-24T17:20:30Z`, a fraction allowed); nothing for other
/// texts.
[[nodiscard]] std::optional<std::int64_t> time_of(std::string_view text);

}  // namespace carbon::sandbox
