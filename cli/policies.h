#pragma once

#include <vector>

#include "dsl/check/plan_row.h"
#include "dsl/expand/expand.h"
#include "engine/plan/plan.h"

namespace carbon {

/// The changes of a plan as policies see them. Secrets have neither before nor after.
[[nodiscard]] std::vector<PlanRow> plan_rows(const Plan& plan);

/// Adds what policies said to what a plan remembers of it.
void add_findings(const PolicyReport& report, PolicySummary& summary);

}  // namespace carbon
