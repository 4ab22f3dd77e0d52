#pragma once

#include <string_view>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/resources.h"

namespace carbon::sandbox {

/// The object after a patch of that media type: JSON patch (RFC 6902), merge patch (RFC 7386) or Kubernetes'
/// strategic merge patch (built-in kinds only). Errors: 415 for another type, 422 for a JSON patch that does
/// not fit, 400.
[[nodiscard]] ApiResult<Value> patched_object(const ResourceInfo& resource, const SchemaNode& schema,
                                              std::string_view type, const Value& object, const Value& patch);

/// 422 for a patch whose result is no object of its kind. A strategic merge patch is told itself, of the
/// others the object that they make.
[[nodiscard]] ApiStatus unfit_patch(std::string_view type, const Value& patch, const Value& patched,
                                    std::string_view why);

[[nodiscard]] Value merge_patched(const Value& object, const Value& patch);

/// Strategic merge patch: lists with a merge key are merged by it, `$patch`, `$setElementOrder` and
/// `$deleteFromPrimitiveList` directives, `$retainKeys`.
[[nodiscard]] ApiResult<Value> strategic_patched(const SchemaNode& schema, const Value& object,
                                                 const Value& patch);

}  // namespace carbon::sandbox
