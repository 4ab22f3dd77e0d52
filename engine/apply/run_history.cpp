#include "engine/apply/run_history.h"

#include <algorithm>
#include <map>

namespace carbon {

std::string_view to_string(RunState state) {
  switch (state) {
    case RunState::finished: return "finished";
    case RunState::failed: return "failed";
    case RunState::interrupted: return "interrupted";
    case RunState::open: return "open";
  }
  return "";
}

std::vector<RunStep> steps_of_run(const std::vector<JournalEvent>& events) {
  std::vector<RunStep> steps;
  std::map<std::pair<Address, std::string>, std::size_t> known;
  for (const JournalEvent& event : events) {
    if (event.address.empty()) continue;
    auto [at, is_new] = known.emplace(std::pair(event.address, event.operation), steps.size());
    if (is_new) steps.push_back({event.address, event.operation, "open", event.wall_clock, event.wall_clock});
    RunStep& step = steps[at->second];
    step.last = event.wall_clock;
    if (event.kind == JournalKind::intent || event.kind == JournalKind::sent) step.outcome = "open";
    if (event.kind == JournalKind::unknown) step.outcome = "unknown";
    if (event.kind == JournalKind::result || event.kind == JournalKind::resolved) step.outcome = event.detail;
  }
  return steps;
}

RunSummary summary_of_run(const std::vector<JournalEvent>& events) {
  RunSummary made;
  bool ended = false;
  bool stopped = false;
  for (const JournalEvent& event : events) {
    if (made.run.empty()) made.run = event.run;
    if (event.kind == JournalKind::begin) {
      made.about = event.detail;
      made.began = event.wall_clock;
    }
    made.last = std::max(made.last, event.wall_clock);
    ended = ended || event.kind == JournalKind::end;
    stopped = stopped || event.kind == JournalKind::stop;
  }
  for (const RunStep& step : steps_of_run(events)) {
    bool open = step.outcome == "open" || step.outcome == "unknown";
    ++(step.outcome == "done" ? made.done : open ? made.open : made.failed);
  }
  if (!ended) return made;
  made.state = stopped                        ? RunState::interrupted
               : made.failed + made.open != 0 ? RunState::failed
                                              : RunState::finished;
  return made;
}

std::vector<std::vector<JournalEvent>> runs_in(std::vector<JournalEvent> events) {
  // A run's events may lie between those of another: what settled it was written later.
  std::map<std::string, std::size_t> known;
  std::vector<std::vector<JournalEvent>> runs;
  for (JournalEvent& event : events) {
    auto [at, is_new] = known.emplace(event.run, runs.size());
    if (is_new) runs.emplace_back();
    runs[at->second].push_back(std::move(event));
  }
  std::reverse(runs.begin(), runs.end());
  return runs;
}

}  // namespace carbon
