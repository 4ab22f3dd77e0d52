#pragma once

#include <string>
#include <vector>

#include "platform/sandbox/kubernetes/request.h"
#include "platform/sandbox/kubernetes/resources.h"

namespace carbon::sandbox {

/// /openapi/v3 and its leaves, as far as clients look: the schemas, which `kubectl explain` prints, and which
/// query parameters a kind's PATCH takes, where kubectl learns that it may ask for fieldValidation and
/// dryRun. Of the other operations there is but the GET that tells a resource's kind. `parts` is the path
/// taken apart: `openapi`, `v3`, `apis`, `apps`, `v1`.
[[nodiscard]] ApiResponse answer_open_api_3(const Resources& resources,
                                            const std::vector<std::string>& parts);

}  // namespace carbon::sandbox
