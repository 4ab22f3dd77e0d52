#include "cli/policies.h"

namespace carbon {

std::vector<PlanRow> plan_rows(const Plan& plan) {
  std::vector<PlanRow> rows;
  rows.reserve(plan.changes.size());
  for (const Change& change : plan.changes) {
    PlanRow& row = rows.emplace_back();
    row.address = change.address;
    row.type = change.type;
    row.action = to_string(change.action);
    row.provider = change.provider;
    row.identity = change.identity_text;
    row.disruption = to_string(change.disruption);
    row.reversibility = to_string(change.reversibility);
    row.data_bearing = change.data_bearing;
    row.protect = change.protect;
    row.stage = change.stage;
    for (const FieldChange& field : change.fields) {
      row.fields.push_back({field.path.text(), {}, {}, field.secret});
      if (field.secret) continue;
      row.fields.back().before = field.before.value_or(Value());
      row.fields.back().after = field.after.value_or(Value());
    }
  }
  return rows;
}

void add_findings(const PolicyReport& report, PolicySummary& summary) {
  summary.passed += report.passed;
  for (const PolicyFinding& finding : report.findings)
    summary.notes.push_back(
        {finding.policy, std::string(to_string(finding.severity)), finding.address, finding.message});
}

}  // namespace carbon
