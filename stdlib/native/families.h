#pragma once

#include <string>

#include "engine/expr/function.h"

// The families of built-in functions, for builtins.cpp. Bodies are called with arguments of the kinds that
// their parameters name (engine/expr/call.h checks them), so they look only at what that cannot say.
namespace carbon {

using Arguments = std::span<const Value>;
using Infer = TypePtr (*)(std::span<const TypePtr> arguments, TypeTable& types);

/// C0216 without a place: the caller knows it.
inline tl::unexpected<Error> wrong_argument(std::string message) {
  return fail(DiagnosticCode::wrong_arguments, std::move(message));
}

void add_string_functions(FunctionTable& table);
void add_regex_functions(FunctionTable& table);
void add_collection_functions(FunctionTable& table);
void add_reduction_functions(FunctionTable& table);
void add_conversion_functions(FunctionTable& table);
void add_encoding_functions(FunctionTable& table);
void add_net_functions(FunctionTable& table);
void add_secret_functions(FunctionTable& table);
void add_sql_functions(FunctionTable& table);
void add_judging_functions(FunctionTable& table);

}  // namespace carbon
