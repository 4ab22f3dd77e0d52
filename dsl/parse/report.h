#pragma once

#include <cstdint>
#include <string_view>

#include "base/diagnostic.h"
#include "dsl/parse/fault.h"

namespace carbon {

/// The words for one fault of the grammar. `base` is the SourceMap offset of the text's first byte.
[[nodiscard]] Diagnostic describe(const Fault& fault, std::string_view text, std::uint32_t base);

}  // namespace carbon
