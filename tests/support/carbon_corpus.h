#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace carbon::testing {

using Random = std::mt19937_64;
[[nodiscard]] std::size_t below(Random& random, std::size_t limit);

/// The texts of all `.carbon` files beneath the folders, in order of their paths.
[[nodiscard]] std::vector<std::string> read_corpus(const std::vector<std::filesystem::path>& folders);

/// The text after one to three small accidents: cut off, bytes that mean something to the grammar changed or
/// put in, a piece lost or moved.
[[nodiscard]] std::string damaged(std::string text, Random& random);

/// Seeds from 1; CARBON_ROUNDS multiplies them for longer runs.
[[nodiscard]] std::uint64_t rounds(std::uint64_t in_a_gate);

}  // namespace carbon::testing
