#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace carbon::postgres {

/// A token of a text that the server printed. `text` is a part of that text.
struct SqlToken {
  enum class Kind : std::uint8_t {
    name,     ///< an identifier or key word, quoted or not
    literal,  ///< a string, bit string or number
    symbol,   ///< `::`, or one character of anything else
  };
  Kind kind = Kind::symbol;
  std::string_view text;

  /// The name that an identifier means, without quotes.
  [[nodiscard]] std::string name() const;
};

/// Splits what pg_get_expr and its like print. Never fails: what is not understood is a symbol a byte.
[[nodiscard]] std::vector<SqlToken> sql_tokens(std::string_view text);

/// The text as the server prints it once it has read its own text: `(ARRAY[a, b])::text[]`, which `IN` over
/// character varying first gives, is `ARRAY[(a)::text, (b)::text]` from then on, and `(VALUES ...)` gets a
/// blank. Both mean the same.
[[nodiscard]] std::string canonical_expression(std::string_view text);

/// A CREATE STATISTICS with its columns in the order of their texts: the server prints them in that of the
/// table.
[[nodiscard]] std::string canonical_statistics(std::string_view definition);

/// Whether a CREATE FUNCTION has its body as a string, so that it is not the server's own text.
[[nodiscard]] bool has_string_body(std::string_view definition);

/// True when both are the same statement.
[[nodiscard]] bool same_tokens(const std::vector<SqlToken>& a, const std::vector<SqlToken>& b);

}  // namespace carbon::postgres
