#pragma once

namespace carbon {

/// docs/reference/exit-codes.md.
enum class ExitCode : int {
  success = 0,
  error = 1,
  changes = 2,  ///< --detailed-exitcode
  refused = 3,  ///< by a policy, protection or the delete budget
  stale = 4,    ///< the plan is stale, used, expired or not for this target
  locked = 5,
  partial = 6,  ///< some steps done, some failed or skipped
  not_ready = 7,
  interrupted = 130,
};

}  // namespace carbon
