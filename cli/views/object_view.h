#pragma once

#include "base/type.h"
#include "base/value.h"

namespace carbon {

/// A live object for people: everything below a field that holds secrets is `(secret)`; managedFields is left
/// out.
[[nodiscard]] Value without_secrets(const Value& object, const Type& schema);

}  // namespace carbon
