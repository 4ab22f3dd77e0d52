#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// UTF-8 as RFC 3629 defines it: no surrogates, no overlong forms, nothing above U+10FFFF.
namespace carbon::utf8 {

struct Decoded {
  char32_t code_point = 0;
  std::size_t length = 1;  ///< bytes taken; 1 when not valid
  bool valid = false;
};

/// Decodes the first code point; the text must not be empty.
[[nodiscard]] Decoded decode(std::string_view text);
/// Number of code points; an invalid byte counts as one.
[[nodiscard]] std::size_t count(std::string_view text);
/// Offset of the first byte that is not valid, or npos.
[[nodiscard]] std::size_t first_invalid(std::string_view text);
/// The text where it has at most so many code points (one or more), else its beginning and `…`, as many
/// together.
[[nodiscard]] std::string cut(std::string_view text, std::size_t most);
/// Appends the code point; it must be a Unicode scalar value.
void append(std::string& out, char32_t code_point);

}  // namespace carbon::utf8
