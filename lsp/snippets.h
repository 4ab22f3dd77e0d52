#pragma once

#include <string_view>

namespace carbon::lsp {

/// The declaration that a keyword begins, with places to fill in the protocol's syntax for snippets. Empty:
/// the word begins none.
[[nodiscard]] std::string_view declaration_snippet(std::string_view keyword);

}  // namespace carbon::lsp
