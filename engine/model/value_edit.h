#pragma once

#include "base/field_path.h"
#include "base/type.h"
#include "base/value.h"

namespace carbon {

/// The record with the value at `path` replaced by `wanted`, or taken away where that is nullptr. What is
/// missing on the way to it is made: records by their names, an item of a keyed list with its keys, another
/// item of a plain list behind the others. Nothing is made to take something away. O(path * width).
[[nodiscard]] Value with_value_at(const Value& root, const Type& type, const FieldPath& path,
                                  const Value* wanted);

}  // namespace carbon
