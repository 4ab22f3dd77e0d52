#pragma once

#include <string>

#include "engine/inventory/inventory.h"

namespace carbon {

/// `carbon list`: a line an owned object, and a count by type.
[[nodiscard]] std::string inventory_text(const Inventory& inventory);
/// Counts by type only.
[[nodiscard]] std::string inventory_summary(const Inventory& inventory);
/// `{ "resources": [ … ] }`; secrets are not in an inventory.
[[nodiscard]] std::string inventory_json(const Inventory& inventory);

}  // namespace carbon
