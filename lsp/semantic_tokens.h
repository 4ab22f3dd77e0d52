#pragma once

#include <span>
#include <string_view>

#include "lsp/locator.h"

namespace carbon::lsp {

/// The legend: token types by their number.
[[nodiscard]] std::span<const std::string_view> token_types();

/// The data of textDocument/semanticTokens/full: five numbers a token. A token never goes over a line end.
[[nodiscard]] Value semantic_tokens(const Analysis& analysis, const SyntaxTree& tree,
                                    PositionEncoding encoding);

}  // namespace carbon::lsp
