#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace carbon::sandbox {

/// A fault of pods on request, for those whose name and one of whose images fit. Patterns have `*` for any
/// text and `?` for one character; an empty one fits all.
struct PodFault {
  std::string fault;  ///< as the annotation sandbox.carbon.dev/fault has it
  std::string name;
  std::string image;

  [[nodiscard]] bool hits(const Value& pod) const;
};

/// Whether the text fits a pattern with `*` and `?`.
[[nodiscard]] bool fits_pattern(std::string_view pattern, std::string_view text);

}  // namespace carbon::sandbox
