#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/object_schema.h"

namespace carbon::sandbox {

/// `deployments/scale`.
struct SubresourceInfo {
  std::string name;
  std::string group;
  std::string version;
  std::string kind;
  std::vector<std::string> verbs;
};

/// How names of a kind are written (k8s.io/apimachinery/pkg/api/validation).
enum class NameRule : std::uint8_t { subdomain, label, service_label, path_segment };

/// Where the numbers of a Scale stand in its object (apiextensions CustomResourceSubresourceScale).
struct ScalePaths {
  std::string replicas = ".spec.replicas";
  std::string status_replicas = ".status.replicas";
  std::string selector;  ///< empty: `spec.selector`, of a built-in kind
};

/// One served resource in one version: of a built-in kind, or of a CustomResourceDefinition.
struct ResourceInfo {
  std::string group;
  std::string version;
  std::string kind;
  std::string plural;
  std::string singular;
  std::string api_version;  ///< `apps/v1`
  std::string storage;  ///< GroupResource `deployments.apps`, `configmaps`: name of its objects in the store
  bool namespaced = false;
  bool custom = false;
  bool has_generation = false;
  NameRule names = NameRule::subdomain;
  std::string stored_elsewhere;  ///< not served: why (`autoscaling/v2 …`), or empty
  std::vector<std::string> short_names;
  std::vector<std::string> categories;
  std::vector<std::string> verbs;
  std::vector<SubresourceInfo> subresources;
  ScalePaths scale;
  std::string schema_name;             ///< `apps.v1.Deployment`
  const SchemaNode* schema = nullptr;  ///< made at first use: see Resources::schema
  Value custom_schema;                 ///< openAPIV3Schema of a custom resource

  [[nodiscard]] const SubresourceInfo* subresource(std::string_view name) const;
  [[nodiscard]] bool has_status() const { return subresource("status") != nullptr; }
  [[nodiscard]] bool can(std::string_view verb) const;
};

/// All resources, by path, kind and storage name. One thread.
class Resources {
 public:
  Resources();
  Resources(const Resources&) = delete;
  Resources& operator=(const Resources&) = delete;

  [[nodiscard]] ResourceInfo* by_path(std::string_view group, std::string_view version,
                                      std::string_view plural);
  [[nodiscard]] ResourceInfo* by_kind(std::string_view api_version, std::string_view kind);
  /// The resource by its storage name, in the version that is preferred.
  [[nodiscard]] ResourceInfo* by_storage(std::string_view storage);
  [[nodiscard]] bool has_group(std::string_view group) const;
  [[nodiscard]] const std::vector<std::unique_ptr<ResourceInfo>>& all() const { return all_; }
  [[nodiscard]] const SchemaNode& schema(ResourceInfo& resource);
  /// The schema of a kind that stands in bodies, also of those that are no resource (Scale, Eviction,
  /// DeleteOptions); nullptr when there is none.
  [[nodiscard]] const SchemaNode* schema_of(std::string_view api_version, std::string_view kind);

  /// Serves (or serves no longer) the versions of a CustomResourceDefinition.
  void add_definition(const Value& definition);
  void remove_definition(std::string_view name);

 private:
  void add(std::unique_ptr<ResourceInfo> resource);

  SchemaTable schemas_;
  std::vector<std::unique_ptr<ResourceInfo>> all_;
  std::map<std::string, ResourceInfo*, std::less<>> by_path_;
  std::map<std::string, ResourceInfo*, std::less<>> by_kind_;
  std::map<std::string, ResourceInfo*, std::less<>> by_storage_;
};

}  // namespace carbon::sandbox
