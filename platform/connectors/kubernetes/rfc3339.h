#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace carbon {

/// `2026-01-02T03:04:05Z`, with fractions and offsets (RFC 3339, section 5.6), as nanoseconds since 1970.
/// Fractions are dropped. Nothing for what is no such time.
[[nodiscard]] std::optional<std::int64_t> parse_rfc3339(std::string_view text);

}  // namespace carbon
