#pragma once

#include "base/value.h"
#include "engine/model/resource.h"

namespace carbon {

/// What a create of the resource would send: for Kubernetes the manifest, else its fields. Without nulls.
/// What is not known or not to be shown is a hole, see below; a secret's content never stands here.
[[nodiscard]] Value rendered(const Resource& resource);

/// A hole is an object with this key, whose value is `unknown` or `secret`, and `type` and `from`. A key of
/// that name in a value of the user's has one `$` more.
inline constexpr std::string_view hole_key = "$carbon";
[[nodiscard]] bool is_hole(const Value& value);

}  // namespace carbon
