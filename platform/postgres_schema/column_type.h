#pragma once

#include <string>
#include <string_view>

#include "platform/postgres_schema/migration.h"

namespace carbon::postgres {

/// What it takes to give a column with values another type. Types are texts of format_type.
struct TypeChange {
  Risk risk = Risk::blocking;
  Counted counted = Counted::nothing;
  std::string where;             ///< which rows count: a condition over `column`, empty for all with a value
  std::string using_expression;  ///< empty where an assignment cast does it
};

/// `column` is the quoted name of the column. `made_anew`: both types have the same name, but the new one is
/// another type.
enum class Retyping : std::uint8_t { other_type, made_anew };
[[nodiscard]] TypeChange type_change(std::string_view from, std::string_view to, std::string_view column,
                                     Retyping retyping);

/// Whether `=` between the two needs no cast that a foreign key would miss.
[[nodiscard]] bool comparable_types(std::string_view a, std::string_view b);

}  // namespace carbon::postgres
