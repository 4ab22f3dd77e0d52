#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/field_path.h"
#include "base/type.h"

namespace carbon {

/// The step to an item of a list: by its key values where the type has keys and the item has them all, else
/// by position. Key texts are canonical, so a desired and a live item of one key give the same step; a
/// missing `protocol` is TCP, as the API server defaults it (KEP-555, "associative lists").
[[nodiscard]] FieldStep item_step(const Type& list, const Value& item, std::size_t index);

/// The type behind T?, secret<T>.
[[nodiscard]] const Type& plain_type(const Type& type);

/// The type of a field or element one step down, or nullptr where the schema does not say (json).
[[nodiscard]] TypePtr step_type(const Type& type, const FieldStep& step);

/// The value at a path, or nullptr. Keyed steps look for the item with that key. O(path * width).
[[nodiscard]] const Value* find_at(const Value& root, const Type& type, const FieldPath& path);

/// What is compared by digest alone, in order of the value: every secret, and every value of a write-only
/// field, with the path of the smallest schema field that holds it.
[[nodiscard]] std::vector<std::pair<FieldPath, Value>> secret_leaves(const Value& value, const Type& type);

/// The text that a digest of a resolved value is made from: a string's own, else its JSON.
[[nodiscard]] std::string digest_content(const Value& value);

}  // namespace carbon
