#include "engine/apply/resume.h"

#include <algorithm>
#include <set>
#include <string_view>
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

/// Whether what needs it has to wait until it is ready.
bool makes(Action action) {
  return action == Action::create || action == Action::update || action == Action::replace ||
         action == Action::adopt || action == Action::later;
}

/// What is done, and may not be ready yet: it is only looked at, until it is.
Change awaited(const Change& done) {
  Change made;
  made.address = done.address;
  made.action = Action::read;
  made.type = done.type;
  made.type_version = done.type_version;
  made.provider = done.provider;
  made.identity_text = done.identity_text;
  made.identity = done.identity;
  made.timeout = done.timeout;
  made.stage = done.stage;
  made.needs = done.needs;
  made.declared = done.declared;
  made.until_ready = true;
  made.assumes.emplace_back("it is ready");
  return made;
}

/// Takes what is done out of the plan, but for what a change that is left needs.
std::size_t leave_out(std::vector<Change>& changes, const DoneSteps& done,
                      const HasReadiness& has_readiness) {
  std::set<std::string_view> needed;
  for (const Change& change : changes) {
    if (done.has(change) || change.action == Action::delete_) continue;
    for (const Address& need : change.needs) needed.insert(need);
  }
  std::vector<Change> left;
  std::size_t count = 0;
  for (Change& change : changes) {
    bool is_done = done.has(change);
    count += is_done ? 1U : 0U;
    bool waited = is_done && makes(change.action) && needed.contains(change.address);
    if (waited && has_readiness(change.type)) left.push_back(awaited(change));
    if (!is_done) left.push_back(std::move(change));
  }
  changes = std::move(left);
  return count;
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

Remaining remaining_of(Plan plan, const std::vector<JournalEvent>& events,
                       const HasReadiness& has_readiness) {
  DoneSteps done(events);
  Remaining left;
  left.done = leave_out(plan.changes, done, has_readiness);
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
