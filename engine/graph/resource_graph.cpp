#include "engine/graph/resource_graph.h"

#include <algorithm>

namespace carbon {

std::uint32_t ResourceGraph::find(std::string_view address) const {
  auto at = std::lower_bound(resources_.begin(), resources_.end(), address,
                             [](const Resource& resource, std::string_view wanted) {
                               return std::string_view(resource.address) < wanted;
                             });
  if (at == resources_.end() || at->address != address) return npos;
  return static_cast<std::uint32_t>(at - resources_.begin());
}

std::span<const Edge> ResourceGraph::needs(std::uint32_t index) const {
  return std::span(edges_).subspan(first_edge_[index], first_edge_[index + 1] - first_edge_[index]);
}

std::span<const std::uint32_t> ResourceGraph::needed_by(std::uint32_t index) const {
  std::uint32_t begin = first_dependant_[index];
  return std::span(dependants_).subspan(begin, first_dependant_[index + 1] - begin);
}

}  // namespace carbon
