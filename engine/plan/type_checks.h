#pragma once

#include "base/result.h"
#include "engine/expr/function.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// Whether the checks of a type hold for an object that is wanted. Those that wait for a value that is not
/// known yet pass: they are asked again before anything is sent. Errors: C0603 with the check's message, and
/// those of the expressions.
[[nodiscard]] Status check_desired(const ResourceType& type, const Value& desired,
                                   const FunctionTable& functions);

}  // namespace carbon
