#pragma once

#include <cstddef>
#include <string>

namespace carbon {

/// Whether standard output takes colours: `auto`, `always` or `never`, NO_COLOR and CLICOLOR_FORCE
/// (no-color.org, bixense.com/clicolors).
[[nodiscard]] bool color_wanted(const std::string& choice);

/// Columns of the terminal that the plan goes to; 100 where it goes elsewhere, and never less than 60.
[[nodiscard]] std::size_t terminal_width();

}  // namespace carbon
