#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/quantity.h"
#include "base/value.h"
#include "platform/sandbox/kubernetes_controllers/cluster.h"
#include "platform/sandbox/kubernetes_controllers/pod_fault.h"

namespace carbon::sandbox {

/// How long things take in the sandbox, and what goes wrong on request. The fault annotation of a pod comes
/// first.
struct ControllerTimes {
  Duration pod_start{1'000'000'000};  ///< from scheduled to running and ready
  Duration job_run{1'000'000'000};    ///< from running to completed, for pods that are not restarted
  std::vector<PodFault> pod_faults{};
};

/// One reconciliation: the object as it is now, what it may use, and what it asks for. A reconciler looks at
/// the object and at what belongs to it and does what is missing; it is called again after every change, so
/// it need not remember anything.
struct Work {
  Cluster& cluster;
  const ControllerTimes& times;
  Value object;
  std::optional<std::int64_t> again;  ///< call me at that time
  std::optional<StoreKey> lacks;      ///< call me when that object changes, or comes to be
  std::string_view storage = {};      ///< of the object

  void again_at(std::int64_t time) { again = again ? std::min(*again, time) : time; }
};

// One a kind. Each says what it does not model.
void reconcile_definition(Work& work);    ///< CustomResourceDefinition: names accepted, established
void reconcile_deployment(Work& work);    ///< ReplicaSets by template, rolling update, Recreate
void reconcile_replica_set(Work& work);   ///< pods; does not adopt pods that nobody controls
void reconcile_stateful_set(Work& work);  ///< ordered pods, claims, revisions; claims are never deleted
void reconcile_daemon_set(Work& work);    ///< one pod on the one node; node selectors are not looked at
void reconcile_job(Work& work);           ///< pods up to completions; no deadline, no failure policy
void reconcile_claim(Work& work);         ///< binds it to a new volume, or to one that fits
void reconcile_volume(Work& work);        ///< phase; reclaim policy when its claim is gone
void reconcile_pod(Work& work);      ///< scheduler and kubelet: every pod fits on the node, if it takes any
void reconcile_service(Work& work);  ///< Endpoints, EndpointSlices, load-balancer address
void reconcile_ingress(Work& work);  ///< address
void reconcile_disruption_budget(Work& work);  ///< status from the pods that it selects
/// Custom kinds whose readiness carbon knows: their operator is content at once, and does nothing else.
void reconcile_custom(Work& work);

/// Makes the Node `sandbox` that all pods run on, its Lease and the default StorageClass `standard`, unless
/// they are there.
void ensure_cluster_objects(Cluster& cluster);
inline constexpr std::string_view node_name = "sandbox";

}  // namespace carbon::sandbox
