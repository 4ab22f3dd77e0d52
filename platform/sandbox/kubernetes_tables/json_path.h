#pragma once

#include <string_view>
#include <vector>

#include "base/value.h"

namespace carbon::sandbox {

/// What a JSONPath of a printer column finds: `.spec.names[0]`, `.items[*].x`, `['a.b']` and
/// `[?(@.type=="Ready")].status`. Other forms find nothing.
[[nodiscard]] std::vector<Value> find_json_path(const Value& object, std::string_view path);

}  // namespace carbon::sandbox
