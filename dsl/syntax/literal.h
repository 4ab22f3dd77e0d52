#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/node_ref.h"

namespace carbon {

/// A piece of a string: either text with its escapes resolved, or the expression of one `${…}`.
struct StringPart {
  std::string text;
  NodeRef expression;  ///< empty for text
};

/// The value of a string, multiline, raw_string or raw_multiline node, in order; neighbouring text is one
/// part and empty text none. Multi-line forms lose the indent of their closing quotes on every line and keep
/// their last newline; line ends become '\n'.
[[nodiscard]] std::vector<StringPart> string_parts(NodeRef string);
/// The value of a string without `${…}`; nothing when it has one.
[[nodiscard]] std::optional<std::string> constant_string(NodeRef string);
/// `sql` of `"""sql`; empty when there is none.
[[nodiscard]] std::string_view language_tag(NodeRef multiline);
/// What an escape node stands for, in UTF-8; empty when the escape does not exist (the parser reported it).
[[nodiscard]] std::string escape_value(std::string_view escape);

/// Digits with the unit behind them: `1h30m` is two, `1_000` is one with an empty unit.
struct NumberPart {
  std::string digits;  ///< without `_`; holds a `.` when it is a decimal fraction
  std::string_view unit;
};

/// The parts of a number node, at least one. What units mean is not decided here.
[[nodiscard]] std::vector<NumberPart> number_parts(NodeRef number);

}  // namespace carbon
