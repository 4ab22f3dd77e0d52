#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

namespace carbon::sandbox {

namespace {

void ensure_node(Cluster& cluster) {
  constexpr std::string_view nodes = "nodes";
  if (cluster.get({std::string(nodes), "", std::string(node_name)}) != nullptr) return;
  Value capacity = fields({{"cpu", text("1000")},
                           {"memory", text("4Ti")},
                           {"ephemeral-storage", text("100Ti")},
                           {"pods", text("100000")}});
  Value labels = fields({{"kubernetes.io/hostname", text(node_name)},
                         {"kubernetes.io/os", text("linux")},
                         {"kubernetes.io/arch", text("amd64")}});
  auto made =
      cluster.create(nodes, fields({{"metadata", fields({{"name", text(node_name)}, {"labels", labels}})}}));
  if (!made) return;
  Value status = fields(
      {{"capacity", capacity},
       {"allocatable", capacity},
       {"addresses", Value::list({fields({{"type", text("InternalIP")}, {"address", text("10.0.0.1")}}),
                                  fields({{"type", text("Hostname")}, {"address", text(node_name)}})})},
       {"nodeInfo", fields({{"architecture", text("amd64")},
                            {"bootID", text("")},
                            {"containerRuntimeVersion", text("sandbox://1")},
                            {"kernelVersion", text("none")},
                            {"kubeProxyVersion", text("")},
                            {"kubeletVersion", text("v1.35.0+carbon")},
                            {"machineID", text("")},
                            {"operatingSystem", text("linux")},
                            {"osImage", text("carbon sandbox: pods have no containers")},
                            {"systemUUID", text("")}})}});
  status = with_condition(status, {"Ready", "True", "KubeletReady", "the sandbox is posting ready status"},
                          cluster.now());
  Value ready = with(*find_condition(status, "Ready"), {"lastHeartbeatTime"}, text(cluster.now_text()));
  cluster.write_status(nodes, *made, with(status, {"conditions"}, Value::list({ready})));
}

/// The node's heartbeat. It beats once: nobody watches it, and a write every ten seconds would move the
/// revision of the world for ever.
void ensure_node_lease(Cluster& cluster) {
  constexpr std::string_view leases = "leases.coordination.k8s.io";
  constexpr std::string_view place = "kube-node-lease";
  if (cluster.get({std::string(leases), std::string(place), std::string(node_name)}) != nullptr) return;
  std::string now = cluster.now_text();
  now.insert(now.size() - 1, ".000000");
  (void)cluster.create(leases,
                       fields({{"metadata", fields({{"name", text(node_name)}, {"namespace", text(place)}})},
                               {"spec", fields({{"holderIdentity", text(node_name)},
                                                {"leaseDurationSeconds", number(40)},
                                                {"renewTime", text(now)}})}}));
}

void ensure_storage_class(Cluster& cluster) {
  constexpr std::string_view classes = "storageclasses.storage.k8s.io";
  constexpr std::string_view name = "standard";
  if (cluster.get({std::string(classes), "", std::string(name)}) != nullptr) return;
  Value notes = fields({{"storageclass.kubernetes.io/is-default-class", text("true")}});
  (void)cluster.create(classes, fields({{"metadata", fields({{"name", text(name)}, {"annotations", notes}})},
                                        {"provisioner", text("sandbox.carbon.dev")},
                                        {"reclaimPolicy", text("Delete")},
                                        {"volumeBindingMode", text("Immediate")},
                                        {"allowVolumeExpansion", Value::boolean(true)}}));
}

}  // namespace

void ensure_cluster_objects(Cluster& cluster) {
  ensure_node(cluster);
  ensure_node_lease(cluster);
  ensure_storage_class(cluster);
}

}  // namespace carbon::sandbox
