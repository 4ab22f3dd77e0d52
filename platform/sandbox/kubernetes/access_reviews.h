#pragma once

#include <optional>

#include "base/value.h"
#include "platform/sandbox/kubernetes/authorizer.h"
#include "platform/sandbox/kubernetes/request.h"

namespace carbon::sandbox {

/// True for the reviews that are answered and not stored: what may I, what may he, who am I.
[[nodiscard]] bool is_review(const ApiRequest& request);

/// The answer to one: 201 with its status filled in, or what is wrong with it. Bodies may be protobuf, as
/// kubectl sends them.
[[nodiscard]] ApiResponse answer_review(const ApiRequest& request, Authorizer& authorizer,
                                        const Occasion& occasion);

}  // namespace carbon::sandbox
