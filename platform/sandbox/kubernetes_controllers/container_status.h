#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/value.h"

namespace carbon::sandbox {

/// What one container of a pod does, as its status says.
struct ContainerState {
  enum class Kind : std::uint8_t { waiting, running, terminated };
  Kind kind = Kind::waiting;
  std::string reason;
  std::string message;
  std::int64_t restarts = 0;
  std::string last_reason = "";  ///< of the run before, when it was restarted
  std::int64_t exit_code = 0;    ///< of that run, or of this one when terminated
};

/// An entry of status.containerStatuses for a container of the spec.
[[nodiscard]] Value container_status(const Value& container, const ContainerState& state,
                                     std::string_view now);

}  // namespace carbon::sandbox
