#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph/resource_graph.h"
#include "engine/plan/plan.h"

namespace carbon {

/// One thing that a picture of dependencies is made of: a declared resource, or a change of a plan.
struct GraphNode {
  /// What comes first.
  struct Need {
    std::uint32_t node = 0;            ///< its index
    std::optional<EdgeReason> reason;  ///< where a declaration says it
  };
  Address address;
  std::string type;
  std::string file;              ///< in which it is declared; empty where nothing declares it any more
  std::optional<Action> action;  ///< of a change
  std::uint32_t stage = 0;       ///< of a change that is no delete, else 0
  std::vector<Need> needs;
};

/// In the order of an apply, so that almost all needs point backwards.
using GraphNodes = std::vector<GraphNode>;

/// The file in which a name of the root package is declared; empty for none.
using FileOfName = std::function<std::string(std::string_view name)>;

/// Every declared resource. O(resources + edges).
[[nodiscard]] GraphNodes nodes_of(const ResourceGraph& graph, const FileOfName& file_of);

/// What a plan changes, with what its apply waits for: the needs among the changes, and what is deleted
/// before what it needed. `graph` is what was planned. O((changes + needs) log changes).
[[nodiscard]] GraphNodes nodes_of(const Plan& plan, const ResourceGraph& graph, const FileOfName& file_of);

}  // namespace carbon
