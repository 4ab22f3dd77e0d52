#pragma once

#include <cstdint>
#include <string>

namespace carbon {

/// A time as RFC 3339 has it, in UTC and to the second: `2026-11-26T13:40:00Z`. Of nanoseconds since 1970.
[[nodiscard]] std::string utc_time(std::int64_t nanoseconds);

}  // namespace carbon
