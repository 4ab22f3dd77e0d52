#include "platform/sandbox/kubernetes_controllers/cluster.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes_controllers/text_hash.h"

namespace carbon::sandbox {

namespace {

constexpr std::array<KindName, 23> kinds{{
    {"configmaps", "v1", "ConfigMap"},
    {"endpoints", "v1", "Endpoints"},
    {"events", "v1", "Event"},
    {"namespaces", "v1", "Namespace"},
    {"nodes", "v1", "Node"},
    {"persistentvolumeclaims", "v1", "PersistentVolumeClaim"},
    {"persistentvolumes", "v1", "PersistentVolume"},
    {"pods", "v1", "Pod"},
    {"secrets", "v1", "Secret"},
    {"serviceaccounts", "v1", "ServiceAccount"},
    {"services", "v1", "Service"},
    {"controllerrevisions.apps", "apps/v1", "ControllerRevision"},
    {"daemonsets.apps", "apps/v1", "DaemonSet"},
    {"deployments.apps", "apps/v1", "Deployment"},
    {"replicasets.apps", "apps/v1", "ReplicaSet"},
    {"statefulsets.apps", "apps/v1", "StatefulSet"},
    {"jobs.batch", "batch/v1", "Job"},
    {"leases.coordination.k8s.io", "coordination.k8s.io/v1", "Lease"},
    {"endpointslices.discovery.k8s.io", "discovery.k8s.io/v1", "EndpointSlice"},
    {"ingresses.networking.k8s.io", "networking.k8s.io/v1", "Ingress"},
    {"poddisruptionbudgets.policy", "policy/v1", "PodDisruptionBudget"},
    {"storageclasses.storage.k8s.io", "storage.k8s.io/v1", "StorageClass"},
    {"customresourcedefinitions.apiextensions.k8s.io", "apiextensions.k8s.io/v1", "CustomResourceDefinition"},
}};
constexpr KindName unknown_kind{};

Value typed(std::string_view storage, const Value& object) {
  const KindName& kind = kind_of_storage(storage);
  if (kind.kind.empty()) return object;  // a custom one says itself what it is
  return with(with(object, {"apiVersion"}, text(kind.api_version)), {"kind"}, text(kind.kind));
}

}  // namespace

const KindName& kind_of_storage(std::string_view storage) {
  for (const KindName& kind : kinds) {
    if (kind.storage == storage) return kind;
  }
  return unknown_kind;
}

std::string_view storage_of_kind(std::string_view kind) {
  for (const KindName& one : kinds) {
    if (one.kind == kind) return one.storage;
  }
  return {};
}

std::string_view name_of(const Value& object) { return text_at(object, {"metadata", "name"}); }
std::string_view namespace_of(const Value& object) { return text_at(object, {"metadata", "namespace"}); }
std::string_view uid_of(const Value& object) { return text_at(object, {"metadata", "uid"}); }
bool is_going(const Value& object) { return at(object, {"metadata", "deletionTimestamp"}) != nullptr; }
std::string_view annotation(const Value& object, std::string_view name) {
  return text_at(object, {"metadata", "annotations", name});
}

const Value* controller_of(const Value& object) {
  const Value* owners = at(object, {"metadata", "ownerReferences"});
  if (owners == nullptr || !owners->is_sequence()) return nullptr;
  for (const Value& owner : owners->items()) {
    if (bool_at(owner, {"controller"})) return &owner;
  }
  return nullptr;
}

Value owner_references(std::string_view storage, const Value& owner) {
  const KindName& kind = kind_of_storage(storage);
  return Value::list({fields({{"apiVersion", text(kind.api_version)},
                              {"kind", text(kind.kind)},
                              {"name", text(name_of(owner))},
                              {"uid", text(uid_of(owner))},
                              {"controller", Value::boolean(true)},
                              {"blockOwnerDeletion", Value::boolean(true)}})});
}

std::string Cluster::random_suffix() {
  std::uint64_t dice = occasion_->random();
  std::string out;
  for (int i = 0; i < 5; ++i, dice /= name_letters.size()) out += name_letters[dice % name_letters.size()];
  return out;
}

const Value* Cluster::get(const StoreKey& key) {
  ++looks_;
  std::int64_t revision = server_.store().revision_of(key);
  if (revision == 0) {
    kept_.erase(key);
    return nullptr;
  }
  Kept& kept = kept_[key];
  if (kept.revision == revision) return &kept.object;
  auto stored = server_.store().get(key);
  auto object = stored ? parse_json(stored->json) : Result<Value>(Value());
  kept = {revision, object ? *object : Value()};
  return &kept.object;
}

std::vector<Value> Cluster::all(std::string_view storage, std::string_view namespace_name) {
  std::vector<StoreKey> keys;
  server_.store().visit(storage, namespace_name, nullptr, [&](const StoreKey& key, std::int64_t) {
    keys.push_back(key);
    return true;
  });
  std::vector<Value> out;
  for (const StoreKey& key : keys) {
    if (const Value* object = get(key)) out.push_back(*object);
  }
  return out;
}

std::vector<Value> Cluster::selected_pods(std::string_view storage, const Value& selecting) {
  std::vector<Value> out;
  StoreKey key{std::string(storage), std::string(namespace_of(selecting)), std::string(name_of(selecting))};
  for (const StoreKey& pod : selection_.pods_of(key)) {
    if (const Value* object = get(pod)) out.push_back(*object);
  }
  return out;
}

std::vector<Value> Cluster::controlled(std::string_view storage, const Value& owner) {
  std::vector<StoreKey> keys = server_.store().dependents(uid_of(owner));
  std::ranges::sort(keys);
  std::vector<Value> out;
  for (const StoreKey& key : keys) {
    if (key.storage != storage) continue;
    const Value* object = get(key);
    const Value* controller = object == nullptr ? nullptr : controller_of(*object);
    if (controller != nullptr && text_at(*controller, {"uid"}) == uid_of(owner)) out.push_back(*object);
  }
  return out;
}

ApiResult<Value> Cluster::create(std::string_view storage, const Value& object) {
  return api().create(typed(storage, object));
}

ApiResult<Value> Cluster::update(std::string_view storage, const Value& object) {
  return api().update(typed(storage, object));
}

void Cluster::write_status(std::string_view storage, const Value& object, const Value& status) {
  const Value* present = object.find("status");
  if (present != nullptr && *present == status) return;
  // A conflict or a refusal leaves the object as it is; whoever changed it meanwhile has queued it again.
  (void)api().update_status(typed(storage, with(object, {"status"}, status)));
}

void Cluster::remove(std::string_view storage, const Value& object) {
  (void)api().remove(storage, namespace_of(object), name_of(object));
}

void Cluster::record(std::string_view storage, const Value& object, const Note& note) {
  const KindName& kind = kind_of_storage(storage);
  std::string place(namespace_of(object).empty() ? "default" : namespace_of(object));
  std::string name = fmt::format("{}.{:08x}", name_of(object),
                                 fnv1a(fmt::format("{}{}{}", uid_of(object), note.reason, note.message)));
  if (const Value* before = get({"events", place, name})) {
    if (text_at(*before, {"lastTimestamp"}) == now_text()) return;
    Value again = with(*before, {"count"}, number(int_at(*before, {"count"}).value_or(1) + 1));
    (void)update("events", with(again, {"lastTimestamp"}, text(now_text())));
    return;
  }
  Value about = fields({{"apiVersion", text(kind.api_version)},
                        {"kind", text(kind.kind)},
                        {"name", text(name_of(object))},
                        {"namespace", text(namespace_of(object))},
                        {"uid", text(uid_of(object))}});
  (void)create("events", fields({{"metadata", fields({{"name", text(name)}, {"namespace", text(place)}})},
                                 {"involvedObject", about},
                                 {"type", text(note.type)},
                                 {"reason", text(note.reason)},
                                 {"message", text(note.message)},
                                 {"count", number(1)},
                                 {"firstTimestamp", text(now_text())},
                                 {"lastTimestamp", text(now_text())},
                                 {"source", fields({{"component", text("sandbox")}})}}));
}

}  // namespace carbon::sandbox
