#pragma once

#include <span>

#include "base/type.h"

// Static types of results from those of the arguments (Function::infer). Nothing where an argument's type is
// not known or does not fit: the checker then does not know either.
namespace carbon::result_types {

using Types = std::span<const TypePtr>;

/// T of a first argument list<T>, set<T> or map<T>.
[[nodiscard]] TypePtr element(Types arguments, TypeTable& types);
[[nodiscard]] TypePtr maybe_element(Types arguments, TypeTable& types);    ///< T?
[[nodiscard]] TypePtr list_of_element(Types arguments, TypeTable& types);  ///< list<T>
[[nodiscard]] TypePtr map_of_element(Types arguments, TypeTable& types);   ///< map<T>
/// list<T> of list<list<T>>.
[[nodiscard]] TypePtr inner_list(Types arguments, TypeTable& types);
/// list<list<T>> of two list<T>.
[[nodiscard]] TypePtr pairs(Types arguments, TypeTable& types);
/// The type that all arguments have.
[[nodiscard]] TypePtr common(Types arguments, TypeTable& types);
/// T of a first argument list<T>, else its own type.
[[nodiscard]] TypePtr element_or_itself(Types arguments, TypeTable& types);

}  // namespace carbon::result_types
