#pragma once

#include "base/type.h"
#include "base/value.h"

namespace carbon {

/// A value as its type means it, whoever spelled it: live JSON text becomes a quantity, duration or blob,
/// lists of a set type become sets, nulls in maps and records go. Two values are equal for the diff when
/// their normal forms are. What does not read as its type stays as it is, and so differs. Source of the
/// quantity and duration rules: Kubernetes API reference, "Quantity"; Go's time.ParseDuration.
[[nodiscard]] Value normal_form(const Value& value, const Type& type);

/// The type that describes this very value: T of `T?` and `secret<T>`, and of a union the alternative whose
/// tag the value carries (json where none fits).
[[nodiscard]] const Type& type_of(const Type& declared, const Value& value);

/// The value with everything that the schema calls secret or sensitive replaced by a handle without content,
/// so that a plan can show the rest.
[[nodiscard]] Value masked(const Value& value, const Type& type);

}  // namespace carbon
