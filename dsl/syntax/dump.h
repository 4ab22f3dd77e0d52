#pragma once

#include <string>

#include "dsl/syntax/syntax_tree.h"

namespace carbon {

/// The tree as indented text, one node a line: kind, `line:column-line:column`, and the text of leaves.
/// Stable: golden files hold it.
[[nodiscard]] std::string dump(const SyntaxTree& tree);

}  // namespace carbon
