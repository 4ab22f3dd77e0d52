#pragma once

#include <string>

#include "dsl/syntax/syntax_tree.h"

namespace carbon::testing {

/// Why the tree does not give back its file, or empty. Checks that children stand inside their parent, in
/// order and apart; that leaves and the gaps between them add up to the file; and that gaps hold nothing but
/// blanks, punctuation and keywords, so that no word of the user is outside a leaf.
[[nodiscard]] std::string lossless_fault(const SyntaxTree& tree);

}  // namespace carbon::testing
