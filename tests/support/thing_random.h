#pragma once

#include <random>

#include "base/value.h"
#include "engine/plan/diff.h"
#include "tests/support/thing_type.h"

namespace carbon::test {

using Random = std::mt19937;

/// A record of `test.Thing` with some of its fields, without open values.
[[nodiscard]] Value random_thing(Random& random, const ThingTypes& types);

/// The record as a server could answer it: JSON, quantities and durations spelled otherwise, keyed lists and
/// sets in another order, and fields that nobody wrote. No difference by the schema's rules.
[[nodiscard]] Value as_served(Random& random, const Value& thing);

/// The live object after the server took these changes: each path set or removed, nothing else touched.
[[nodiscard]] Value after_changes(const ResourceType& type, const Value& live, const DiffResult& result);

}  // namespace carbon::test
