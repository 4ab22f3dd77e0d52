#pragma once

#include <cstdint>
#include <vector>

#include "engine/plan/plan.h"

namespace carbon {

/// For each change of a plan, by index, the changes that are done before it because one needs the other: what
/// is deleted goes before what it needed, everything else behind what it needs; a move asks no server and
/// waits for nothing. O(changes + needs).
[[nodiscard]] std::vector<std::vector<std::uint32_t>> waits_by_need(const Plan& plan);

}  // namespace carbon
