#pragma once

#include <span>
#include <string_view>

namespace carbon {

/// `deployments/scale`: served under the resource's path, with a body of its own kind.
struct KubernetesSubresource {
  std::string_view name;
  std::string_view group;  ///< of the body; empty for the core group
  std::string_view version;
  std::string_view kind;
  std::span<const std::string_view> verbs;
};

/// One resource of the built-in API groups, with all that discovery says of it. The sandbox's discovery and
/// carbon's types come from this one table (openapi/kubernetes.txt).
struct KubernetesKind {
  std::string_view group;  ///< empty for the core group
  std::string_view version;
  std::string_view kind;
  std::string_view plural;
  std::string_view singular;
  std::string_view schema;  ///< `apps.v1.Deployment`: see schema_text.h
  bool namespaced = false;
  bool declarable = false;  ///< `k8s.KIND` is this one: objects can be made and read, and no other group or
                            ///< version of the same kind is preferred (HorizontalPodAutoscaler is v2)
  std::span<const std::string_view> short_names;
  std::span<const std::string_view> categories;
  std::span<const std::string_view> verbs;
  std::span<const KubernetesSubresource> subresources;
};

/// Sorted by kind; of equal kinds the preferred comes first. Constants: no work at start-up.
[[nodiscard]] std::span<const KubernetesKind> kubernetes_kinds();

/// The declarable kind of that name (`Deployment`), or nullptr. O(log n).
[[nodiscard]] const KubernetesKind* find_kubernetes_kind(std::string_view kind);

}  // namespace carbon
