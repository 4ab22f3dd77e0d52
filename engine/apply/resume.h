#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/apply/journal.h"
#include "engine/plan/plan.h"

namespace carbon {

/// What is left of a plan.
struct Remaining {
  Plan plan;             ///< the same, without what is done
  std::size_t done = 0;  ///< changes that are done
};

/// The part of a plan that its run did not carry out, so that it can be gone on with inside of what was
/// reviewed. `events` are all of that run, and everything open in it is settled. A replacement whose former
/// object is gone is a create. O(n log n).
[[nodiscard]] Remaining remaining_of(Plan plan, const std::vector<JournalEvent>& events);

}  // namespace carbon
