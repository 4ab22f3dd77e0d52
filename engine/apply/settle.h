#pragma once

#include <string>
#include <vector>

#include "engine/apply/executor.h"

namespace carbon {

/// What unfinished runs had left open, and what a look at the live objects said.
struct Settled {
  struct Step {
    Address address;
    std::string operation;
    std::string finding;  ///< `done`, `did not happen`, `not ours: left alone`
  };
  std::string run;  ///< the oldest of them; empty: there was nothing to settle
  std::vector<Step> steps;
};

/// Addresses whose step was begun and has no result, in order.
[[nodiscard]] std::vector<Address> open_steps(const std::vector<JournalEvent>& events);

/// Settles the runs that have no end: every intent without a result is decided by reading the object. Ours is
/// taken into the inventory, what is gone leaves it, the rest is left alone. An object that cannot be read
/// keeps nothing else from being settled: it stays owned, and a create stays open until it can be read.
/// Writes nothing to any server. Errors: a store that fails or is damaged.
Task<Result<Settled>> settle(ApplyWorld& world);

}  // namespace carbon
