#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/model/resource_type.h"
#include "engine/ports/connector.h"

namespace carbon {

/// What an object is called within its kind. `name_space` is empty for cluster-scoped kinds.
struct ObjectName {
  std::string name_space;
  std::string name;

  /// `data/web`, or `web`.
  [[nodiscard]] std::string text() const { return name_space.empty() ? name : name_space + "/" + name; }
};

/// The name in an identity record (`metadata.namespace`, `metadata.name`). Errors: server_refused when it is
/// missing or cannot stand in a path (the API machinery's rule: not `.` or `..`, no `/` or `%`).
[[nodiscard]] Result<ObjectName> object_name(const ObjectKey& key);

/// `/apis/apps/v1/namespaces/data/deployments`; all namespaces when that is empty.
[[nodiscard]] std::string collection_path(const KubernetesApi& api, std::string_view name_space);
[[nodiscard]] std::string object_path(const KubernetesApi& api, const ObjectName& name);

/// RFC 3986, section 2.1: everything but unreserved characters.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace carbon
