#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.h"

/// Short names for code that writes JSON documents as Values: plans, inventory rows, types.
namespace carbon::document {

[[nodiscard]] inline Entry field(std::string_view name, Value value) {
  return {Value::string(name), std::move(value)};
}
[[nodiscard]] inline Value text(std::string_view value) { return Value::string(value); }
[[nodiscard]] inline Value number(std::uint64_t value) {
  return Value::integer(static_cast<std::int64_t>(value));
}

/// One item an element, in order.
template <class Range, class Each>
[[nodiscard]] Value list(const Range& range, const Each& each) {
  std::vector<Value> items;
  for (const auto& item : range) items.push_back(each(item));
  return Value::list(std::move(items));
}

}  // namespace carbon::document
