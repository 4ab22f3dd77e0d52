#pragma once

#include <vector>

#include "base/result.h"
#include "platform/postgres_schema/changes.h"

namespace carbon::postgres {

/// What is dropped by a statement of its own, dependents first. What goes with its table or column is left
/// out, but where tables hold each other. Errors: server_refused for a circle.
[[nodiscard]] Result<std::vector<std::size_t>> drop_order(const ChangeSet& changes);

/// What is made or altered by statements of its own, in the order of dependencies. Errors: server_refused for
/// a circle.
[[nodiscard]] Result<std::vector<std::size_t>> make_order(const ChangeSet& changes);

/// Types that were set aside, dependents first.
[[nodiscard]] std::vector<std::size_t> set_aside_order(const ChangeSet& changes);

}  // namespace carbon::postgres
