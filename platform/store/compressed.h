#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace carbon {

/// zlib (RFC 1950), and back: its checksum tells every flipped bit. Errors: C0906 for what is damaged or cut.
[[nodiscard]] std::string compressed(std::string_view bytes);
[[nodiscard]] Result<std::string> decompressed(std::string_view bytes);

}  // namespace carbon
