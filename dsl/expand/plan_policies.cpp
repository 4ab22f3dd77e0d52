#include "dsl/expand/plan_policies.h"

#include <algorithm>

#include "dsl/expand/judge.h"

namespace carbon {

bool PlanPolicies::any(const Program& program) {
  return std::any_of(program.policies.begin(), program.policies.end(),
                     [](const Policy& policy) { return policy.plan_slot.has_value(); });
}

PolicyReport PlanPolicies::judge(std::span<const PlanRow> rows, DiagnosticSink& sink) const {
  PolicyReport report;
  EvalContext context{*program_.functions, {}};
  context.attribute = [this](std::string_view address, std::string_view path, SourceSpan span) {
    Dependencies met;
    return objects_.attribute(address, path, span, met);
  };
  Value plan = plan_value(rows);
  Judge judge(objects_, context, sources_, sink, report);
  for (const Policy& policy : program_.policies) {
    if (policy.plan_slot) judge.policy(policy, packages_[policy.package], plan);
  }
  return report;
}

}  // namespace carbon
