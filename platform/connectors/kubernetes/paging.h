#pragma once

#include <cstddef>

namespace carbon {

/// Objects that one page of a LIST asks for (`limit`); what kubectl asks for too.
inline constexpr std::size_t page_size = 500;
/// How often a list is begun again because the server compacted away the state that its pages came from (410
/// Gone).
inline constexpr int most_restarts = 3;

}  // namespace carbon
