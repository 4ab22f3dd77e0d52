#pragma once

#include "lsp/locator.h"

namespace carbon::lsp {

/// Answer to textDocument/codeAction: the safe fixes of diagnostics that touch the span, and one action with
/// all of the file. `only` holds the kinds that the client wants; empty means all.
[[nodiscard]] Value code_actions(const Analysis& analysis, Locator& locator, SourceSpan file,
                                 SourceSpan touched, const std::vector<std::string>& only);

}  // namespace carbon::lsp
