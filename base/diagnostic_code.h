#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace carbon {

/// What is wrong, as a stable number (`C0301`). One list: base/diagnostic_codes.def.
enum class DiagnosticCode : std::uint16_t {
#define CARBON_CODE(number, name, summary, remedy) name = number,
#include "base/diagnostic_codes.def"
#undef CARBON_CODE
};

/// `C0301`.
[[nodiscard]] std::string to_string(DiagnosticCode code);
/// Whether the list has the number.
[[nodiscard]] bool is_known(DiagnosticCode code);
/// The constant one-line summary, without user names.
[[nodiscard]] std::string_view summary(DiagnosticCode code);
/// What to do about it where nothing better is known, without user names.
[[nodiscard]] std::string_view remedy(DiagnosticCode code);

}  // namespace carbon
