#pragma once

#include <map>
#include <string>
#include <vector>

#include "lsp/locator.h"

namespace carbon::lsp {

/// Diagnostics as the protocol has them, by the URI of their file. What has no place stands at the start of
/// the first file. What only follows from a declaration that does not parse is left out: names that it would
/// declare are not missing.
[[nodiscard]] std::map<std::string, std::vector<Value>> published(const Analysis& analysis, Locator& locator);

/// One of them.
[[nodiscard]] Value to_value(const Diagnostic& diagnostic, const Analysis& analysis, Locator& locator);

}  // namespace carbon::lsp
