#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace carbon::lsp {

/// Stands where a name is about to be typed.
inline constexpr std::string_view placeholder = "carbon_placeholder";

/// A text that parses around the cursor, for completion: unfinished text is hardly ever valid.
struct Probe {
  std::string text;
  std::size_t offset = 0;      ///< end of the word at the cursor, in `text`
  std::size_t word_begin = 0;  ///< of that word, in the original text ...
  std::size_t word_end = 0;    ///< ... where it may be empty
};

/// Puts a placeholder at the cursor if no word stands there. Where the parser gives up on what holds the
/// cursor, that declaration or item ends there: what is open is closed, and its rest is left out.
[[nodiscard]] Probe probe_at(std::string_view text, std::size_t cursor);

}  // namespace carbon::lsp
