#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "base/type.h"
#include "engine/model/resource_type.h"
#include "stdlib/k8s/field_marks.h"
#include "stdlib/k8s/kinds.h"

namespace carbon {

/// The namespace that a k8s.Cluster supplies where neither it nor the resource writes one.
inline constexpr std::string_view default_kubernetes_namespace = "default";
/// Length of a generated secret whose `length` is not written.
inline constexpr std::int64_t default_secret_length = 32;

/// Makes carbon types out of the embedded Kubernetes schemas, one at a time, in one TypeTable. A schema that
/// several kinds use (PodSpec) is made once and shared. Lives at most as long as the table; one thread.
class KubernetesSchema {
 public:
  explicit KubernetesSchema(TypeTable& types) : types_(types) {}
  KubernetesSchema(const KubernetesSchema&) = delete;
  KubernetesSchema& operator=(const KubernetesSchema&) = delete;

  /// `k8s.KIND` as users write it: without apiVersion and kind, without metadata.namespace for cluster-scoped
  /// kinds, with the flags of field_marks.def.
  [[nodiscard]] std::unique_ptr<ResourceType> load(const KubernetesKind& kind);
  /// `k8s.GeneratedSecret`: a Secret whose content carbon makes at create and never sends again.
  [[nodiscard]] std::unique_ptr<ResourceType> load_generated_secret();
  /// `k8s.Manifests`: a text of manifests, each object a resource of its own type.
  [[nodiscard]] std::unique_ptr<ResourceType> load_manifests();
  /// The shared type of one schema (`core.v1.PodSpec`), or nullptr when there is none of that name.
  [[nodiscard]] TypePtr schema(std::string_view name);
  /// How many schemas this table has made so far: one kind must not pull in the others.
  [[nodiscard]] std::size_t schemas_made() const { return schemas_made_; }

 private:
  [[nodiscard]] TypePtr shared(std::string_view type_text);
  [[nodiscard]] TypePtr make(std::string_view type_text, const FieldMarks& marks);
  [[nodiscard]] TypePtr make_list(std::string_view item, std::string_view tail, const FieldMarks& marks);
  /// nullptr when there is no such schema.
  [[nodiscard]] Type* make_record(std::string_view name, const FieldMarks& marks);
  [[nodiscard]] TypePtr secret_text(TypePtr type);

  TypeTable& types_;
  /// By type text (`map<quantity>`, `core.v1.PodSpec`): views into the embedded text.
  std::unordered_map<std::string_view, TypePtr> made_;
  std::size_t schemas_made_ = 0;
};

/// `k8s.Cluster`: the connection to an API server. Without server, the kubeconfig decides.
[[nodiscard]] std::unique_ptr<ResourceType> kubernetes_cluster_type(TypeTable& types);

/// Registers package `k8s`: every declarable kind, `k8s.Cluster` and `k8s.GeneratedSecret`. Reads no schema.
void add_kubernetes_types(ResourceTypes& types);

}  // namespace carbon
