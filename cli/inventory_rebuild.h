#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/graph/resource_graph.h"
#include "engine/inventory/inventory.h"
#include "engine/observe/live_state.h"
#include "engine/plan/plan.h"

namespace carbon {

/// What a rebuild of the inventory makes of one declared resource.
struct RebuildLine {
  enum class Kind : std::uint8_t {
    put,       ///< carbon made the object: its row is written
    known,     ///< the inventory has it
    absent,    ///< there is no object
    foreign,   ///< there is one that carbon did not make: refused
    unmarked,  ///< its server does not keep what carbon wrote
    unread,    ///< it cannot be read now
  };
  Kind kind = Kind::unread;
  Address address;
  std::string type;
  std::string identity;
  std::string uid;
  std::size_t fields = 0;  ///< that carbon applied, by the server's word
};

struct Rebuild {
  std::vector<RebuildLine> lines;  ///< in order of address
  std::vector<InventoryEntry> put;

  [[nodiscard]] std::size_t count(RebuildLine::Kind kind) const;
};

/// True for an object that bears carbon's marks: its operation annotation, and the fields of its manager.
[[nodiscard]] bool bears_marks(const LiveObject& live);

/// The rows that the inventory should have: of declared resources whose live objects bear carbon's marks.
/// `plan` must have been made with these objects taken for carbon's. Pure; rows are only added, never
/// removed.
[[nodiscard]] Rebuild rebuild_inventory(const ResourceGraph& graph, const LiveState& live, const Plan& plan,
                                        const Inventory& inventory);

[[nodiscard]] std::string rebuild_text(const Rebuild& rebuild);

}  // namespace carbon
