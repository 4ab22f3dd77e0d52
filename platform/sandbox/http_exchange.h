#pragma once

#include "engine/ports/io.h"
#include "platform/sandbox/kubernetes/request.h"

namespace carbon::sandbox {

// Between what a connector sends and what the server takes, without a wire in between.

[[nodiscard]] ApiRequest api_request(const HttpRequest& request);
[[nodiscard]] HttpReply http_reply(ApiResponse response);

}  // namespace carbon::sandbox
