#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/resources.h"

namespace carbon::sandbox {

/// What a kind's own validation finds beyond its schema (pkg/apis/GROUP/validation).
void check_kind(const ResourceInfo& resource, const Value& object, std::vector<StatusCause>& causes);

/// Fields that no update changes.
void check_immutable(const ResourceInfo& resource, const Value& before, const Value& after,
                     std::vector<StatusCause>& causes);

/// Fields that the schema calls required, but whose empty value the server takes.
[[nodiscard]] bool may_be_empty(std::string_view schema, std::string_view field);

/// Containers and volumes of a pod (pod_validation.cpp). `path` is that of its spec; `claims` are volumes
/// that a StatefulSet makes for it.
void check_pod_spec(const Value& spec, const std::string& path, const std::vector<std::string>& claims,
                    std::vector<StatusCause>& causes);

}  // namespace carbon::sandbox
