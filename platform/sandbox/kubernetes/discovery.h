#pragma once

#include <optional>

#include "base/value.h"
#include "platform/sandbox/kubernetes/request.h"
#include "platform/sandbox/kubernetes/resources.h"

namespace carbon::sandbox {

/// The answer to a path that names no resource: discovery in both forms, /version, health, OpenAPI; nothing
/// for any other path.
[[nodiscard]] std::optional<ApiResponse> answer_non_resource(const Resources& resources,
                                                             const ApiRequest& request);

}  // namespace carbon::sandbox
