#pragma once

#include <string>

#include "engine/graph/resource_graph.h"

namespace carbon {

/// The graph as indented text, in execution order: a line a resource with its type, and below it a line a
/// dependency with its reason. Stable: for tests.
[[nodiscard]] std::string to_text(const ResourceGraph& graph);

/// `reference`, `after`, `provider`, `implied`: stable, used in JSON.
[[nodiscard]] std::string_view to_string(EdgeReason reason);

}  // namespace carbon
