#include <fmt/format.h>
#include <algorithm>
#include <queue>
#include <unordered_map>

#include "engine/graph/resource_graph.h"
#include "engine/graph/strong_components.h"

namespace carbon {

namespace {

/// Where each vertex's edges begin when they are sorted by `end`, one entry more than vertices.
std::vector<std::uint32_t> offsets(const std::vector<Edge>& edges, std::size_t vertices,
                                   std::uint32_t Edge::*end) {
  std::vector<std::uint32_t> first(vertices + 1, 0);
  for (const Edge& edge : edges) ++first[edge.*end + 1];
  for (std::size_t i = 0; i < vertices; ++i) first[i + 1] += first[i];
  return first;
}

/// Kahn's algorithm with a heap of vertices that wait for nothing: of those the least address comes first.
std::vector<std::uint32_t> topological_order(const std::vector<std::uint32_t>& first_edge,
                                             const std::vector<std::uint32_t>& first_dependant,
                                             const std::vector<std::uint32_t>& dependants) {
  std::size_t count = first_edge.size() - 1;
  std::vector<std::uint32_t> waiting(count);
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
  for (std::uint32_t i = 0; i < count; ++i) {
    waiting[i] = first_edge[i + 1] - first_edge[i];
    if (waiting[i] == 0) ready.push(i);
  }
  std::vector<std::uint32_t> order;
  order.reserve(count);
  while (!ready.empty()) {
    std::uint32_t next = ready.top();
    ready.pop();
    order.push_back(next);
    for (std::uint32_t at = first_dependant[next]; at < first_dependant[next + 1]; ++at) {
      if (--waiting[dependants[at]] == 0) ready.push(dependants[at]);
    }
  }
  return order;
}

/// One shortest cycle through the component's first member, found breadth first inside the component.
class CycleFinder {
 public:
  CycleFinder(const std::vector<Edge>& edges, const std::vector<std::uint32_t>& first)
      : edges_(edges), first_(first), reached_by_(first.size() - 1, none), member_of_(first.size() - 1, 0) {}

  /// Indices into `edges`, in the order in which they are walked.
  std::vector<std::uint32_t> find(const std::vector<std::uint32_t>& component) {
    ++mark_;
    for (std::uint32_t vertex : component) member_of_[vertex] = mark_;
    std::uint32_t start = component.front();
    std::vector<std::uint32_t> queue{start};
    for (std::size_t at = 0; at < queue.size(); ++at) {
      for (std::uint32_t e = first_[queue[at]]; e < first_[queue[at] + 1]; ++e) {
        std::uint32_t to = edges_[e].to;
        if (member_of_[to] != mark_ || reached_by_[to] != none) continue;
        reached_by_[to] = e;
        if (to == start) return walk_back(start);
        queue.push_back(to);
      }
    }
    return {};
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  [[nodiscard]] std::vector<std::uint32_t> walk_back(std::uint32_t start) const {
    std::vector<std::uint32_t> path;
    std::uint32_t at = start;
    do {
      path.push_back(reached_by_[at]);
      at = edges_[reached_by_[at]].from;
    } while (at != start);
    std::reverse(path.begin(), path.end());
    return path;
  }

  const std::vector<Edge>& edges_;
  const std::vector<std::uint32_t>& first_;
  std::vector<std::uint32_t> reached_by_;  // the edge over which the search came to a vertex
  std::vector<std::uint32_t> member_of_;   // the component that a vertex was last marked for
  std::uint32_t mark_ = 0;
};

std::string_view verb(EdgeReason reason) {
  switch (reason) {
    case EdgeReason::reference: return "refers to";
    case EdgeReason::after: return "comes after";
    case EdgeReason::provider: return "has a provider that refers to";
    case EdgeReason::implied: return "names";
  }
  return "needs";
}

/// `a` -> `b` -> `a`; a long one is cut in the middle, its labels still name every edge.
std::string cycle_path(const std::vector<Resource>& resources, const std::vector<Edge>& edges,
                       const std::vector<std::uint32_t>& cycle) {
  constexpr std::size_t shown = 12;
  std::string path = fmt::format("`{}`", resources[edges[cycle.front()].from].address);
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    bool cut = i >= shown && i + 1 < cycle.size();
    if (cut && i == shown) path += fmt::format(" -> ({} more)", cycle.size() - shown - 1);
    if (!cut) path += fmt::format(" -> `{}`", resources[edges[cycle[i]].to].address);
  }
  return path;
}

void report_cycle(const std::vector<Resource>& resources, const std::vector<Edge>& edges,
                  const std::vector<std::uint32_t>& cycle, DiagnosticSink& sink) {
  Diagnostic diagnostic;
  diagnostic.code = DiagnosticCode::cycle;
  diagnostic.message = fmt::format("resources need each other: {}", cycle_path(resources, edges, cycle));
  for (std::uint32_t at : cycle) {
    const Edge& edge = edges[at];
    diagnostic.labels.push_back({edge.span, fmt::format("`{}` {} `{}`", resources[edge.from].address,
                                                        verb(edge.reason), resources[edge.to].address)});
  }
  diagnostic.helps.push_back(
      {"take one of these references away, or write the value that it reads at both places", {}});
  diagnostic.address = resources[edges[cycle.front()].from].address;
  sink.add(std::move(diagnostic));
}

bool report_cycles(const std::vector<Resource>& resources, const std::vector<Edge>& edges,
                   const std::vector<std::uint32_t>& first, DiagnosticSink& sink) {
  std::vector<std::uint32_t> targets;
  targets.reserve(edges.size());
  for (const Edge& edge : edges) targets.push_back(edge.to);
  auto components = cyclic_components(first, targets);
  CycleFinder finder(edges, first);
  for (const auto& component : components) report_cycle(resources, edges, finder.find(component), sink);
  return !components.empty();
}

bool report_duplicates(const std::vector<Resource>& sorted, DiagnosticSink& sink) {
  bool found = false;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].address != sorted[i - 1].address) continue;
    Diagnostic& made =
        sink.error(DiagnosticCode::duplicate_name,
                   fmt::format("two resources have the address `{}`", sorted[i].address), sorted[i].span);
    made.labels.push_back({sorted[i - 1].span, "the other one"});
    made.address = sorted[i].address;
    found = true;
  }
  return found;
}

}  // namespace

std::uint32_t ResourceGraph::Builder::add_provider(Provider provider) {
  graph_.providers_.push_back(std::move(provider));
  return static_cast<std::uint32_t>(graph_.providers_.size() - 1);
}

void ResourceGraph::Builder::add_resource(Resource resource) {
  graph_.resources_.push_back(std::move(resource));
}

void ResourceGraph::Builder::add_output(Output output) { graph_.outputs_.push_back(std::move(output)); }

void ResourceGraph::Builder::set_moves(Moves moves) { graph_.moves_ = std::move(moves); }

void ResourceGraph::Builder::add_edge(std::string_view from, std::string_view to, EdgeReason reason,
                                      SourceSpan span) {
  edges_.push_back({std::string(from), std::string(to), reason, span});
}

void ResourceGraph::Builder::resolve_edges() {
  std::unordered_map<std::string_view, std::uint32_t> index;
  index.reserve(graph_.resources_.size());
  for (const Resource& resource : graph_.resources_) {
    index.emplace(resource.address, static_cast<std::uint32_t>(index.size()));
  }
  std::vector<Edge>& edges = graph_.edges_;
  edges.reserve(edges_.size());
  for (const NamedEdge& named : edges_) {
    auto from = index.find(named.from);
    auto to = index.find(named.to);
    if (from == index.end() || to == index.end()) continue;
    edges.push_back({from->second, to->second, named.reason, named.span});
  }
  // Of several reasons for one pair the first in EdgeReason's order stays, at its first place in the source.
  auto key = [](const Edge& e) { return std::tuple(e.from, e.to, e.reason, e.span.begin, e.span.end); };
  std::sort(edges.begin(), edges.end(), [&](const Edge& a, const Edge& b) { return key(a) < key(b); });
  auto same_pair = [](const Edge& a, const Edge& b) { return a.from == b.from && a.to == b.to; };
  edges.erase(std::unique(edges.begin(), edges.end(), same_pair), edges.end());
}

void ResourceGraph::Builder::fill_dependants() {
  std::vector<std::uint32_t>& first = graph_.first_dependant_;
  first = offsets(graph_.edges_, graph_.resources_.size(), &Edge::to);
  std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
  graph_.dependants_.resize(graph_.edges_.size());
  // Edges are sorted by `from`, so each vertex's dependants come out sorted.
  for (const Edge& edge : graph_.edges_) graph_.dependants_[next[edge.to]++] = edge.from;
}

ResourceGraph ResourceGraph::Builder::build(DiagnosticSink& sink) && {
  std::vector<Resource>& resources = graph_.resources_;
  auto before = [](const Resource& a, const Resource& b) { return a.address < b.address; };
  std::stable_sort(resources.begin(), resources.end(), before);
  if (report_duplicates(resources, sink)) return {};
  std::stable_sort(graph_.outputs_.begin(), graph_.outputs_.end(),
                   [](const Output& a, const Output& b) { return a.name < b.name; });
  resolve_edges();
  graph_.first_edge_ = offsets(graph_.edges_, resources.size(), &Edge::from);
  if (report_cycles(resources, graph_.edges_, graph_.first_edge_, sink)) return {};
  fill_dependants();
  graph_.order_ = topological_order(graph_.first_edge_, graph_.first_dependant_, graph_.dependants_);
  return std::move(graph_);
}

}  // namespace carbon
