#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace carbon {

/// Damerau-Levenshtein distance (optimal string alignment), in bytes. O(a * b).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The one candidate within 1 + length / 4 edits that is nearer than every other, or empty: a suggestion that
/// might be wrong is worse than none.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       const std::vector<std::string_view>& candidates);

/// `DataSource_x` to `data-source-x`: lower case, words joined by `-`, as Kubernetes names want it.
[[nodiscard]] std::string kebab(std::string_view text);

/// RFC 1123 label: 1 to 63 of a-z 0-9 and `-`, not at either end.
[[nodiscard]] bool is_dns_label(std::string_view text);

}  // namespace carbon
