#pragma once

#include <string>

#include "base/result.h"
#include "cli/views/graph_picture.h"
#include "engine/graph/resource_graph.h"

namespace carbon {

enum class GraphFormat : std::uint8_t { dot, mermaid, json, svg };

/// The dependency graph as a picture or data. Arrows go from what is needed to what needs it: the order of an
/// apply. `json` is the whole graph, whatever the scope. `svg` runs Graphviz' `dot`; C1004 when it is not
/// installed. Errors: C1003 when the scope is around an address that nothing has.
[[nodiscard]] Result<std::string> graph_view(const ResourceGraph& graph, GraphFormat format,
                                             const GraphScope& scope);

}  // namespace carbon
