#pragma once

#include <string>
#include <vector>

#include "engine/apply/journal.h"
#include "engine/inventory/inventory.h"
#include "engine/model/resource_type.h"
#include "engine/plan/plan.h"

namespace carbon {

/// Something that a run did, and that cannot be taken back.
struct NotUndone {
  Address address;
  std::string why;
};

/// An object that is to be as it was before a run.
struct Former {
  const Change* change = nullptr;  ///< of the run
  Value desired;  ///< record of the type's schema; may hold terms that need others' attributes
  std::vector<FieldPath> ignore;  ///< what the run did not manage
  std::vector<FieldPath>
      defaults;                ///< put back, and not to be remembered as carbon's: the server had set them
  std::vector<Address> needs;  ///< those that still are
};

/// What takes a run back: some objects are as they were, and those that it made are gone. Pure data: what is
/// to be done for it decides the planner, from what is live by then.
struct Undo {
  std::vector<Former> formers;
  std::vector<const Change*> made;  ///< by the run
  std::vector<NotUndone> left;
};

/// The opposite of what a run did of `plan`. `events` are all of that run, and everything open in it is
/// settled. `inventory` is as the run left it. Points into `plan`. O(n log n).
[[nodiscard]] Undo undo_of(const Plan& plan, const std::vector<JournalEvent>& events,
                           const Inventory& inventory, ResourceTypes& types);

}  // namespace carbon
