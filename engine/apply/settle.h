#pragma once

#include <string>
#include <vector>

#include "engine/apply/executor.h"

namespace carbon {

/// What an unfinished run had left open, and what a look at the live objects said.
struct Settled {
  struct Step {
    Address address;
    std::string operation;
    std::string finding;  ///< `done`, `did not happen`, `not ours: left alone`
  };
  std::string run;  ///< empty: there was nothing to settle
  std::vector<Step> steps;
};

/// Addresses whose step was begun and has no result, in order.
[[nodiscard]] std::vector<Address> open_steps(const std::vector<JournalEvent>& events);

/// Settles the newest run if it has no end: every intent without a result is decided by reading the object.
/// Ours is taken into the inventory, what is gone leaves it, the rest is left alone. Writes nothing to any
/// server. Errors: an object that cannot be read (the run stays open), or a store that fails.
Task<Result<Settled>> settle(ApplyWorld& world);

}  // namespace carbon
