#include "platform/sandbox/kubernetes_controllers/volume_claims.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/quantity.h"
#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

// After k8s.io/kubernetes/pkg/controller/volume/persistentvolume and a CSI provisioner.
namespace carbon::sandbox {

namespace {

constexpr std::string_view claims = "persistentvolumeclaims";
constexpr std::string_view volumes = "persistentvolumes";
constexpr std::string_view selected_node = "volume.kubernetes.io/selected-node";
constexpr std::string_view claim_finalizer = "kubernetes.io/pvc-protection";
constexpr std::string_view volume_finalizer = "kubernetes.io/pv-protection";

const Value* storage_class(Cluster& cluster, const Value& claim) {
  std::string name(text_at(claim, {"spec", "storageClassName"}));
  return name.empty() ? nullptr : cluster.get({"storageclasses.storage.k8s.io", "", name});
}

std::optional<Quantity> size_of(const Value* amount) {
  return amount != nullptr && amount->is_string() ? Quantity::parse(amount->text()) : std::nullopt;
}

bool has_finalizer(const Value& object, std::string_view name) {
  std::vector<Value> finalizers = items_at(object, {"metadata", "finalizers"});
  return std::ranges::find(finalizers, text(name)) != finalizers.end();
}

void drop_finalizer(Cluster& cluster, std::string_view storage, const Value& object, std::string_view name) {
  std::vector<Value> finalizers = items_at(object, {"metadata", "finalizers"});
  std::erase(finalizers, text(name));
  Value rest = finalizers.empty() ? without(object, {"metadata", "finalizers"})
                                  : with(object, {"metadata", "finalizers"}, Value::list(finalizers));
  (void)cluster.update(storage, rest);
}

bool used_by_a_pod(Cluster& cluster, const Value& claim) {
  for (const Value& pod : cluster.all("pods", namespace_of(claim))) {
    for (const Value& volume : items_at(pod, {"spec", "volumes"})) {
      if (text_at(volume, {"persistentVolumeClaim", "claimName"}) == name_of(claim)) return true;
    }
  }
  return false;
}

Value claim_reference(const Value& claim) {
  return fields({{"apiVersion", text("v1")},
                 {"kind", text("PersistentVolumeClaim")},
                 {"namespace", text(namespace_of(claim))},
                 {"name", text(name_of(claim))},
                 {"uid", text(uid_of(claim))}});
}

/// A new volume of exactly the claim's size.
std::optional<Value> provision(Cluster& cluster, const Value& claim) {
  std::string name = fmt::format("pvc-{}", uid_of(claim));
  if (const Value* made = cluster.get({std::string(volumes), "", name})) return *made;
  const Value* kind = storage_class(cluster, claim);
  std::string_view policy = kind == nullptr ? "" : text_at(*kind, {"reclaimPolicy"});
  Value spec =
      fields({{"capacity", fields({{"storage", *at(claim, {"spec", "resources", "requests", "storage"})}})},
              {"accessModes", *at(claim, {"spec", "accessModes"})},
              {"claimRef", claim_reference(claim)},
              {"persistentVolumeReclaimPolicy", text(policy.empty() ? "Delete" : policy)},
              {"storageClassName", text(text_at(claim, {"spec", "storageClassName"}))},
              {"hostPath", fields({{"path", text("/sandbox/" + name)}, {"type", text("")}})}});
  if (const Value* mode = at(claim, {"spec", "volumeMode"})) spec = with(spec, {"volumeMode"}, *mode);
  Value metadata =
      fields({{"name", text(name)},
              {"annotations", fields({{"pv.kubernetes.io/provisioned-by", text("sandbox.carbon.dev")}})}});
  auto made = cluster.create(volumes, fields({{"metadata", metadata}, {"spec", spec}}));
  return made ? std::optional<Value>(*made) : std::nullopt;
}

/// Whether a volume that somebody made may serve the claim.
bool fits(const Value& volume, const Value& claim) {
  const Value* reference = at(volume, {"spec", "claimRef"});
  if (reference != nullptr) {
    return text_at(*reference, {"name"}) == name_of(claim) &&
           text_at(*reference, {"namespace"}) == namespace_of(claim) &&
           (text_at(*reference, {"uid"}).empty() || text_at(*reference, {"uid"}) == uid_of(claim));
  }
  std::string_view wanted = text_at(claim, {"spec", "volumeName"});
  if (!wanted.empty()) return wanted == name_of(volume);
  auto offered = size_of(at(volume, {"spec", "capacity", "storage"}));
  auto asked = size_of(at(claim, {"spec", "resources", "requests", "storage"}));
  std::vector<Value> modes = items_at(volume, {"spec", "accessModes"});
  bool has_modes = std::ranges::all_of(items_at(claim, {"spec", "accessModes"}), [&](const Value& mode) {
    return std::ranges::find(modes, mode) != modes.end();
  });
  return text_at(volume, {"spec", "storageClassName"}) == text_at(claim, {"spec", "storageClassName"}) &&
         has_modes && offered && asked && *offered >= *asked;
}

std::optional<Value> static_volume(Cluster& cluster, const Value& claim) {
  for (const Value& volume : cluster.all(volumes)) {
    if (!is_going(volume) && text_at(volume, {"status", "phase"}) != "Released" && fits(volume, claim))
      return volume;
  }
  return std::nullopt;
}

void bind(Work& work, const Value& volume) {
  Value claim = work.object;
  Value bound = with(claim, {"spec", "volumeName"}, text(name_of(volume)));
  bound = with(bound, {"metadata", "annotations", "pv.kubernetes.io/bind-completed"}, text("yes"));
  auto stored = work.cluster.update(claims, bound);
  if (!stored) return;
  Value status = fields({{"phase", text("Bound")},
                         {"accessModes", *at(volume, {"spec", "accessModes"})},
                         {"capacity", *at(volume, {"spec", "capacity"})}});
  work.cluster.write_status(claims, *stored, status);
  if (at(volume, {"spec", "claimRef", "uid"}) != nullptr) return;
  (void)work.cluster.update(volumes, with(volume, {"spec", "claimRef"}, claim_reference(claim)));
}

/// A claim that was made larger: the volume follows, and then the claim says so.
void follow_size(Work& work) {
  const Value* asked = at(work.object, {"spec", "resources", "requests", "storage"});
  auto wanted = size_of(asked);
  auto have = size_of(at(work.object, {"status", "capacity", "storage"}));
  if (!wanted || !have || *wanted <= *have) return;
  const Value* volume =
      work.cluster.get({std::string(volumes), "", std::string(text_at(work.object, {"spec", "volumeName"}))});
  if (volume == nullptr) return;
  Value larger = with(*volume, {"spec", "capacity", "storage"}, *asked);
  if (!work.cluster.update(volumes, larger)) return;
  work.cluster.write_status(claims, work.object,
                            with(*work.object.find("status"), {"capacity", "storage"}, *asked));
}

/// A claim that names no class gets the default one (the admission does that, and later the volume
/// controller). True when there was one to give; the claim then comes again.
bool give_default_class(Work& work) {
  if (at(work.object, {"spec", "storageClassName"}) != nullptr) return false;
  for (const Value& kind : work.cluster.all("storageclasses.storage.k8s.io")) {
    if (annotation(kind, "storageclass.kubernetes.io/is-default-class") != "true") continue;
    return work.cluster.update(claims, with(work.object, {"spec", "storageClassName"}, text(name_of(kind))))
        .has_value();
  }
  return false;
}

}  // namespace

bool waits_for_consumer(Cluster& cluster, const Value& claim) {
  const Value* kind = storage_class(cluster, claim);
  return kind != nullptr && text_at(*kind, {"volumeBindingMode"}) == "WaitForFirstConsumer" &&
         text_at(claim, {"spec", "volumeName"}).empty();
}

void announce_consumer(Cluster& cluster, const Value& claim) {
  if (annotation(claim, selected_node) == node_name) return;
  (void)cluster.update(claims, with(claim, {"metadata", "annotations", selected_node}, text(node_name)));
}

void reconcile_claim(Work& work) {
  const Value& claim = work.object;
  if (is_going(claim)) {
    if (!has_finalizer(claim, claim_finalizer)) return;
    if (used_by_a_pod(work.cluster, claim)) {
      work.again_at(work.cluster.now() + work.times.pod_start.nanoseconds);
      return;
    }
    return drop_finalizer(work.cluster, claims, claim, claim_finalizer);
  }
  if (text_at(claim, {"status", "phase"}) == "Bound") return follow_size(work);
  if (auto found = static_volume(work.cluster, claim)) return bind(work, *found);
  bool named = !text_at(claim, {"spec", "volumeName"}).empty();
  if (!named && give_default_class(work)) return;
  const Value* kind = at(claim, {"spec", "storageClassName"});
  bool no_class = kind == nullptr || kind->text().empty();
  bool waits = waits_for_consumer(work.cluster, claim) && annotation(claim, selected_node).empty();
  if (named || no_class || waits) return;
  if (auto made = provision(work.cluster, claim)) bind(work, *made);
}

void reconcile_volume(Work& work) {
  const Value& volume = work.object;
  const Value* reference = at(volume, {"spec", "claimRef"});
  std::string phase = "Available";
  if (reference != nullptr) {
    const Value* claim =
        work.cluster.get({std::string(claims), std::string(text_at(*reference, {"namespace"})),
                          std::string(text_at(*reference, {"name"}))});
    bool alive = claim != nullptr &&
                 (text_at(*reference, {"uid"}).empty() || text_at(*reference, {"uid"}) == uid_of(*claim));
    phase = alive ? "Bound" : "Released";
    if (claim != nullptr && text_at(*claim, {"status", "phase"}) != "Bound" && alive) phase = "Available";
  }
  if (is_going(volume) ||
      (phase == "Released" && text_at(volume, {"spec", "persistentVolumeReclaimPolicy"}) == "Delete")) {
    if (!is_going(volume)) work.cluster.remove(volumes, volume);
    const Value* left = phase == "Bound"
                            ? nullptr
                            : work.cluster.get({std::string(volumes), "", std::string(name_of(volume))});
    if (left != nullptr && has_finalizer(*left, volume_finalizer)) {
      Value going = *left;
      drop_finalizer(work.cluster, volumes, going, volume_finalizer);
    }
    return;
  }
  const Value* before = volume.find("status");
  Value status = before == nullptr ? Value::map({}) : *before;
  work.cluster.write_status(volumes, volume, with(status, {"phase"}, text(phase)));
}

}  // namespace carbon::sandbox
