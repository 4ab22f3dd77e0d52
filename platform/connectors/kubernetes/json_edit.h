#pragma once

#include <string_view>

#include "base/value.h"

namespace carbon {

/// The map or record with one field set; null is an empty map. O(fields).
[[nodiscard]] Value with_field(const Value& fields, std::string_view name, Value value);
/// The map or record without one field.
[[nodiscard]] Value without_field(const Value& fields, std::string_view name);
/// The value without the null fields of its maps and records, at any depth: in an apply, a field that is not
/// sent is a field that is not wanted. O(size).
[[nodiscard]] Value without_nulls(const Value& value);

/// The field several levels down, or nullptr.
[[nodiscard]] const Value* find_field(const Value& value, std::initializer_list<std::string_view> path);
/// The same as text; empty when it is not there or no string.
[[nodiscard]] std::string_view text_at(const Value& value, std::initializer_list<std::string_view> path);

}  // namespace carbon
