#pragma once

#include <string>
#include <string_view>

#include "base/value.h"

namespace carbon {

/// A written value (linking.h) as source that the formatter brings into its style. What is small stands on
/// one line; what is not has a line for each of its parts.
[[nodiscard]] std::string source_text(const Value& written);

/// The body of a declaration: each field on a line of its own, `settings` before them.
[[nodiscard]] std::string body_text(const Value& written, std::string_view settings);

}  // namespace carbon
