#pragma once

#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/object_schema.h"

namespace carbon::sandbox {

/// A custom resource against its JSON schema: required, minimum, maximum, enum, pattern-free lengths, in the
/// words of kube-openapi's validator. `pattern`, `format`, anyOf and CEL rules are not evaluated.
void check_custom(const SchemaNode& schema, const Value& object, std::vector<StatusCause>& causes);

/// Without the fields that a structural schema does not know (apiextensions pruning).
[[nodiscard]] Value pruned_custom(const SchemaNode& schema, const Value& object);

}  // namespace carbon::sandbox
