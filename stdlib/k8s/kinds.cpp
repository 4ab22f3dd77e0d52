#include "stdlib/k8s/kinds.h"

#include <algorithm>

namespace carbon {

const KubernetesKind* find_kubernetes_kind(std::string_view kind) {
  std::span<const KubernetesKind> kinds = kubernetes_kinds();
  auto found = std::lower_bound(kinds.begin(), kinds.end(), kind,
                                [](const KubernetesKind& a, std::string_view name) { return a.kind < name; });
  if (found == kinds.end() || found->kind != kind || !found->declarable) return nullptr;
  return &*found;
}

}  // namespace carbon
