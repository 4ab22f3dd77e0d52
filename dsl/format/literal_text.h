#pragma once

#include <string>
#include <string_view>

namespace carbon {

/// The text as a string of the source, on one line and in double quotes.
[[nodiscard]] std::string string_literal(std::string_view text);

/// The text as a block over several lines, whose closing quotes stand in column 0; the formatter moves it.
/// Empty where a block could not say it: without a line end at its end, or with characters that a file
/// should not show.
[[nodiscard]] std::string block_literal(std::string_view text);

/// A field's name: a word as it is, anything else in quotes.
[[nodiscard]] std::string key_literal(std::string_view name);

/// A finite number with a fraction: the language has no exponents.
[[nodiscard]] std::string float_literal(double value);

}  // namespace carbon
