#pragma once

#include <string>

#include "dsl/syntax/syntax_tree.h"

namespace carbon {

/// Why the second tree is no formatting of the first, or empty when it is one: the same declarations and
/// items with the same docs, in the same order but for imports and settings, and every comment once. Both
/// must come from parses without errors. Knows nothing of how the formatter works, so that it can catch it.
[[nodiscard]] std::string format_fault(const SyntaxTree& before, const SyntaxTree& after);

}  // namespace carbon
