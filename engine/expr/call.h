#pragma once

#include <vector>

#include "engine/expr/function.h"

namespace carbon {

/// An operation that cannot be carried out yet: a secret when one of the arguments is, else an unknown.
[[nodiscard]] Value open_call(std::string_view function, std::vector<Value> arguments);

/// Calls a function with evaluated arguments by its rules for secrets and unknowns. Errors: C0503, and the
/// function's own; without a place, the caller adds it.
[[nodiscard]] Result<Value> call(const Function& function, std::vector<Value> arguments);

/// C0216 when the number or the kinds of the arguments do not fit the parameters. `spans` are the places of
/// the arguments and may be empty. Open arguments fit anything.
[[nodiscard]] Status check_arguments(const Function& function, std::span<const Value> arguments,
                                     std::span<const SourceSpan> spans, SourceSpan whole);

}  // namespace carbon
