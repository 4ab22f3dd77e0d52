#pragma once

#include "base/value.h"
#include "engine/graph/resource_graph.h"

namespace carbon {

/// The value with every reference to a resource replaced by what its target is called: a record of the
/// identity fields, and of the field that its server assigns, which is open until the target is read. So an
/// apply needs no graph.
[[nodiscard]] Value with_targets(const Value& value, const ResourceGraph& graph);

}  // namespace carbon
