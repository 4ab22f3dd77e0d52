#pragma once

#include <string>

#include "engine/plan/plan.h"

namespace carbon {

/// `one-way, 1200 rows rewritten`, or empty.
[[nodiscard]] std::string step_cost(const WriteStep& step);

/// The statements of a change, a line each in words with what they cost, and below it the values that change:
///
///     change the type of column price of table products   (one-way, 1200 rows rewritten)
///         type   numeric(10,2) -> numeric(12,4)
///
/// At most `most` of them.
[[nodiscard]] std::string steps_text(const Change& change, std::size_t most);

/// The statements of all changes as SQL, with comments that say of which resource they are and what they
/// cost.
[[nodiscard]] std::string plan_sql(const Plan& plan);

}  // namespace carbon
