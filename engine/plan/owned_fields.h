#pragma once

#include "base/value.h"
#include "engine/inventory/inventory.h"
#include "engine/model/resource_type.h"
#include "engine/ports/connector.h"

namespace carbon {

/// What of a live object carbon owns: a record of the type's schema with its identity and the fields that
/// were last applied, so that the object can be made again. Null where one of them is secret, since no plan
/// holds what that was, and where the object is not there. O(size log size).
[[nodiscard]] Value owned_fields(const ResourceType& type, const LiveObject& live,
                                 const InventoryEntry& entry);

}  // namespace carbon
