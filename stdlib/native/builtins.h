#pragma once

#include "engine/expr/function.h"

namespace carbon {

/// Adds the built-in functions of the language (docs/language, "Built-ins") and RE2 behind `pattern` facets
/// and `regex` strings. All are pure; `secret.env` and `secret.file` only name a secret. Not here: `known`,
/// `resources`, `meta` and `key`, which need their surroundings, and `yaml_decode`.
void add_builtins(FunctionTable& table);

/// `yaml_decode` with its documentation. The reader takes one string argument; it comes from platform/yaml,
/// since YAML is parsed nowhere else.
void add_yaml_decode(FunctionTable& table, Function::Body reader);

}  // namespace carbon
