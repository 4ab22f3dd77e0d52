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
constexpr std::array<Reconciler, 30> reconcilers{{
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
    {"backups.velero.io", reconcile_custom},
    {"backupstoragelocations.velero.io", reconcile_custom},
    {"restores.velero.io", reconcile_custom},
    {"schedules.velero.io", reconcile_custom},
    {"vmagents.operator.victoriametrics.com", reconcile_custom},
    {"vmalertmanagers.operator.victoriametrics.com", reconcile_custom},
    {"vmalerts.operator.victoriametrics.com", reconcile_custom},
    {"vmauths.operator.victoriametrics.com", reconcile_custom},
    {"vmclusters.operator.victoriametrics.com", reconcile_custom},
    {"vmsingles.operator.victoriametrics.com", reconcile_custom},
    {"certificates.cert-manager.io", reconcile_custom},
    {"clusterissuers.cert-manager.io", reconcile_custom},
    {"issuers.cert-manager.io", reconcile_custom},
    {"scheduledsparkapplications.sparkoperator.k8s.io", reconcile_custom},
    {"sparkapplications.sparkoperator.k8s.io", reconcile_custom},
    {"sparkconnects.sparkoperator.k8s.io", reconcile_custom},
    {"clusterpolicies.kyverno.io", reconcile_custom},
    {"policies.kyverno.io", reconcile_custom},
}};

std::optional<std::size_t> rank_of(std::string_view storage) {
  const auto* found = std::ranges::find(reconcilers, storage, &Reconciler::storage);
  if (found == reconcilers.end()) return std::nullopt;
  return static_cast<std::size_t>(found - reconcilers.begin());
}

}  // namespace

std::optional<std::int64_t> Controllers::next_due() const {
  if (!started_) return 0;
  if (times_.empty()) return std::nullopt;
  return times_.begin()->first;
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
  queue_waiting(change.key);
  const std::string& storage = change.key.storage;
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

void Controllers::queue_waiting(const StoreKey& key) {
  auto found = waiting_.find(key);
  if (found != waiting_.end()) queue_.insert(found->second.begin(), found->second.end());
}

void Controllers::take_due() {
  for (const auto& [time, item] : times_) {
    if (time > cluster_.now()) break;
    queue_.insert(item);
  }
}

void Controllers::work_on(const Item& item) {
  look_again(item, std::nullopt);
  wait_for(item, std::nullopt);
  const Value* object = cluster_.get(item.key);
  if (object == nullptr) return;
  Work work{cluster_, options_, *object, std::nullopt, std::nullopt, item.key.storage};
  reconcilers[item.rank].run(work);
  // A time that has passed would bring it back at once, for ever.
  if (work.again) look_again(item, std::max(*work.again, cluster_.now() + 1));
  wait_for(item, work.lacks);
}

/// At that time, or no more.
void Controllers::look_again(const Item& item, std::optional<std::int64_t> time) {
  if (auto before = due_.find(item); before != due_.end()) {
    times_.erase({before->second, item});
    due_.erase(before);
  }
  if (!time) return;
  due_[item] = *time;
  times_.insert({*time, item});
}

/// When that object changes, or no more.
void Controllers::wait_for(const Item& item, const std::optional<StoreKey>& key) {
  if (auto before = lacks_.find(item); before != lacks_.end()) {
    auto found = waiting_.find(before->second);
    found->second.erase(item);
    if (found->second.empty()) waiting_.erase(found);
    lacks_.erase(before);
  }
  if (!key) return;
  lacks_[item] = *key;
  waiting_[*key].insert(item);
}

}  // namespace carbon::sandbox
