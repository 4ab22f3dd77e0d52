#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "cli/views/graph_picture.h"

namespace carbon {

enum class GraphFormat : std::uint8_t { text, dot, mermaid, json, svg };

/// Dependencies as text, as a picture or as data. Arrows go from what is needed to what needs it: the order
/// of an apply. `text` is for terminals of `width` columns. `json` is everything, whatever the scope. `svg`
/// runs Graphviz' `dot`; C1004 when it is not installed. Errors: C1003 when the scope is around an address
/// that nothing has.
[[nodiscard]] Result<std::string> graph_view(const GraphNodes& nodes, GraphFormat format,
                                             const GraphScope& scope, std::size_t width);

}  // namespace carbon
