#include "cli/views/steps_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/utf8.h"
#include "base/value_json.h"
#include "cli/views/plan_view.h"

namespace carbon {

namespace {

bool within(const FieldPath& field, const FieldPath& object) {
  return object.steps.size() < field.steps.size() &&
         std::equal(object.steps.begin(), object.steps.end(), field.steps.begin());
}

std::string shown(const Value& value) {
  constexpr std::size_t longest = 60;
  std::string text = value.is_string() ? std::string(value.text()) : to_json(value);
  std::string line = visible_line(text);
  return utf8::cut(line, longest);
}

/// The fields of the object that have another value now; what is new or gone is said by the statement.
std::vector<const FieldChange*> changed_fields(const Change& change, const WriteStep& step) {
  std::vector<const FieldChange*> fields;
  for (const FieldChange& field : change.fields) {
    if (field.before && field.after && within(field.path, step.path)) fields.push_back(&field);
  }
  return fields;
}

}  // namespace

std::string step_cost(const WriteStep& step) {
  std::string risk(step.risk == StepRisk::none ? "" : to_string(step.risk));
  if (step.count.empty()) return risk;
  return risk.empty() ? step.count : risk + ", " + step.count;
}

std::string steps_text(const Change& change, std::size_t most) {
  std::string out;
  std::vector<const FieldChange*> said;
  std::size_t left_out = 0;
  std::size_t lines = 0;
  for (const WriteStep& step : change.steps) {
    // Of a new schema comments say least.
    bool comment = most < change.steps.size() && step.summary.starts_with("comment on ");
    if (comment || lines++ >= most) {
      ++left_out;
      continue;
    }
    std::string cost = step_cost(step);
    out += fmt::format("    {}{}\n", visible_line(step.summary),
                       cost.empty() ? "" : fmt::format("   ({})", cost));
    for (const FieldChange* field : changed_fields(change, step)) {
      if (std::find(said.begin(), said.end(), field) != said.end()) continue;
      said.push_back(field);
      FieldPath below{{field->path.steps.begin() + static_cast<std::ptrdiff_t>(step.path.steps.size()),
                       field->path.steps.end()}};
      std::string_view drift = field->cause == FieldCause::drift ? "   (drift)" : "";
      out += fmt::format("        {}   {} -> {}{}\n", visible_line(below.text()), shown(*field->before),
                         shown(*field->after), drift);
    }
  }
  if (left_out > 0) out += fmt::format("    ({} more statements)\n", left_out);
  return out;
}

std::string plan_sql(const Plan& plan) {
  std::string out;
  for (const Change& change : plan.changes) {
    if (change.steps.empty()) continue;
    out += fmt::format("{}-- {}  {} {}\n", out.empty() ? "" : "\n", visible_line(change.address), change.type,
                       visible_line(change.identity_text));
    for (const WriteStep& step : change.steps) {
      std::string cost = step_cost(step);
      if (!cost.empty()) out += fmt::format("-- {}: {}\n", cost, visible_line(step.summary));
      out += step.text + ";\n";
    }
  }
  return out.empty() ? "-- nothing to do\n" : out;
}

}  // namespace carbon
