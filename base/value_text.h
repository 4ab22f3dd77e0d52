#pragma once

#include <string>

#include "base/value.h"

namespace carbon {

/// A value as carbon source would write it, on one line of at most `width` columns (cut with `…`): strings
/// quoted, quantities with their unit. A secret is `(secret)`, an unknown `(known after apply)`. Safe for a
/// terminal.
[[nodiscard]] std::string value_text(const Value& value, std::size_t width);

}  // namespace carbon
