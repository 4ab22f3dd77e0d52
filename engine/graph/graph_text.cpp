#include "engine/graph/graph_text.h"

#include <fmt/format.h>

namespace carbon {

std::string_view to_string(EdgeReason reason) {
  switch (reason) {
    case EdgeReason::reference: return "reference";
    case EdgeReason::after: return "after";
    case EdgeReason::provider: return "provider";
    case EdgeReason::implied: return "implied";
  }
  return "";
}

std::string to_text(const ResourceGraph& graph) {
  std::string out;
  for (std::uint32_t index : graph.order()) {
    const Resource& resource = graph.resource(index);
    out += resource.address;
    if (resource.type != nullptr) out += "  " + resource.type->name;
    out += "\n";
    for (const Edge& edge : graph.needs(index)) {
      out += fmt::format("  needs {} ({})\n", graph.resource(edge.to).address, to_string(edge.reason));
    }
  }
  for (const auto& [from, move] : graph.moves().moves())
    out += fmt::format("moved {} -> {}\n", from, move.to);
  for (const auto& [address, removal] : graph.moves().removals())
    out += fmt::format("removed {} {}\n", address, removal.destroy ? "destroy" : "keep");
  return out;
}

}  // namespace carbon
