#pragma once

#include "base/diagnostic.h"
#include "engine/graph/resource_graph.h"
#include "engine/inventory/inventory.h"

namespace carbon {

/// The inventory as observing and planning see it: each entry that a `moved` leads to a declared resource
/// stands under that address, and says where the store still has it (InventoryEntry::moved_from). Moves
/// whose source nobody owns mean nothing. Entries whose move leads nowhere are left out, so that nothing is
/// planned for them. Errors: C0421 for a target that is owned already, and for a key that the target's
/// collection lacks. O(n log n).
[[nodiscard]] Inventory relocate(Inventory inventory, const ResourceGraph& graph, DiagnosticSink& sink);

}  // namespace carbon
