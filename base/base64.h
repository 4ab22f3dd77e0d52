#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace carbon {

/// RFC 4648, section 4, with padding.
[[nodiscard]] std::string base64_encode(std::string_view bytes);
/// Strict: alphabet and padding must be right, line breaks are allowed (MIME and PEM have them).
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

/// RFC 4648, section 5, without padding: for URLs and file names.
[[nodiscard]] std::string base64url_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);

/// Lower-case hexadecimal.
[[nodiscard]] std::string hex_encode(std::string_view bytes);

}  // namespace carbon
