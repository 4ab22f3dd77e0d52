#include "platform/sandbox/kubernetes_controllers/controllers.h"

#include <algorithm>
#include <array>

#include "base/value_json.h"

namespace carbon::sandbox {

namespace {

struct Reconciler {
  std::string_view storage;
  void (*run)(Work&);
};

/// In the order in which a wave is worked off: what makes pods, pods, what looks at pods.
constexpr std::array<Reconciler, 12> reconcilers{{
    {"customresourcedefinitions.apiextensions.k8s.io", reconcile_definition},
    {"deployments.apps", reconcile_deployment},
    {"replicasets.apps", reconcile_replica_set},
    {"statefulsets.apps", reconcile_stateful_set},
    {"daemonsets.apps", reconcile_daemon_set},
    {"jobs.batch", reconcile_job},
    {"persistentvolumeclaims", reconcile_claim},
    {"persistentvolumes", reconcile_volume},
    {"pods", reconcile_pod},
    {"services", reconcile_service},
    {"ingresses.networking.k8s.io", reconcile_ingress},
    {"poddisruptionbudgets.policy", reconcile_disruption_budget},
}};

/// Kinds that pods refer to: whoever waits in the namespace looks again when one changes.
constexpr std::array<std::string_view, 4> referred{"configmaps", "secrets", "serviceaccounts",
                                                   "persistentvolumeclaims"};

std::optional<std::size_t> rank_of(std::string_view storage) {
  const auto* found = std::ranges::find(reconcilers, storage, &Reconciler::storage);
  if (found == reconcilers.end()) return std::nullopt;
  return static_cast<std::size_t>(found - reconcilers.begin());
}

}  // namespace

std::optional<std::int64_t> Controllers::next_due() const {
  if (!started_) return 0;
  if (due_.empty()) return std::nullopt;
  return std::ranges::min_element(due_, {}, [](const auto& entry) { return entry.second; })->second;
}

void Controllers::tick(const Occasion& occasion) {
  cluster_.begin(occasion);
  if (!started_) look_at_everything();
  started_ = true;
  take_due();
  do {
    take_changes();
    while (!queue_.empty()) {
      Item item = *queue_.begin();
      queue_.erase(queue_.begin());
      work_on(item);
      take_changes();
    }
  } while (cluster_.server().settle(occasion));
}

void Controllers::look_at_everything() {
  seen_ = cluster_.server().revision();
  ensure_cluster_objects(cluster_);
  for (const Reconciler& one : reconcilers) {
    cluster_.server().store().visit(one.storage, {}, nullptr, [&](const StoreKey& key, std::int64_t) {
      queue(key);
      cluster_.selection().follow(key, cluster_.get(key));
      return true;
    });
  }
}

void Controllers::take_changes() {
  while (seen_ < cluster_.server().revision()) {
    std::vector<ObjectChange> changes = cluster_.server().changes_since(seen_);
    if (changes.empty()) return;
    for (const ObjectChange& change : changes) {
      seen_ = change.revision;
      take_change(change);
    }
  }
}

void Controllers::take_change(const ObjectChange& change) {
  queue(change.key);
  const std::string& storage = change.key.storage;
  if (std::ranges::find(referred, storage) != referred.end()) queue_waiting(change.key.namespace_name);
  if (!rank_of(storage)) return;
  const Value* present = cluster_.get(change.key);
  follow_selection(change.key, present);
  if (storage != "pods" && storage != "replicasets.apps" && storage != "persistentvolumeclaims") return;
  Value object;
  if (change.kind == ObjectChange::Kind::deleted) {
    auto last = cluster_.server().store().at(change.revision);
    auto read = last ? parse_json(last->json) : Result<Value>(Value());
    if (read) object = *read;
  } else if (present != nullptr) {
    object = *present;
  }
  queue_owner(object);
  std::string_view volume = text_at(object, {"spec", "volumeName"});
  if (!volume.empty()) queue({"persistentvolumes", "", std::string(volume)});
}

/// Whoever selected a pod looks again, and so does whoever selects it by its new labels.
void Controllers::follow_selection(const StoreKey& key, const Value* present) {
  PodSelection& selection = cluster_.selection();
  for (const StoreKey& selecting : selection.selecting(key)) queue(selecting);
  if (!selection.follow(key, present)) return;
  for (const StoreKey& selecting : selection.selecting(key)) queue(selecting);
}

void Controllers::queue(const StoreKey& key) {
  if (auto rank = rank_of(key.storage)) queue_.insert({*rank, key});
}

void Controllers::queue_owner(const Value& object) {
  const Value* owner = controller_of(object);
  if (owner == nullptr) return;
  queue({std::string(storage_of_kind(text_at(*owner, {"kind"}))), std::string(namespace_of(object)),
         std::string(text_at(*owner, {"name"}))});
}

void Controllers::queue_waiting(const std::string& namespace_name) {
  for (const Item& item : waiting_) {
    if (item.key.namespace_name == namespace_name) queue_.insert(item);
  }
}

void Controllers::take_due() {
  for (const auto& [item, time] : due_) {
    if (time <= cluster_.now()) queue_.insert(item);
  }
}

void Controllers::work_on(const Item& item) {
  due_.erase(item);
  waiting_.erase(item);
  const Value* object = cluster_.get(item.key);
  if (object == nullptr) return;
  Work work{cluster_, options_, *object, std::nullopt, false};
  reconcilers[item.rank].run(work);
  // A time that has passed would bring it back at once, for ever.
  if (work.again) due_[item] = std::max(*work.again, cluster_.now() + 1);
  if (work.waits) waiting_.insert(item);
}

}  // namespace carbon::sandbox
