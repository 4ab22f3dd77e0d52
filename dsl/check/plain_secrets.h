#pragma once

#include <string_view>

#include "dsl/check/session.h"

namespace carbon {

/// Whether a field, variable or input of this name holds what must not be read: its last words are
/// `password`, `passphrase`, `token`, `api_key` and such, in any of snake_case, camelCase, kebab-case and
/// UPPER_CASE. `passwordFile` and `secretName` only say where one is.
[[nodiscard]] bool names_a_secret(std::string_view name);

/// C0504: passwords that stand in the files as plain text, and inputs and fields for them that are no secret.
/// By names and literals alone, so a warning. O(size of the files).
void warn_of_plain_secrets(Session& session);

}  // namespace carbon
