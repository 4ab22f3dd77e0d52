#pragma once

#include <vector>

#include "base/field_path.h"
#include "base/value.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// The desired record for an object that exists: ignored fields hold the live value, or are left out where
/// there is none. To send the written value would take the field back from who sets it now; to leave it out
/// could reset it (a Deployment's `replicas` before the autoscaler wrote it goes back to 1).
[[nodiscard]] Value keep_ignored(const Value& desired, const ResourceType& type, const Value& live,
                                 const std::vector<FieldPath>& ignore);

}  // namespace carbon
