#pragma once

#include <string>

#include "lsp/referent.h"

namespace carbon::lsp {

/// What is said about a name, as Markdown; empty where there is nothing to say.
struct HoverText {
  SourceSpan span;
  std::string markdown;
};
[[nodiscard]] HoverText hover_at(const Analysis& analysis, const SyntaxTree& tree, std::uint32_t offset,
                                 Workspace& workspace);

/// `slug(text : string) : string`.
[[nodiscard]] std::string signature_of(const Function& function);
/// Documentation of a built-in function as Markdown.
[[nodiscard]] std::string documentation_of(const Function& function);
/// The words of a field that matter to who writes it: `required, immutable`.
[[nodiscard]] std::string words_of(FieldFlag flags);

}  // namespace carbon::lsp
