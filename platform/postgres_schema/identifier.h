#pragma once

#include <string>
#include <string_view>

namespace carbon::postgres {

/// The name in double quotes, as an identifier that means it whatever it holds. The one function that quotes
/// names.
[[nodiscard]] std::string quote_identifier(std::string_view name);
/// `"schema"."name"`.
[[nodiscard]] std::string quote_qualified(std::string_view schema, std::string_view name);
/// A string constant that means the text under either setting of standard_conforming_strings.
[[nodiscard]] std::string quote_literal(std::string_view text);

}  // namespace carbon::postgres
