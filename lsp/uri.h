#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace carbon::lsp {

/// The absolute path that a `file:` URI names, percent escapes resolved; nothing for any other URI (RFC
/// 8089).
[[nodiscard]] std::optional<std::string> path_of_uri(std::string_view uri);
/// `file:///…`; everything but unreserved characters and `/` is escaped.
[[nodiscard]] std::string uri_of_path(std::string_view path);

}  // namespace carbon::lsp
