#include "cli/views/graph_nodes.h"

#include <algorithm>

#include "engine/plan/plan_order.h"

namespace carbon {

namespace {

std::string file_around(const Address& address, const FileOfName& file_of) {
  return file_of ? file_of(address.substr(0, address.find_first_of(".["))) : "";
}

/// Why the graph says that one resource needs another; nothing where it does not, or no longer.
std::optional<EdgeReason> reason_of(const ResourceGraph& graph, const Address& from, const Address& to) {
  std::uint32_t needing = graph.find(from);
  std::uint32_t needed = graph.find(to);
  if (needing == ResourceGraph::npos || needed == ResourceGraph::npos) return std::nullopt;
  auto edges = graph.needs(needing);
  auto found = std::lower_bound(edges.begin(), edges.end(), needed,
                                [](const Edge& edge, std::uint32_t wanted) { return edge.to < wanted; });
  if (found == edges.end() || found->to != needed) return std::nullopt;
  return found->reason;
}

}  // namespace

GraphNodes nodes_of(const ResourceGraph& graph, const FileOfName& file_of) {
  const std::vector<std::uint32_t>& order = graph.order();
  std::vector<std::uint32_t> place(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  GraphNodes nodes;
  nodes.reserve(order.size());
  for (std::uint32_t index : order) {
    const Resource& resource = graph.resource(index);
    GraphNode node;
    node.address = resource.address;
    node.type = resource.type->name;
    node.file = file_around(resource.address, file_of);
    for (const Edge& edge : graph.needs(index)) node.needs.push_back({place[edge.to], edge.reason});
    nodes.push_back(std::move(node));
  }
  return nodes;
}

GraphNodes nodes_of(const Plan& plan, const ResourceGraph& graph, const FileOfName& file_of) {
  std::vector<std::vector<std::uint32_t>> waits = waits_by_need(plan);
  GraphNodes nodes;
  nodes.reserve(plan.changes.size());
  for (std::uint32_t i = 0; i < plan.changes.size(); ++i) {
    const Change& change = plan.changes[i];
    bool deleted = change.action == Action::delete_;
    GraphNode node;
    node.address = change.address;
    node.type = change.type;
    node.file = deleted ? "" : file_around(change.address, file_of);
    node.action = change.action;
    node.stage = deleted ? 0 : change.stage;
    for (std::uint32_t before : waits[i])
      node.needs.push_back({before, reason_of(graph, change.address, plan.changes[before].address)});
    nodes.push_back(std::move(node));
  }
  return nodes;
}

}  // namespace carbon
