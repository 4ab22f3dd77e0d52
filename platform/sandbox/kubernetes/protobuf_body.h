#pragma once

#include <functional>
#include <string_view>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/object_schema.h"

namespace carbon::sandbox {

/// The schema of a kind, or nullptr when the sandbox has none: `apps/v1`, `Deployment`.
using SchemaOfKind = std::function<const SchemaNode*(std::string_view api_version, std::string_view kind)>;

/// Reads a body in Kubernetes' protobuf form, as kubectl 1.32 and newer sends it for `create namespace` and
/// its like: `k8s\0` and a runtime.Unknown around the object. Gives what the same object is in JSON. Field
/// numbers come from protobuf_fields.def, all else from the schema; fields without a number are passed over,
/// as protobuf wants it. Errors: 400 for a body that is none, 415 for a kind that only JSON can carry (custom
/// resources have no protobuf form).
[[nodiscard]] ApiResult<Value> read_protobuf(std::string_view body, const SchemaOfKind& schema_of);

[[nodiscard]] bool is_protobuf(std::string_view media_type);

}  // namespace carbon::sandbox
