#pragma once

#include "lsp/locator.h"

namespace carbon::lsp {

/// Answer to textDocument/documentSymbol: declarations, those of components beneath them.
[[nodiscard]] Value document_symbols(const SyntaxTree& tree, Locator& locator);

}  // namespace carbon::lsp
