#pragma once

#include <string>

#include "base/result.h"
#include "engine/graph/resource_graph.h"

namespace carbon {

enum class GraphFormat : std::uint8_t { dot, mermaid, json, svg };

/// The dependency graph as a picture or data. Arrows go from what is needed to what needs it: the order of an
/// apply. `svg` runs Graphviz' `dot`; C1004 when it is not installed.
[[nodiscard]] Result<std::string> graph_view(const ResourceGraph& graph, GraphFormat format);

}  // namespace carbon
