#pragma once

#include <span>
#include <string_view>

namespace carbon {

/// What docs/diagnostics says of a code, in Markdown.
struct DiagnosticPage {
  std::string_view code;  ///< `C0301`
  std::string_view text;
};

/// One a code, in order of codes.
[[nodiscard]] std::span<const DiagnosticPage> diagnostic_pages();

}  // namespace carbon
