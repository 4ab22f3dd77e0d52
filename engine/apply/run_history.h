#pragma once

#include <string>
#include <vector>

#include "engine/apply/journal.h"

namespace carbon {

/// How a run ended, as the journal says.
enum class RunState : std::uint8_t {
  finished,     ///< every step has its outcome, and none failed
  failed,       ///< it ended, and a step did not become what was planned
  interrupted,  ///< it was asked to stop, and ended in order
  open,         ///< it has no end: it is under way, or was killed
};
[[nodiscard]] std::string_view to_string(RunState state);

/// One run in one line.
struct RunSummary {
  std::string run;
  std::string about;         ///< what BEGIN says: JSON with `plan`, `by` and `carbon`; empty for older runs
  std::int64_t began = 0;    ///< nanoseconds since 1970
  std::int64_t last = 0;     ///< of its last event
  std::uint64_t done = 0;    ///< steps whose outcome is `done`
  std::uint64_t failed = 0;  ///< steps with another outcome
  std::uint64_t open = 0;    ///< steps that began and have no outcome
  RunState state = RunState::open;
};

/// What became of one object in a run: the last word of the journal on it.
struct RunStep {
  Address address;
  std::string operation;  ///< create, update, delete, move, record …
  std::string outcome;    ///< `done`, a diagnostic code (`C0703`), `open`, or `unknown`
  std::int64_t began = 0;
  std::int64_t last = 0;
};

/// The events of each run, the newest run first, from those of all.
[[nodiscard]] std::vector<std::vector<JournalEvent>> runs_in(std::vector<JournalEvent> events);

/// The steps of one run in the order in which they began. `events` are all of that run, oldest first. O(n log
/// n).
[[nodiscard]] std::vector<RunStep> steps_of_run(const std::vector<JournalEvent>& events);

/// One run in one line, from its events. O(n log n).
[[nodiscard]] RunSummary summary_of_run(const std::vector<JournalEvent>& events);

}  // namespace carbon
