#pragma once

#include <optional>
#include <string_view>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/authorizer.h"
#include "platform/sandbox/kubernetes/resources.h"

namespace carbon::sandbox {

/// 403 for one who writes a Role, a ClusterRole or a binding and would give rights by it that he does not
/// have himself (pkg/registry/rbac/*/policybased): neither by the verbs `escalate` and `bind`. `before` is
/// null at a create.
[[nodiscard]] ApiResult<void> check_grants(Authorizer& authorizer, const UserInfo& user,
                                           const ResourceInfo& resource, std::string_view namespace_name,
                                           const Value& before, const Value& after);

}  // namespace carbon::sandbox
