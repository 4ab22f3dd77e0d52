// docs/formats/plan-json.md. All keys are always there; secrets have neither `before` nor `after`.

#include <fmt/core.h>

#include "base/value_document.h"
#include "base/value_json.h"
#include "cli/views/plan_view.h"

namespace carbon {

using document::field;
using document::list;
using document::number;
using document::text;

namespace {

constexpr const char* plan_format = "2.0";

Value source_of(const Written& written) {
  if (written.file.empty()) return {};
  return Value::record({field("file", text(written.file)), field("line", number(written.line))});
}

Value field_of(const FieldChange& change) {
  bool unknown = change.after && change.after->contains_unknown();
  std::vector<Entry> out{field("path", text(change.path.text()))};
  if (!change.secret) {
    out.push_back(field("before", change.before.value_or(Value())));
    out.push_back(field("after", change.after.value_or(Value())));
  }
  out.push_back(field("removed", Value::boolean(!change.after && !change.secret)));
  out.push_back(field("unknown", Value::boolean(unknown)));
  out.push_back(field("secret", Value::boolean(change.secret)));
  out.push_back(field("secret_tag", number(change.secret_tag)));
  out.push_back(field("immutable", Value::boolean(change.immutable)));
  out.push_back(
      field("cause", text(change.cause == FieldCause::unknown ? "unknown" : to_string(change.cause))));
  out.push_back(field("writer", text(change.writer)));
  if (!change.words.empty()) out.push_back(field("words", text(change.words)));
  out.push_back(field("source", source_of(change.written)));
  return Value::record(std::move(out));
}

/// Stable, for programs.
std::string_view code_of(Because because) {
  switch (because) {
    case Because::none: return "new";
    case Because::declared: return "declared";
    case Because::drift: return "drift";
    case Because::not_declared: return "not_declared";
    case Because::immutable_field: return "immutable_field";
    case Because::adopted: return "adopted";
    case Because::secret_changed: return "secret_changed";
    case Because::destroy_requested: return "destroy_requested";
    case Because::moved: return "moved";
    case Because::kept: return "kept";
    case Because::removed: return "removed";
    case Because::replaced: return "replaced";
    case Because::lost: return "lost";
    case Because::type_changed: return "type_changed";
    case Because::undone: return "undone";
  }
  return "";
}

Value step_of(const WriteStep& step) {
  return Value::record({
      field("sql", text(step.text)),
      field("summary", text(step.summary)),
      field("path", text(step.path.text())),
      field("risk", text(to_string(step.risk))),
      field("count", text(step.count)),
  });
}

Value change_of(const Change& change) {
  std::vector<Entry> row{
      field("address", text(change.address)),
      field("moved_from", change.moved_from.empty() ? Value() : text(change.moved_from)),
      field("type", text(change.type)),
      field("identity", text(change.identity_text)),
      field("provider", text(change.provider)),
      field("action", text(to_string(change.action))),
      field("because", Value::record({field("code", text(code_of(change.because))),
                                      field("text", text(because_text(change))),
                                      field("detail", text(change.because_detail))})),
      field("stage", number(change.stage)),
      field("disruption", text(to_string(change.disruption))),
      field("reversibility", text(to_string(change.reversibility))),
      field("data_bearing", Value::boolean(change.data_bearing)),
      field("fields", list(change.fields, field_of)),
      field("unchanged_fields", number(change.unchanged)),
      field("assumes", list(change.assumes, text)),
      field("source", source_of(change.declared)),
  };
  if (change.create_first) row.push_back(field("create_first", Value::boolean(true)));
  if (!change.steps.empty()) row.push_back(field("steps", list(change.steps, step_of)));
  return Value::record(std::move(row));
}

Value record_of(const Record& record) {
  return Value::record({field("address", text(record.address)), field("what", list(record.what, text))});
}

Value provider_of(const PlannedProvider& provider) {
  Value target;
  if (provider.target) {
    target = Value::record({field("endpoint", text(provider.target->endpoint)),
                            field("uid", text(provider.target->uid)),
                            field("version", text(provider.target->version))});
  }
  return Value::record({field("address", text(provider.address)), field("type", text(provider.type)),
                        field("target", target)});
}

Value summary_of(const PlanSummary& summary) {
  return Value::record({
      field("create", number(summary.create)),
      field("update", number(summary.update)),
      field("replace", number(summary.replace)),
      field("delete", number(summary.delete_)),
      field("move", number(summary.move)),
      field("adopt", number(summary.adopt)),
      field("release", number(summary.release)),
      field("read", number(summary.read)),
      field("later", number(summary.later)),
      field("unchanged", number(summary.unchanged)),
      field("record", number(summary.record)),
  });
}

Value policies_of(const PolicySummary& policies) {
  auto note = [](const PolicyNote& one) {
    return Value::record({field("policy", text(one.policy)), field("severity", text(one.severity)),
                          field("address", text(one.address)), field("message", text(one.message))});
  };
  return Value::record(
      {field("passed", number(policies.passed)), field("notes", list(policies.notes, note))});
}

Value problem_of(const PlanProblem& problem) {
  return Value::record({field("code", text(problem.code)), field("message", text(problem.message)),
                        field("address", text(problem.address)),
                        field("source", source_of(problem.written))});
}

Value requests_of(const PlanFacts& facts) {
  std::vector<Entry> kinds;
  for (const auto& [kind, count] : facts.requests) kinds.push_back(field(kind, number(count)));
  return Value::map(std::move(kinds));
}

}  // namespace

std::string plan_json(const Plan& plan, const PlanFacts& facts) {
  Value document = Value::record({
      field("format_version", text(plan_format)),
      field("carbon_version", text(plan.tool_version)),
      field("plan_id", text(facts.plan_id)),
      field("platform", text(plan.platform)),
      field("environment", text(plan.environment)),
      field("world", text(plan.world)),
      field("source_digest", text(plan.source_digest)),
      field("inventory_generation", number(plan.inventory_generation)),
      field("declared", number(facts.declared)),
      field("requests", requests_of(facts)),
      field("providers", list(plan.providers, provider_of)),
      field("changes", list(plan.changes, change_of)),
      field("records", list(plan.records, record_of)),
      field("quiet",
            list(plan.quiet,
                 [](const QuietRule& rule) {
                   return Value::record({field("rule", text(rule.rule)), field("count", number(rule.count))});
                 })),
      field("foreign_fields", number(plan.foreign_fields)),
      field("policies", policies_of(plan.policies)),
      field("blocked", list(plan.blocked, text)),
      field("hidden", number(facts.hidden)),
      field("errors", list(facts.problems, problem_of)),
      field("summary", summary_of(plan.summary)),
  });
  return to_json(document, JsonStyle::indented) + "\n";
}

}  // namespace carbon
