#pragma once

#include <cstdint>
#include <string_view>

namespace carbon {

/// What the grammar insisted on where it failed. List and texts: dsl/parse/expected.def.
enum class Expected : std::uint8_t {
#define CARBON_EXPECTED(name, where, text, help) name,
#include "dsl/parse/expected.def"
#undef CARBON_EXPECTED
};

/// Where such a point stands: in the middle of a line, or behind optional line ends.
enum class ExpectedWhere : std::uint8_t { same_line, anywhere };

[[nodiscard]] ExpectedWhere where(Expected expected);
[[nodiscard]] std::string_view text(Expected expected);
[[nodiscard]] std::string_view help(Expected expected);

/// One failure of the grammar. Offsets count from the start of the file. Small and without strings, because
/// it is thrown: the words are found later, from the text.
struct Fault {
  static constexpr std::uint32_t nowhere = UINT32_MAX;

  Expected expected{};
  bool unclosed = false;           ///< the bracket at `opener` is the cause
  std::uint32_t offset = 0;        ///< where the grammar stood
  std::uint32_t opener = nowhere;  ///< the innermost open bracket or quote
};

}  // namespace carbon
