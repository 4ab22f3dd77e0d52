#pragma once

#include <optional>
#include <string>
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

/// True when the controller has acted on what is declared now: before that, its pods are those of the last
/// time.
[[nodiscard]] bool seen_by_controller(const Value& object);

/// The collection (of apps/v1) in which a workload keeps its revisions; empty for kinds whose status names
/// the newest, and for those that have none.
[[nodiscard]] std::string_view revisions_of(const KubernetesApi& api);

/// `key=value`: the label of the pods that come from the workload's newest template, so that what is wrong
/// with those that it replaces is not held against it. `revisions` is a list of `revisions_of` its kind.
/// Empty where all pods count; nothing when the newest has no pods yet.
[[nodiscard]] std::optional<std::string> newest_pods(const Value& object, const KubernetesApi& api,
                                                     const Value* revisions);

}  // namespace carbon
