#pragma once

#include "engine/expr/function.h"
#include "engine/ports/connector.h"

namespace carbon {

[[nodiscard]] WriteOutcome outcome_of(WriteOutcome::Kind kind, Error error);
[[nodiscard]] WriteOutcome refused(Error error);
/// A write that was given up because its object could not be read: nothing was written.
[[nodiscard]] WriteOutcome not_read(const LiveObject& live);
[[nodiscard]] LiveObject unknown_object(Error why);
[[nodiscard]] LiveObject absent_object();

/// The identity with what was read on top: an object can always be named.
[[nodiscard]] Value with_identity(const Value& identity, const Value& fields);

/// By the type's `failed when` and `ready when` over what was read; what exists is ready where neither is
/// written. Errors: those of the expressions.
[[nodiscard]] Result<Readiness> readiness_of(const ResourceType& type, const LiveObject& live,
                                             const FunctionTable& functions);

}  // namespace carbon
