#include "platform/connectors/operations/outcomes.h"

#include <fmt/core.h>

#include "platform/connectors/operations/operation_run.h"

namespace carbon {

WriteOutcome outcome_of(WriteOutcome::Kind kind, Error error) {
  WriteOutcome outcome;
  outcome.kind = kind;
  outcome.error = std::move(error);
  return outcome;
}

WriteOutcome refused(Error error) { return outcome_of(WriteOutcome::Kind::refused, std::move(error)); }

WriteOutcome not_read(const LiveObject& live) {
  bool later = live.why->code() == DiagnosticCode::unreachable;
  return outcome_of(later ? WriteOutcome::Kind::not_admitted : WriteOutcome::Kind::refused, *live.why);
}

LiveObject unknown_object(Error why) {
  LiveObject object;
  object.why = std::move(why);
  return object;
}

LiveObject absent_object() {
  LiveObject object;
  object.presence = Presence::absent;
  return object;
}

Value with_identity(const Value& identity, const Value& fields) {
  std::vector<Entry> all(identity.entries().begin(), identity.entries().end());
  for (const Entry& entry : fields.entries()) all.push_back(entry);
  return Value::record(std::move(all));
}

Result<Readiness> readiness_of(const ResourceType& type, const LiveObject& live,
                               const FunctionTable& functions) {
  if (live.presence == Presence::unknown) return fail(*live.why);
  if (live.presence != Presence::present) return Readiness{Readiness::Kind::waiting, "it does not exist"};
  OperationRun run(functions, Value(), live.object);
  for (const FailedCondition& failed : type.failed) {
    if (!CARBON_TRY(run.holds(*failed.when))) continue;
    std::string reason = CARBON_TRY(run.text_of(*failed.message));
    return Readiness{Readiness::Kind::failed, std::move(reason)};
  }
  if (type.ready == nullptr || CARBON_TRY(run.holds(*type.ready))) return Readiness{};
  return Readiness{Readiness::Kind::waiting, fmt::format("`ready when` of {} does not hold yet", type.name)};
}

}  // namespace carbon
