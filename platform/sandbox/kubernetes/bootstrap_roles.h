#pragma once

#include <string_view>
#include <vector>

#include "base/value.h"

namespace carbon::sandbox {

/// The ClusterRoles and ClusterRoleBindings that every cluster has, bare
/// (plugin/pkg/auth/authorizer/rbac/bootstrappolicy).
struct BootstrapObject {
  std::string_view storage;
  Value object;
};
[[nodiscard]] std::vector<BootstrapObject> bootstrap_roles();

/// The rules of all roles that an aggregationRule selects, in order of name, each once. `roles` are all
/// ClusterRoles.
[[nodiscard]] Value aggregated_rules(const Value& role, const std::vector<Value>& roles);

}  // namespace carbon::sandbox
