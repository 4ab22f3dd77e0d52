#include "platform/sandbox/kubernetes_tables/columns.h"

#include <algorithm>
#include <map>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes_tables/json_path.h"

namespace carbon::sandbox {

namespace {

using Columns = std::vector<Column>;

Column path(std::string_view name, std::string_view where, int priority = 0,
            std::string_view fallback = "<none>") {
  return {std::string(name), "string", std::string(where), nullptr, priority, false, std::string(fallback)};
}
Column count(std::string_view name, std::string_view where) {
  return {std::string(name), "integer", std::string(where), nullptr, 0, false, "0"};
}
Column made(std::string_view name, CellFunction function, int priority = 0) {
  return {std::string(name), "string", "", function, priority, false, ""};
}
Column age(std::string_view name = "Age", std::string_view where = ".metadata.creationTimestamp") {
  return {std::string(name), "string", std::string(where), nullptr, 0, true, "<none>"};
}
const Column object_name = {"Name", "string", ".metadata.name", nullptr, 0, false, ""};
const Column containers = made("Containers", containers_cell, 1);
const Column images = made("Images", images_cell, 1);
const Column selector = made("Selector", selector_cell, 1);

Columns named(std::initializer_list<Column> rest) {
  Columns out{object_name};
  out.insert(out.end(), rest);
  return out;
}

/// pkg/printers/internalversion/printers.go: AddHandlers.
std::map<std::string, Columns, std::less<>> workload_columns() {
  return {
      {"pods",
       named({made("Ready", pod_ready_cell), made("Status", pod_status_cell),
              made("Restarts", pod_restarts_cell), age(), path("IP", ".status.podIP", 1),
              path("Node", ".spec.nodeName", 1), path("Nominated Node", ".status.nominatedNodeName", 1),
              path("Readiness Gates", ".spec.readinessGates", 1)})},
      {"deployments.apps",
       named({made("Ready", replicas_ready_cell), count("Up-to-date", ".status.updatedReplicas"),
              count("Available", ".status.availableReplicas"), age(), containers, images, selector})},
      {"replicasets.apps",
       named({count("Desired", ".spec.replicas"), count("Current", ".status.replicas"),
              count("Ready", ".status.readyReplicas"), age(), containers, images, selector})},
      {"statefulsets.apps", named({made("Ready", replicas_ready_cell), age(), containers, images})},
      {"daemonsets.apps",
       named({count("Desired", ".status.desiredNumberScheduled"),
              count("Current", ".status.currentNumberScheduled"), count("Ready", ".status.numberReady"),
              count("Up-to-date", ".status.updatedNumberScheduled"),
              count("Available", ".status.numberAvailable"), made("Node Selector", node_selector_cell), age(),
              containers, images, selector})},
      {"jobs.batch", named({made("Status", job_status_cell), made("Completions", job_completions_cell),
                            made("Duration", job_duration_cell), age(), containers, images, selector})},
      {"cronjobs.batch", named({path("Schedule", ".spec.schedule"), path("Timezone", ".spec.timeZone"),
                                path("Suspend", ".spec.suspend"), made("Active", active_jobs_cell),
                                age("Last Schedule", ".status.lastScheduleTime"), age()})},
      {"controllerrevisions.apps",
       named({made("Controller", owner_cell), count("Revision", ".revision"), age()})},
      {"horizontalpodautoscalers.autoscaling",
       named({made("Reference", scale_target_cell), path("Targets", ".status.currentMetrics", 0, "<unknown>"),
              count("MinPods", ".spec.minReplicas"), count("MaxPods", ".spec.maxReplicas"),
              count("Replicas", ".status.currentReplicas"), age()})},
      {"poddisruptionbudgets.policy",
       named({path("Min Available", ".spec.minAvailable", 0, "N/A"),
              path("Max Unavailable", ".spec.maxUnavailable", 0, "N/A"),
              count("Allowed Disruptions", ".status.disruptionsAllowed"), age()})},
      {"events",
       {made("Last Seen", event_age_cell), path("Type", ".type"), path("Reason", ".reason"),
        made("Object", event_object_cell), path("Message", ".message"),
        path("Source", ".source.component", 1), path("Name", ".metadata.name", 1)}},
  };
}

std::map<std::string, Columns, std::less<>> other_columns() {
  return {
      {"services", named({path("Type", ".spec.type"), path("Cluster-IP", ".spec.clusterIP"),
                          made("External-IP", service_external_cell), made("Port(s)", service_ports_cell),
                          age(), selector})},
      {"ingresses.networking.k8s.io",
       named({path("Class", ".spec.ingressClassName"), made("Hosts", ingress_hosts_cell),
              made("Address", balancer_cell), made("Ports", ingress_ports_cell), age()})},
      {"ingressclasses.networking.k8s.io",
       named({path("Controller", ".spec.controller"), path("Parameters", ".spec.parameters.name"), age()})},
      {"networkpolicies.networking.k8s.io", named({made("Pod-Selector", selector_cell), age()})},
      {"endpoints", named({made("Endpoints", endpoints_cell), age()})},
      {"endpointslices.discovery.k8s.io",
       named({path("AddressType", ".addressType"), made("Ports", slice_ports_cell),
              made("Endpoints", slice_endpoints_cell), age()})},
      {"persistentvolumeclaims",
       named({path("Status", ".status.phase"), path("Volume", ".spec.volumeName", 0, ""),
              path("Capacity", ".status.capacity.storage", 0, ""), made("Access Modes", access_modes_cell),
              path("StorageClass", ".spec.storageClassName", 0, ""),
              path("VolumeAttributesClass", ".spec.volumeAttributesClassName", 0, "<unset>"), age(),
              path("VolumeMode", ".spec.volumeMode", 1)})},
      {"persistentvolumes",
       named({path("Capacity", ".spec.capacity.storage", 0, ""), made("Access Modes", access_modes_cell),
              path("Reclaim Policy", ".spec.persistentVolumeReclaimPolicy"), path("Status", ".status.phase"),
              made("Claim", volume_claim_cell), path("StorageClass", ".spec.storageClassName", 0, ""),
              path("VolumeAttributesClass", ".spec.volumeAttributesClassName", 0, "<unset>"),
              path("Reason", ".status.reason", 0, ""), age(), path("VolumeMode", ".spec.volumeMode", 1)})},
      {"storageclasses.storage.k8s.io",
       named({path("Provisioner", ".provisioner"), path("ReclaimPolicy", ".reclaimPolicy", 0, "Delete"),
              path("VolumeBindingMode", ".volumeBindingMode", 0, "Immediate"),
              path("AllowVolumeExpansion", ".allowVolumeExpansion", 0, "false"), age()})},
      {"nodes", named({made("Status", node_status_cell), path("Roles", ".spec.roles"), age(),
                       path("Version", ".status.nodeInfo.kubeletVersion"),
                       path("Internal-IP", ".status.addresses[0].address", 1),
                       path("OS-Image", ".status.nodeInfo.osImage", 1)})},
      {"namespaces", named({made("Status", namespace_status_cell), age()})},
      {"configmaps", named({made("Data", data_count_cell), age()})},
      {"secrets", named({path("Type", ".type"), made("Data", data_count_cell), age()})},
      {"serviceaccounts", named({made("Secrets", secrets_count_cell), age()})},
      {"rolebindings.rbac.authorization.k8s.io", named({made("Role", role_cell), age()})},
      {"clusterrolebindings.rbac.authorization.k8s.io", named({made("Role", role_cell), age()})},
      {"leases.coordination.k8s.io", named({path("Holder", ".spec.holderIdentity", 0, ""), age()})},
      {"priorityclasses.scheduling.k8s.io",
       named({count("Value", ".value"), path("Global-Default", ".globalDefault", 0, "false"), age(),
              path("PreemptionPolicy", ".preemptionPolicy", 0, "PreemptLowerPriority")})},
  };
}

}  // namespace

std::vector<Column> columns_of(std::string_view storage) {
  static const auto workloads = workload_columns();
  static const auto others = other_columns();
  if (auto found = workloads.find(storage); found != workloads.end()) return found->second;
  if (auto found = others.find(storage); found != others.end()) return found->second;
  return named({path("Created At", ".metadata.creationTimestamp")});
}

std::vector<Column> custom_columns(const Value& definition, std::string_view version) {
  Columns out = named({});
  for (const Value& one : items_at(definition, {"spec", "versions"})) {
    if (text_at(one, {"name"}) != version) continue;
    for (const Value& column : items_at(one, {"additionalPrinterColumns"})) {
      std::string_view type = text_at(column, {"type"});
      out.push_back({std::string(text_at(column, {"name"})), type == "date" ? "string" : std::string(type),
                     std::string(text_at(column, {"jsonPath"})), nullptr,
                     static_cast<int>(int_at(column, {"priority"}).value_or(0)), type == "date", ""});
    }
  }
  if (out.size() == 1) out.push_back(age());
  return out;
}

Value cell_of(const Column& column, const Value& object, std::int64_t now) {
  if (column.function != nullptr) return column.function(object, now);
  std::vector<Value> found = find_json_path(object, column.path);
  std::erase_if(found, [](const Value& value) { return value.is_null(); });
  if (found.empty()) return column.type == "integer" ? number(0) : text(column.fallback);
  if (column.age) return text(age_since(found.front().is_string() ? found.front().text() : "", now));
  if (column.type == "integer" && found.size() == 1) return found.front();
  std::string joined;
  for (const Value& value : found) {
    if (!joined.empty()) joined += ',';
    joined += value.is_string() ? std::string(value.text()) : to_json(value);
  }
  return text(joined);
}

}  // namespace carbon::sandbox
