#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"

namespace carbon::sandbox {

// The order of lists in a strategic merge patch, as apimachinery's pkg/util/strategicpatch keeps it. `key` is
// the merge key of records; for a list of scalars it is empty, and items are compared by value.

[[nodiscard]] bool same_element(const Value& a, const Value& b, std::string_view key);

/// Items of `wanted` in its order, the others in that of `live`, and both merged by the places that they had
/// in `live`.
[[nodiscard]] std::vector<Value> in_order_of(std::vector<Value> items, const std::vector<Value>& wanted,
                                             const std::vector<Value>& live, std::string_view key);

/// 500 where the patch has items in another order than the directive says, or such as it does not name.
[[nodiscard]] ApiResult<void> check_order(const std::vector<Value>& patch, const std::vector<Value>& order,
                                          std::string_view key);

/// Whether the items of both lists are records. Errors: 500 where they are of different types, or there are
/// none; 422 for lists of lists.
[[nodiscard]] ApiResult<bool> elements_are_records(const std::vector<Value>& a, const std::vector<Value>& b);

/// A value and its type as Go's %v and %T print what encoding/json makes of it.
[[nodiscard]] std::string go_text(const Value& value);
[[nodiscard]] std::string_view go_type(const Value& value);

}  // namespace carbon::sandbox
