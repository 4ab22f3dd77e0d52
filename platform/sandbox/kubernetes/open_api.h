#pragma once

#include <string>
#include <vector>

#include "platform/sandbox/kubernetes/request.h"
#include "platform/sandbox/kubernetes/resources.h"

namespace carbon::sandbox {

/// /openapi/v3 and its leaves, as far as clients look: which query parameters a kind's PATCH takes. kubectl
/// learns there that it may ask for fieldValidation and dryRun. There are no schemas, so `kubectl explain`
/// has nothing to say. `parts` is the path taken apart: `openapi`, `v3`, `apis`, `apps`, `v1`.
[[nodiscard]] ApiResponse answer_open_api_3(const Resources& resources,
                                            const std::vector<std::string>& parts);

}  // namespace carbon::sandbox
