#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/expr/function.h"

namespace carbon {

/// Calls a built-in as an expression would: arguments checked, secrets and unknowns by their rules.
[[nodiscard]] Result<Value> called(std::string_view name, std::vector<Value> arguments);

/// The result as JSON, or the code of the error.
[[nodiscard]] std::string shown(std::string_view name, std::vector<Value> arguments);

/// The built-ins.
[[nodiscard]] const FunctionTable& builtins();

// Short forms of values.
[[nodiscard]] Value operator""_v(const char* text, std::size_t size);
[[nodiscard]] inline Value operator""_v(unsigned long long number) {
  return Value::integer(static_cast<std::int64_t>(number));
}
[[nodiscard]] inline Value operator""_v(long double number) {
  return Value::floating(static_cast<double>(number));
}
[[nodiscard]] inline Value list(std::vector<Value> items) { return Value::list(std::move(items)); }
[[nodiscard]] Value fields(std::vector<std::pair<std::string_view, Value>> all);
[[nodiscard]] Value unknown();
[[nodiscard]] Value secret();

}  // namespace carbon
