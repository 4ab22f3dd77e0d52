#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace carbon {

/// The sets of vertices that reach each other, found in a CSR adjacency (`targets` of vertex i are
/// [first[i], first[i + 1])). Only sets with a cycle are given: two members or more, or one that has an edge
/// to itself. Members are sorted, sets by their first member. O(n + e), no recursion.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> cyclic_components(
    std::span<const std::uint32_t> first, std::span<const std::uint32_t> targets);

}  // namespace carbon
