#pragma once

#include <string_view>

#include "engine/graph/resource_graph.h"
#include "engine/observe/live_state.h"

namespace carbon {

/// The field `path` of the object at `address` as it was read, or an unknown that names it: what open values
/// are worth before anything is decided. Errors: a path that is none.
[[nodiscard]] Result<Value> live_attribute(const ResourceGraph& graph, const LiveState& live,
                                           std::string_view address, std::string_view path);

}  // namespace carbon
