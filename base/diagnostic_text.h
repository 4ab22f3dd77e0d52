#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/source.h"

namespace carbon {

enum class Color : std::uint8_t { off, on };

/// A diagnostic as people read it: level, code, message; the user's own line with the span underlined; notes
/// and helps, or the remedy of its code where it has no help. Shape: the rustc guide. Ends with a newline.
/// Control characters of quoted lines are made visible.
[[nodiscard]] std::string to_text(const Diagnostic& diagnostic, const SourceMap& sources, Color color);

/// Text from files or servers, safe for a terminal: control, bidi and zero-width characters become visible
/// escapes
/// (`\x1b`, `\u{202e}`); invalid UTF-8 becomes `\xNN`. Newlines and tabs stay.
[[nodiscard]] std::string visible(std::string_view text);

/// The same for text that must stay on its line: newlines and tabs are escapes too.
[[nodiscard]] std::string visible_line(std::string_view text);

}  // namespace carbon
