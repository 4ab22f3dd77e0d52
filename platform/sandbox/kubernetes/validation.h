#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/resources.h"

namespace carbon::sandbox {

/// Why a new or changed bare object is refused with 422; empty when it is not. Messages are those of
/// k8s.io/kubernetes/pkg/apis/*/validation.
[[nodiscard]] std::vector<StatusCause> create_causes(const ResourceInfo& resource, const SchemaNode& schema,
                                                     const Value& object);
[[nodiscard]] std::vector<StatusCause> update_causes(const ResourceInfo& resource, const SchemaNode& schema,
                                                     const Value& before, const Value& after);

/// Which form a cause has (field.Error of apimachinery).
[[nodiscard]] StatusCause required_value(std::string field, std::string_view detail = {});
[[nodiscard]] StatusCause invalid_value(std::string field, const Value& value, std::string_view detail);
[[nodiscard]] StatusCause forbidden_value(std::string field, std::string_view detail);
[[nodiscard]] StatusCause not_supported(std::string field, std::string_view value,
                                        const std::vector<std::string>& supported);

}  // namespace carbon::sandbox
