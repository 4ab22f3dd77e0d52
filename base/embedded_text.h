#pragma once

#include <string_view>

namespace carbon {

/// A text file that was put into the program when it was built.
struct EmbeddedText {
  std::string_view name;
  std::string_view text;
};

}  // namespace carbon
