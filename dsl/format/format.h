#pragma once

#include <string>

#include "dsl/syntax/syntax_tree.h"

namespace carbon {

/// The file in its canonical style: docs/language/format.md. The tree must come from a parse without errors.
/// Pure; formatting the result again changes nothing, and it means the same (dsl/format/fidelity.h tells).
[[nodiscard]] std::string format(const SyntaxTree& tree);

}  // namespace carbon
