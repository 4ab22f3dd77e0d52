#pragma once

#include <string>
#include <string_view>

#include "cli/command_words.h"

namespace carbon {

/// A script with which a shell completes commands, options and their choices; files else. `shell` is bash,
/// zsh or fish.
[[nodiscard]] std::string completion_script(const CommandWords& carbon, std::string_view shell);

/// carbon(1) in the language of man(7).
[[nodiscard]] std::string manual_page(const CommandWords& carbon);

}  // namespace carbon
