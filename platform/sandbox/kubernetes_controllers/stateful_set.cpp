#include <fmt/format.h>
#include <algorithm>
#include <charconv>

#include "platform/sandbox/kubernetes_controllers/pod_template.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

// The rules are those of k8s.io/kubernetes/pkg/controller/statefulset/stateful_set_control.go.
namespace carbon::sandbox {

namespace {

constexpr std::string_view stateful_sets = "statefulsets.apps";
constexpr std::string_view revision_label = "controller-revision-hash";

std::int64_t ordinal_of(const Value& pod) {
  std::string_view name = name_of(pod);
  std::size_t dash = name.rfind('-');
  std::int64_t ordinal = -1;
  std::from_chars(name.data() + dash + 1, name.data() + name.size(), ordinal);
  return ordinal;
}

std::string_view revision_of(const Value& pod) {
  return text_at(pod, {"metadata", "labels", revision_label});
}

class OrderedSet {
 public:
  explicit OrderedSet(Work& work) : work_(work), set_(work.object) {
    wanted_ = int_at(set_, {"spec", "replicas"}).value_or(1);
    first_ = int_at(set_, {"spec", "ordinals", "start"}).value_or(0);
    min_ready_ = int_at(set_, {"spec", "minReadySeconds"}).value_or(0);
    parallel_ = text_at(set_, {"spec", "podManagementPolicy"}) == "Parallel";
    update_revision_ = current_revision(work, stateful_sets);
    current_revision_ = text_at(set_, {"status", "currentRevision"});
    if (current_revision_.empty()) current_revision_ = update_revision_;
  }

  void run() {
    for (Value& pod : work_.cluster.controlled("pods", set_)) pods_.emplace(ordinal_of(pod), std::move(pod));
    // A pod that is going still has its name; nothing moves past it.
    if (step_up() && step_down()) update_one();
    write_status();
  }

 private:
  /// Makes missing pods in order. False: one of them has to become ready first.
  bool step_up() {
    for (std::int64_t ordinal = first_; ordinal < first_ + wanted_; ++ordinal) {
      auto found = pods_.find(ordinal);
      if (found != pods_.end() && pod_ended(found->second)) {
        work_.cluster.remove("pods", found->second);
        pods_.erase(found);
        return false;
      }
      if (found == pods_.end() && !make(ordinal)) return false;
      if (parallel_) continue;
      const Value& pod = pods_.at(ordinal);
      if (is_going(pod) || !pod_available(work_, pod, min_ready_)) return false;
    }
    return true;
  }

  /// Removes surplus pods, highest first. False: one of them is still going.
  bool step_down() {
    while (!pods_.empty() && (pods_.rbegin()->first >= first_ + wanted_ || pods_.begin()->first < first_)) {
      auto last = pods_.rbegin()->first >= first_ + wanted_ ? std::prev(pods_.end()) : pods_.begin();
      if (is_going(last->second)) return false;
      work_.cluster.remove("pods", last->second);
      pods_.erase(last);
    }
    return true;
  }

  /// Replaces the highest pod of an older revision, at or above the partition; it comes back by step_up().
  void update_one() {
    if (text_at(set_, {"spec", "updateStrategy", "type"}) == "OnDelete") return;
    std::int64_t partition =
        int_at(set_, {"spec", "updateStrategy", "rollingUpdate", "partition"}).value_or(0);
    for (auto entry = pods_.rbegin(); entry != pods_.rend() && entry->first >= partition; ++entry) {
      const Value& pod = entry->second;
      if (revision_of(pod) != update_revision_) {
        if (!is_going(pod)) work_.cluster.remove("pods", pod);
        return;
      }
      if (!pod_available(work_, pod, min_ready_)) return;
    }
  }

  [[nodiscard]] bool make(std::int64_t ordinal) {
    std::string name = fmt::format("{}-{}", name_of(set_), ordinal);
    std::int64_t partition =
        int_at(set_, {"spec", "updateStrategy", "rollingUpdate", "partition"}).value_or(0);
    bool old = ordinal < partition && current_revision_ != update_revision_;
    std::string revision = old ? current_revision_ : update_revision_;
    Value pod_template = template_of(revision);
    Value pod = pod_of({stateful_sets,
                        set_,
                        pod_template,
                        name,
                        {{"statefulset.kubernetes.io/pod-name", name},
                         {"apps.kubernetes.io/pod-index", std::to_string(ordinal)},
                         {revision_label, revision}}});
    pod = with(pod, {"spec", "hostname"}, text(name));
    if (std::string_view service = text_at(set_, {"spec", "serviceName"}); !service.empty()) {
      pod = with(pod, {"spec", "subdomain"}, text(service));
    }
    auto made = create_pod(work_, stateful_sets, with_claims(pod, name));
    if (made) pods_[ordinal] = *made;
    return made.has_value();
  }

  /// The pod's template as that revision has it.
  [[nodiscard]] Value template_of(const std::string& revision) {
    const Value* kept =
        work_.cluster.get({"controllerrevisions.apps", std::string(namespace_of(set_)), revision});
    const Value* found = kept == nullptr ? nullptr : at(*kept, {"data", "spec", "template"});
    return found == nullptr ? *at(set_, {"spec", "template"}) : *found;
  }

  /// Makes the pod's claims from volumeClaimTemplates and mounts them in place of volumes of the same name.
  [[nodiscard]] Value with_claims(const Value& pod, const std::string& pod_name) {
    std::vector<Value> volumes = items_at(pod, {"spec", "volumes"});
    for (const Value& wanted : items_at(set_, {"spec", "volumeClaimTemplates"})) {
      std::string_view volume = name_of(wanted);
      std::string claim = fmt::format("{}-{}", volume, pod_name);
      make_claim(wanted, claim);
      std::erase_if(volumes, [&](const Value& one) { return text_at(one, {"name"}) == volume; });
      volumes.push_back(
          fields({{"name", text(volume)}, {"persistentVolumeClaim", fields({{"claimName", text(claim)}})}}));
    }
    return volumes.empty() ? pod : with(pod, {"spec", "volumes"}, Value::list(volumes));
  }

  void make_claim(const Value& wanted, const std::string& name) {
    std::string place(namespace_of(set_));
    if (work_.cluster.get({"persistentvolumeclaims", place, name}) != nullptr) return;
    Value metadata = fields({{"name", text(name)}, {"namespace", text(place)}});
    const Value* labels = at(set_, {"spec", "selector", "matchLabels"});
    if (labels != nullptr) metadata = with(metadata, {"labels"}, *labels);
    if (const Value* notes = at(wanted, {"metadata", "annotations"}))
      metadata = with(metadata, {"annotations"}, *notes);
    (void)work_.cluster.create("persistentvolumeclaims",
                               fields({{"metadata", metadata}, {"spec", *at(wanted, {"spec"})}}));
  }

  void write_status() {
    std::int64_t current = 0;
    std::int64_t updated = 0;
    std::vector<Value> pods;
    for (const auto& [ordinal, pod] : pods_) {
      pods.push_back(pod);
      if (revision_of(pod) == current_revision_) ++current;
      if (revision_of(pod) == update_revision_) ++updated;
    }
    PodCounts counts = count_pods(work_, pods, min_ready_);
    if (updated == wanted_ && counts.ready == wanted_ && counts.total == wanted_) {
      current_revision_ = update_revision_;
      current = updated;
    }
    const Value* before = set_.find("status");
    Value status = before == nullptr ? Value::map({}) : *before;
    status = with_count(status, "observedGeneration", int_at(set_, {"metadata", "generation"}).value_or(0));
    status = with(status, {"replicas"}, number(counts.total));
    status = with_count(status, "readyReplicas", counts.ready);
    status = with(status, {"availableReplicas"}, number(counts.available));
    status = with_count(status, "currentReplicas", current);
    status = with_count(status, "updatedReplicas", updated);
    status = with(status, {"currentRevision"}, text(current_revision_));
    status = with(status, {"updateRevision"}, text(update_revision_));
    status = with(status, {"collisionCount"}, number(0));
    work_.cluster.write_status(stateful_sets, set_, status);
  }

  Work& work_;
  const Value& set_;
  std::int64_t wanted_ = 1;
  std::int64_t first_ = 0;
  std::int64_t min_ready_ = 0;
  bool parallel_ = false;
  std::string update_revision_;
  std::string current_revision_;
  std::map<std::int64_t, Value> pods_;  ///< by ordinal
};

}  // namespace

void reconcile_stateful_set(Work& work) {
  if (!is_going(work.object)) OrderedSet(work).run();
}

}  // namespace carbon::sandbox
