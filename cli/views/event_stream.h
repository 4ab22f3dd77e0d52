#pragma once

#include <cstdint>
#include <string>

#include "engine/apply/run.h"

namespace carbon {

/// An apply as a stream of JSON objects, one a line: docs/formats/events.md. Never a secret: of a step its
/// address, its action and what came of it. `time` is the wall clock in nanoseconds since 1970.
[[nodiscard]] std::string run_started_line(const Plan& plan, const std::string& plan_id, std::int64_t time);
[[nodiscard]] std::string step_line(const Plan& plan, const ApplyEvent& event, std::int64_t time);
[[nodiscard]] std::string run_ended_line(const Run& run, std::int64_t time);

}  // namespace carbon
