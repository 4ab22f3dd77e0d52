#pragma once

#include <string>

#include "base/value.h"

namespace carbon {

/// Block-style YAML 1.2 of a closed value, readable by 1.1 parsers too: text is quoted as JSON unless it is a
/// plain word in both. Scalars are written as in JSON. Ends with a newline.
[[nodiscard]] std::string to_yaml(const Value& value);

}  // namespace carbon
