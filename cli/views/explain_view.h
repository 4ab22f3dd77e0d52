#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/expr/function.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// A page of docs/diagnostics for a terminal: examples are indented, the marks of Markdown are gone.
[[nodiscard]] std::string page_text(std::string_view markdown);

/// Whether files can call it: those have an example, and operators have none.
[[nodiscard]] bool is_callable(const Function& function);
/// `split(text : string, by : string) : list<string>`, its documentation and its example.
[[nodiscard]] std::string function_text(const Function& function);
/// A line for each function that users can call, by name.
[[nodiscard]] std::string functions_text(const FunctionTable& functions);

/// What can be explained: codes, functions and packages of types.
[[nodiscard]] std::string topics_text(const FunctionTable& functions,
                                      const std::vector<std::string_view>& packages);

/// The types of a package, with the first line of what is said of them.
[[nodiscard]] std::string package_text(const ResourceTypes& types, std::string_view package);

}  // namespace carbon
