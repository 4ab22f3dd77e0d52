#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/apply/journal.h"
#include "engine/plan/plan.h"

namespace carbon {

/// Which changes of a plan its run carried out.
class DoneSteps {
 public:
  /// Of all events of that run, with everything open in it settled. O(n log n).
  explicit DoneSteps(const std::vector<JournalEvent>& events);

  [[nodiscard]] bool has(const Address& address, const std::string& operation) const {
    return done_.contains({address, operation});
  }
  [[nodiscard]] bool has(const Change& change) const;

 private:
  std::set<std::pair<Address, std::string>> done_;
};

/// Whether objects of the type of that name can be there and not be ready.
using HasReadiness = std::function<bool(const std::string& type)>;

/// What is left of a plan.
struct Remaining {
  Plan plan;             ///< the same, without what is done
  std::size_t done = 0;  ///< changes that are done
};

/// The part of a plan that its run did not carry out, so that it can be gone on with inside of what was
/// reviewed. `events` are all of that run, and everything open in it is settled. A replacement whose former
/// object is gone is a create. What is done, and needed by what is left, is read until it is ready. O(n log
/// n).
[[nodiscard]] Remaining remaining_of(Plan plan, const std::vector<JournalEvent>& events,
                                     const HasReadiness& has_readiness);

}  // namespace carbon
