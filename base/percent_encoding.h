#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace carbon {

enum class HexCase : std::uint8_t { upper, lower };

/// All but letters, digits and `-._~` as `%XX` (RFC 3986, sections 2.1 and 2.3): what may stand in one
/// segment of a path or one value of a query. RFC 3986 asks for upper case; some writers use lower.
[[nodiscard]] std::string percent_encoded(std::string_view text, HexCase digits = HexCase::upper);

}  // namespace carbon
