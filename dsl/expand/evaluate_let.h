#pragma once

#include <optional>
#include <string_view>

#include "dsl/expand/expand.h"

namespace carbon {

/// The value of one `let` or input of the root package in the chosen environment. Only what it needs is
/// evaluated, so errors elsewhere are silent; secrets and what is known only after apply stay open. Nothing
/// after an error, which is one of those of expand().
[[nodiscard]] std::optional<Value> evaluate_let(const Program& program, std::string_view name,
                                                const ExpandOptions& options, DiagnosticSink& sink);

}  // namespace carbon
