#pragma once

#include <vector>

#include "lsp/completion.h"
#include "lsp/referent.h"

namespace carbon::lsp {

/// Names that may stand where the path type does: built-in types, those of its package and what is imported,
/// or what a package has behind its `.`. `path` leads from the file to the cursor; its declaration says what
/// kind of type it is.
void add_type_names(std::vector<CompletionItem>& items, const Analysis& analysis, const SyntaxTree& tree,
                    NodeRef type, const std::vector<NodeRef>& path);

}  // namespace carbon::lsp
