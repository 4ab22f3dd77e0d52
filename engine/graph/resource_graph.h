#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "engine/graph/moves.h"
#include "engine/model/resource.h"

namespace carbon {

/// Why one resource comes after another.
enum class EdgeReason : std::uint8_t {
  reference,  ///< a field's value refers to it
  after,      ///< `after x`
  provider,   ///< its provider's fields refer to it
  implied,    ///< a Kubernetes field names it (namespace, Secret, ServiceAccount …)
};

struct Edge {
  std::uint32_t from = 0;  ///< the dependant
  std::uint32_t to = 0;    ///< what it needs
  EdgeReason reason = EdgeReason::reference;
  SourceSpan span;  ///< where it is said
};

/// What a platform declares, with its dependencies. Built once by expand; immutable afterwards. Resources are
/// sorted by address, so an index compares as its address does.
class ResourceGraph {
 public:
  class Builder;

  ResourceGraph() = default;

  [[nodiscard]] const std::vector<Resource>& resources() const { return resources_; }
  [[nodiscard]] const std::vector<Provider>& providers() const { return providers_; }
  [[nodiscard]] const std::vector<Output>& outputs() const { return outputs_; }
  /// What is said of addresses that are gone.
  [[nodiscard]] const Moves& moves() const { return moves_; }
  [[nodiscard]] const Resource& resource(std::uint32_t index) const { return resources_[index]; }
  /// Index by address, or npos. O(log n).
  [[nodiscard]] std::uint32_t find(std::string_view address) const;
  static constexpr std::uint32_t npos = UINT32_MAX;

  /// Edges out of a resource: what it needs. Sorted by target, one a target.
  [[nodiscard]] std::span<const Edge> needs(std::uint32_t index) const;
  /// Resources that need it, sorted.
  [[nodiscard]] std::span<const std::uint32_t> needed_by(std::uint32_t index) const;

  /// Indices so that everything stands behind what it needs; ties by address. O((n + e) log n).
  [[nodiscard]] const std::vector<std::uint32_t>& order() const { return order_; }

 private:
  std::vector<Resource> resources_;
  std::vector<Provider> providers_;
  std::vector<Output> outputs_;
  Moves moves_;
  std::vector<Edge> edges_;
  std::vector<std::uint32_t> first_edge_;  // CSR: edges of i are [first_edge_[i], first_edge_[i + 1])
  std::vector<std::uint32_t> dependants_;
  std::vector<std::uint32_t> first_dependant_;
  std::vector<std::uint32_t> order_;
};

/// Collects resources and edges by address, then checks and sorts once.
class ResourceGraph::Builder {
 public:
  /// The provider's index, for Resource::provider.
  std::uint32_t add_provider(Provider provider);
  void add_resource(Resource resource);
  void add_output(Output output);
  void set_moves(Moves moves);
  /// Unknown addresses are ignored at build: expand has reported them.
  void add_edge(std::string_view from, std::string_view to, EdgeReason reason, SourceSpan span);

  /// Errors: C0304 with every edge of one cycle and its span, for each strongly connected component; C0309
  /// for two resources of one address. The graph is empty then.
  [[nodiscard]] ResourceGraph build(DiagnosticSink& sink) &&;

 private:
  struct NamedEdge {
    std::string from, to;
    EdgeReason reason;
    SourceSpan span;
  };
  void resolve_edges();
  void fill_dependants();

  ResourceGraph graph_;
  std::vector<NamedEdge> edges_;
};

}  // namespace carbon
