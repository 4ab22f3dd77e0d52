#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/diagnostic_text.h"
#include "engine/plan/plan.h"

namespace carbon {

/// How the fields of one object stand beside each other.
struct FieldLayout {
  std::size_t width = 100;     ///< columns of the terminal
  std::size_t path_width = 0;  ///< columns that paths get
  bool full = false;           ///< nothing is cut
  Color color = Color::off;
};

/// A field that differs, on one line where that fits: path, old -> new, notes, and where it was written at
/// the right. Else old and new have a line each, lists, documents and long texts one a difference. Ends with
/// a newline.
[[nodiscard]] std::string field_text(const Change& change, const FieldChange& field,
                                     const FieldLayout& layout);

/// `(secret, changed) #1`: what is shown of a secret, with the tag of those that are the same one.
[[nodiscard]] std::string secret_text(const FieldChange& field, bool created);

/// The text in a colour of ECMA-48 (SGR) where there are colours.
[[nodiscard]] std::string painted(std::string_view code, const std::string& text, Color color);

/// Pads with blanks to a number of columns, counted in code points.
[[nodiscard]] std::string padded(std::string text, std::size_t columns);

}  // namespace carbon
