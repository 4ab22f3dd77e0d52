#pragma once

#include <deque>
#include <optional>

#include "base/type.h"
#include "base/value.h"

namespace carbon {

/// A type as the second argument of a `convert` term, so that a plan file can hold what apply has to check.
/// Only types that still do something to a value of their own kind have one: float, units, checked strings,
/// facets on scalars, literal unions, and these made optional. Nothing for all others.
[[nodiscard]] std::optional<Value> describe_type(const Type& type);

/// The type that `describe_type` described. Owns it.
class DescribedType {
 public:
  /// `json` when the value describes no type.
  explicit DescribedType(const Value& description);
  [[nodiscard]] const Type& type() const { return types_.front(); }

 private:
  std::deque<Type> types_;
};

}  // namespace carbon
