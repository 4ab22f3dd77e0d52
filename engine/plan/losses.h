#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "engine/plan/plan.h"

namespace carbon {

/// Whether `--allow-delete` names the resource: by its type (`postgres.Database`), the last word of that, or
/// its address.
[[nodiscard]] bool may_lose_data(const std::vector<std::string>& allowed, std::string_view type,
                                 std::string_view address);

/// C0414 for every change with statements that lose data, or that cannot be taken back, unless it is allowed.
void check_losses(const Plan& plan, const std::vector<std::string>& allowed, DiagnosticSink& sink);

}  // namespace carbon
