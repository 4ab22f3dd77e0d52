#pragma once

#include <cstdint>
#include <string_view>

#include "base/value.h"

namespace carbon::sandbox {

/// One of an object's status.conditions. `status` is True, False or Unknown.
struct Condition {
  std::string_view type;
  std::string_view status;
  std::string_view reason;
  std::string_view message;
};

/// Which times a kind keeps besides lastTransitionTime. apps/v1 Deployment alone has lastUpdateTime.
enum class ConditionTimes : std::uint8_t { transition, transition_and_update };

/// `status` with that condition set: lastTransitionTime moves only when its status does, lastUpdateTime when
/// anything of it does. An equal condition stays as it is, so that nothing is written.
[[nodiscard]] Value with_condition(const Value& status, const Condition& condition, std::int64_t now,
                                   ConditionTimes times = ConditionTimes::transition);
/// `status` without conditions of that type.
[[nodiscard]] Value without_condition(const Value& status, std::string_view type);
/// The condition of that type, or nullptr.
[[nodiscard]] const Value* find_condition(const Value& status, std::string_view type);
[[nodiscard]] bool condition_is(const Value& status, std::string_view type, std::string_view wanted);

}  // namespace carbon::sandbox
