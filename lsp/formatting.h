#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "lsp/position.h"

namespace carbon::lsp {

/// One edit of a text: bytes [begin, end) become `replacement`.
struct TextChange {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string replacement;
};

/// What makes the text canonical, as `carbon fmt` does, from the first line that differs to the last; or why
/// it cannot be done. An empty change where it is canonical already.
[[nodiscard]] std::variant<TextChange, std::string> format_change(std::string_view text);

}  // namespace carbon::lsp
