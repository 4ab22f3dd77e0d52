#include "engine/apply/resume.h"

#include <algorithm>
#include <utility>

namespace carbon {

namespace {

/// What the journal calls the operations of which each alone means that the change is done.
std::vector<std::string> operations_of(Action action) {
  switch (action) {
    case Action::create:
    case Action::later:
    case Action::replace: return {"create"};
    case Action::update: return {"update"};
    case Action::adopt: return {"adopt", "update"};
    case Action::delete_: return {"delete"};
    case Action::release: return {"release"};
    case Action::move: return {"move"};
    case Action::read:  // looking once more changes nothing
    case Action::no_op: return {};
  }
  return {};
}

/// The former object is gone, and the new one is not there yet.
void finish_replacement(Change& change, const DoneSteps& done) {
  bool half = change.action == Action::replace && !change.create_first && done.has(change.address, "delete");
  if (!half) return;
  change.action = Action::create;
  change.former = Value();
  change.fingerprint = Fingerprint();
}

}  // namespace

DoneSteps::DoneSteps(const std::vector<JournalEvent>& events) {
  for (const JournalEvent& event : events) {
    bool told = event.kind == JournalKind::result || event.kind == JournalKind::resolved;
    if (told && event.detail == "done") done_.emplace(event.address, event.operation);
  }
}

bool DoneSteps::has(const Change& change) const {
  std::vector<std::string> operations = operations_of(change.action);
  return std::any_of(operations.begin(), operations.end(),
                     [&](const std::string& operation) { return has(change.address, operation); });
}

Remaining remaining_of(Plan plan, const std::vector<JournalEvent>& events) {
  DoneSteps done(events);
  Remaining left;
  left.done = std::erase_if(plan.changes, [&](const Change& change) { return done.has(change); });
  std::erase_if(plan.records, [&](const Record& record) { return done.has(record.address, "record"); });
  PlanSummary summary;
  summary.unchanged = plan.summary.unchanged;
  summary.record = static_cast<std::uint32_t>(plan.records.size());
  for (Change& change : plan.changes) {
    finish_replacement(change, done);
    ++count_of(summary, change.action);
  }
  plan.summary = summary;
  left.plan = std::move(plan);
  return left;
}

}  // namespace carbon
