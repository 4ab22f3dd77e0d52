#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/value.h"
#include "platform/sandbox/kubernetes/resources.h"

namespace carbon::sandbox {

/// `components.schemas` of an OpenAPI v3 document, as the real server writes it but for shorter descriptions:
/// the schemas of resources with all that they reach. From the embedded schema tables, or from the definition
/// of a custom resource.
class OpenApiSchemas {
 public:
  void add(const ResourceInfo& resource);
  /// Schemas by name, `apps.v1.DeploymentSpec`.
  [[nodiscard]] Value components() const;

 private:
  void add_record(std::string_view name);
  [[nodiscard]] Value type(std::string_view text);
  [[nodiscard]] Value reference(std::string_view name);

  std::map<std::string, Value, std::less<>> schemas_;
};

/// group, version and kind as OpenAPI and discovery write them.
[[nodiscard]] Value group_version_kind(const ResourceInfo& resource);

}  // namespace carbon::sandbox
