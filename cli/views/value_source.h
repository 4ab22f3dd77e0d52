#pragma once

#include <string>

#include "base/value.h"

namespace carbon {

/// A value as carbon source in its canonical style, over as many lines as it takes and without a last
/// newline. What has no literal stands in brackets: `(secret)`, `(known after apply)`, `(12 bytes)`. A
/// reference is its address. Safe for a terminal.
[[nodiscard]] std::string value_source(const Value& value);

}  // namespace carbon
