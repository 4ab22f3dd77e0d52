#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "dsl/syntax/syntax_tree.h"

namespace carbon {

/// What the grammar lets through because it is better said about a whole node: escapes that do not exist,
/// chained comparisons, `not` behind an operator that binds tighter, chains that are too long, and lines of a
/// multi-line string that are indented less than its closing quotes.
[[nodiscard]] std::vector<Diagnostic> check_tree(const SyntaxTree& tree);

}  // namespace carbon
