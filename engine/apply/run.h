#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/plan/plan.h"

namespace carbon {

enum class StepOutcome : std::uint8_t {
  done,
  failed,
  skipped,    ///< something that it needs failed, or the run was stopped
  not_ready,  ///< applied, but not ready in time
};
[[nodiscard]] std::string_view to_string(StepOutcome outcome);

struct StepResult {
  Address address;
  Action action = Action::no_op;
  std::string type;
  StepOutcome outcome = StepOutcome::skipped;
  std::optional<Error> error;
  std::string reason;  ///< why skipped or not ready
  std::int64_t nanoseconds = 0;
};

/// What an apply did, in plan order.
struct Run {
  std::string id;
  std::vector<StepResult> steps;
  std::size_t recorded = 0;  ///< unchanged objects whose settings are remembered now
  bool interrupted = false;
  std::optional<Error> broken;  ///< the journal or inventory could not be written

  [[nodiscard]] std::size_t count(StepOutcome outcome) const;
};

/// Progress, in the order in which it happens.
struct ApplyEvent {
  enum class Kind : std::uint8_t { started, acted, waiting, finished };
  Kind kind = Kind::started;
  std::uint32_t step = 0;              ///< index into Plan::changes
  std::string text;                    ///< waiting: for what
  const StepResult* result = nullptr;  ///< finished
};
using ApplyListener = std::function<void(const ApplyEvent&)>;

}  // namespace carbon
