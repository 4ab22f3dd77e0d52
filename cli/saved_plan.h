#pragma once

#include <string>

#include "engine/plan/plan_file.h"
#include "engine/ports/io.h"

namespace carbon {

/// Writes a plan file (0600) as a whole or not at all. Errors: C0908.
[[nodiscard]] Status save_plan(const std::string& path, const Plan& plan, Io& io, const Digester& digester);

/// Reads and verifies one with this machine's key. Errors: C0901, C0908.
[[nodiscard]] Result<SavedPlan> read_plan(const std::string& path);

}  // namespace carbon
