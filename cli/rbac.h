#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/graph/resource_graph.h"
#include "engine/inventory/inventory.h"

namespace carbon {

/// One rule of a Role: these verbs on these resources, of these names (none: of all).
struct RbacRule {
  std::string group;
  std::vector<std::string> resources;
  std::vector<std::string> verbs;
  std::vector<std::string> names;
};

/// What one cluster must allow, sorted.
struct RbacNeeds {
  Address provider;
  std::vector<RbacRule> cluster;                            ///< for a ClusterRole
  std::map<std::string, std::vector<RbacRule>> namespaces;  ///< for a Role each
};

/// A shared inventory in a cluster (docs/formats/kubernetes-inventory.md).
struct KeptInCluster {
  Address provider;
  std::string name_space;
  std::string key;  ///< what its objects are called by: inventory_key
};

/// The rights with which a platform can be planned, applied and destroyed, as few as the requests need: all
/// that is declared, what is owned and no longer declared, what fields name and nobody declares, pods of
/// workloads, and who the cluster is. Kinds in namespaces that the platform makes itself need a ClusterRole:
/// a Role cannot stand in a namespace that is not there yet. `kept`: where the inventory is kept. One item a
/// `k8s.Cluster` provider, by address.
[[nodiscard]] std::vector<RbacNeeds> rbac_needs(const ResourceGraph& graph, const Inventory& inventory,
                                                ResourceTypes& types,
                                                const std::optional<KeptInCluster>& kept = {});

/// As manifests for `kubectl apply`. With `account` (`NAMESPACE/NAME`) bindings to that ServiceAccount too.
[[nodiscard]] std::string rbac_yaml(const std::vector<RbacNeeds>& needs, std::string_view name,
                                    std::string_view account);

}  // namespace carbon
