#pragma once

#include <string_view>

#include "base/value.h"
#include "engine/model/resource_type.h"
#include "engine/ports/connector.h"

namespace carbon {

/// How far an object is, from its status alone: kstatus' rules (sigs.k8s.io/cli-utils, pkg/kstatus,
/// "core.go") as tables, with carbon's differences: a Job waits for Complete, a failed Pod is failed, a
/// StatefulSet's revision always counts. Kinds without a rule follow their Ready condition; without one they
/// are ready.
[[nodiscard]] Readiness readiness_of(const Value& object, const KubernetesApi& api);

/// Why a pod does not run, when that says more than "waiting": an image that cannot be pulled, a container
/// that crashes, no node that fits. Failed where waiting cannot help. `ready` when there is nothing to say.
[[nodiscard]] Readiness pod_trouble(const Value& pod);

/// True for kinds whose pods say more than they do themselves.
[[nodiscard]] bool has_pods(const KubernetesApi& api);

}  // namespace carbon
