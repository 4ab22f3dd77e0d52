#include "cli/views/event_stream.h"

#include "base/utc_time.h"
#include "base/value_document.h"
#include "base/value_json.h"

namespace carbon {

using document::field;
using document::number;
using document::text;

namespace {

constexpr const char* events_format = "1.0";

std::string_view type_of(ApplyEvent::Kind kind) {
  switch (kind) {
    case ApplyEvent::Kind::started: return "step_started";
    case ApplyEvent::Kind::acted: return "step_acted";
    case ApplyEvent::Kind::waiting: return "step_waiting";
    case ApplyEvent::Kind::finished: return "step_finished";
  }
  return "";
}

std::string_view code_of(StepOutcome outcome) {
  return outcome == StepOutcome::not_ready ? "not_ready" : to_string(outcome);
}

std::vector<Entry> event_of(std::string_view type, std::int64_t time) {
  return {field("type", text(type)), field("time", text(utc_time(time)))};
}

void add_error(std::vector<Entry>& event, const Error& error) {
  event.push_back(field("code", text(to_string(error.code()))));
  event.push_back(field("error", text(error.message())));
}

std::string line(std::vector<Entry> event) { return to_json(Value::record(std::move(event))) + "\n"; }

}  // namespace

std::string run_started_line(const Plan& plan, const std::string& plan_id, std::int64_t time) {
  std::vector<Entry> event = event_of("run_started", time);
  event.push_back(field("format_version", text(events_format)));
  event.push_back(field("plan_id", text(plan_id)));
  event.push_back(field("platform", text(plan.platform)));
  event.push_back(field("environment", text(plan.environment)));
  event.push_back(field("world", text(plan.world)));
  event.push_back(field("destroy", Value::boolean(plan.destroy)));
  event.push_back(field("steps", number(plan.changes.size())));
  return line(std::move(event));
}

std::string step_line(const Plan& plan, const ApplyEvent& told, std::int64_t time) {
  const Change& change = plan.changes[told.step];
  std::vector<Entry> event = event_of(type_of(told.kind), time);
  event.push_back(field("address", text(change.address)));
  event.push_back(field("resource_type", text(change.type)));
  event.push_back(field("action", text(to_string(change.action))));
  if (told.kind == ApplyEvent::Kind::waiting) event.push_back(field("waits_for", text(told.text)));
  if (told.result == nullptr) return line(std::move(event));
  event.push_back(field("outcome", text(code_of(told.result->outcome))));
  event.push_back(field("milliseconds", Value::integer(told.result->nanoseconds / 1'000'000)));
  if (!told.result->reason.empty()) event.push_back(field("reason", text(told.result->reason)));
  if (told.result->error) add_error(event, *told.result->error);
  return line(std::move(event));
}

std::string run_ended_line(const Run& run, std::int64_t time) {
  std::vector<Entry> event = event_of("run_ended", time);
  event.push_back(field("run", text(run.id)));
  event.push_back(field("steps", number(run.steps.size())));
  for (StepOutcome outcome :
       {StepOutcome::done, StepOutcome::failed, StepOutcome::skipped, StepOutcome::not_ready})
    event.push_back(field(code_of(outcome), number(run.count(outcome))));
  event.push_back(field("recorded", number(run.recorded)));
  event.push_back(field("interrupted", Value::boolean(run.interrupted)));
  if (run.broken) add_error(event, *run.broken);
  return line(std::move(event));
}

}  // namespace carbon
