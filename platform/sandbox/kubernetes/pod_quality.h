#pragma once

#include <string_view>

#include "base/value.h"

namespace carbon::sandbox {

/// status.qosClass of a pod (k8s.io/kubernetes/pkg/apis/core/v1/helper/qos): Guaranteed when every container
/// limits cpu and memory and asks for as much, BestEffort when none asks for either, else Burstable.
[[nodiscard]] std::string_view quality_of_service(const Value& pod);

}  // namespace carbon::sandbox
