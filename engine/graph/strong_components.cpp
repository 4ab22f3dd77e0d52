#include "engine/graph/strong_components.h"

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <utility>

namespace carbon {

namespace {

using Csr = boost::compressed_sparse_row_graph<boost::directedS>;

Csr make_csr(std::span<const std::uint32_t> first, std::span<const std::uint32_t> targets) {
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  edges.reserve(targets.size());
  for (std::size_t vertex = 0; vertex + 1 < first.size(); ++vertex) {
    for (std::uint32_t at = first[vertex]; at < first[vertex + 1]; ++at) {
      edges.emplace_back(vertex, targets[at]);
    }
  }
  return {boost::edges_are_sorted, edges.begin(), edges.end(), first.size() - 1};
}

bool has_loop(std::uint32_t vertex, std::span<const std::uint32_t> first,
              std::span<const std::uint32_t> targets) {
  auto own = targets.subspan(first[vertex], first[vertex + 1] - first[vertex]);
  return std::find(own.begin(), own.end(), vertex) != own.end();
}

}  // namespace

std::vector<std::vector<std::uint32_t>> cyclic_components(std::span<const std::uint32_t> first,
                                                          std::span<const std::uint32_t> targets) {
  if (first.size() < 2) return {};
  Csr graph = make_csr(first, targets);
  std::vector<std::size_t> component(boost::num_vertices(graph));
  auto index = boost::get(boost::vertex_index, graph);
  // Boost's depth-first search keeps its own stack, so a chain of any length is fine.
  std::size_t count =
      boost::strong_components(graph, boost::make_iterator_property_map(component.begin(), index));
  std::vector<std::vector<std::uint32_t>> members(count);
  for (std::size_t vertex = 0; vertex < component.size(); ++vertex) {
    members[component[vertex]].push_back(static_cast<std::uint32_t>(vertex));
  }
  std::erase_if(members, [&](const std::vector<std::uint32_t>& set) {
    return set.size() == 1 && !has_loop(set.front(), first, targets);
  });
  std::sort(members.begin(), members.end());
  return members;
}

}  // namespace carbon
