#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace carbon::testing {

/// A `.carbon` file that parses, made from a sequence of choices: every construct of the grammar, laid out in
/// every way that the grammar allows, with comments wherever they may stand. Choices that run out are the
/// simplest ones, so that a shorter sequence is a simpler file and shrinking the sequence shrinks the file.
[[nodiscard]] std::string carbon_text(const std::vector<std::uint8_t>& choices);

}  // namespace carbon::testing
