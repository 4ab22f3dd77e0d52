#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.h"

namespace carbon::sandbox {

/// Names of fields on the way down: `{"metadata", "labels"}`.
using Names = std::initializer_list<std::string_view>;

/// The value there, or nullptr. A null counts as absent, as it does for the API server.
[[nodiscard]] const Value* at(const Value& object, Names path);
/// Its text, empty when absent or no string.
[[nodiscard]] std::string_view text_at(const Value& object, Names path);
/// Its number, when it is an integer.
[[nodiscard]] std::optional<std::int64_t> int_at(const Value& object, Names path);
[[nodiscard]] bool bool_at(const Value& object, Names path);
/// The items there, none when absent or no list.
[[nodiscard]] std::vector<Value> items_at(const Value& object, Names path);

/// The object with that field set; objects on the way are made. Values are immutable: the parts that do not
/// change are shared. O(width of the objects on the way).
[[nodiscard]] Value with(const Value& object, Names path, Value value);
/// The object without that field.
[[nodiscard]] Value without(const Value& object, Names path);

/// An object of these fields, for literals: `fields({{"name", string("a")}})`.
[[nodiscard]] Value fields(std::vector<std::pair<std::string_view, Value>> entries);
[[nodiscard]] inline Value text(std::string_view value) { return Value::string(value); }
[[nodiscard]] inline Value number(std::int64_t value) { return Value::integer(value); }

/// A random UUID (version 4, RFC 9562).
[[nodiscard]] std::string new_uid(std::uint64_t high, std::uint64_t low);

}  // namespace carbon::sandbox
