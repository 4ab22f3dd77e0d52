#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>

#include "platform/sandbox/kubernetes_controllers/deployment_status.h"
#include "platform/sandbox/kubernetes_controllers/pod_template.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

// The rules are those of k8s.io/kubernetes/pkg/controller/deployment: sync.go, rolling.go, recreate.go and
// util/deployment_util.go.
namespace carbon::sandbox {

namespace {

constexpr std::string_view deployments = "deployments.apps";
constexpr std::string_view owned_sets = "replicasets.apps";
constexpr std::string_view hash_label = "pod-template-hash";
constexpr std::string_view revision_note = "deployment.kubernetes.io/revision";

std::int64_t spec_replicas(const Value& set) { return int_at(set, {"spec", "replicas"}).value_or(1); }
std::int64_t available(const Value& set) { return int_at(set, {"status", "availableReplicas"}).value_or(0); }

std::int64_t revision_of(const Value& set) {
  std::string_view spelled = annotation(set, revision_note);
  std::int64_t number = 0;
  std::from_chars(spelled.data(), spelled.data() + spelled.size(), number);
  return number;
}

/// What a Deployment's annotations hand down; those are about the object itself and are not.
Value inherited_annotations(const Value& deployment) {
  constexpr std::array<std::string_view, 4> own{"kubectl.kubernetes.io/last-applied-configuration",
                                                revision_note, "deployment.kubernetes.io/desired-replicas",
                                                "deployment.kubernetes.io/max-replicas"};
  const Value* given = at(deployment, {"metadata", "annotations"});
  Value out = given == nullptr ? Value::map({}) : *given;
  for (std::string_view name : own) out = without(out, {name});
  return out;
}

/// One rollout: the Deployment, its ReplicaSet of the present template and the older ones.
class Rollout {
 public:
  explicit Rollout(Work& work) : work_(work), deployment_(work.object), wanted_(spec_replicas(deployment_)) {
    const Value* rolling = at(deployment_, {"spec", "strategy", "rollingUpdate"});
    const Value none = Value::map({});
    const Value& limits = rolling == nullptr ? none : *rolling;
    surge_ = share_of(at(limits, {"maxSurge"}), wanted_, Rounding::up, "25%");
    unavailable_ = share_of(at(limits, {"maxUnavailable"}), wanted_, Rounding::down, "25%");
    if (surge_ == 0 && unavailable_ == 0) unavailable_ = 1;
    recreate_ = text_at(deployment_, {"spec", "strategy", "type"}) == "Recreate";
    if (recreate_) surge_ = 0;
  }

  void run() {
    split_sets();
    bool paused = bool_at(deployment_, {"spec", "paused"});
    if (!paused && !newest_) make_newest();
    if (newest_ && !paused) number_newest();
    if (paused) {
      scale_in_proportion();
    } else if (recreate_) {
      step_recreate();
    } else {
      step_rolling();
    }
    drop_history();
    std::vector<Value> sets = older_;
    if (newest_) sets.push_back(*newest_);
    write_deployment_status(work_, {sets, newest_ ? &*newest_ : nullptr, unavailable_, refusal_});
  }

 private:
  void split_sets() {
    const Value* pod_template = at(deployment_, {"spec", "template"});
    hash_ = template_hash(pod_template == nullptr ? Value::map({}) : *pod_template);
    for (Value& set : work_.cluster.controlled(owned_sets, deployment_)) {
      const Value* its = at(set, {"spec", "template"});
      bool same = its != nullptr && pod_template != nullptr &&
                  without(*its, {"metadata", "labels", hash_label}) == *pod_template;
      highest_ = std::max(highest_, revision_of(set));
      (same && !newest_) ? void(newest_ = set) : older_.push_back(set);
    }
    std::ranges::stable_sort(older_, {}, revision_of);
  }

  void make_newest() {
    std::int64_t replicas = first_size();
    Value selector = with(*at(deployment_, {"spec", "selector"}), {"matchLabels", hash_label}, text(hash_));
    Value pod_template =
        with(*at(deployment_, {"spec", "template"}), {"metadata", "labels", hash_label}, text(hash_));
    Value metadata = fields({{"name", text(fmt::format("{}-{}", name_of(deployment_), hash_))},
                             {"namespace", text(namespace_of(deployment_))},
                             {"annotations", inherited_annotations(deployment_)},
                             {"ownerReferences", owner_references(deployments, deployment_)}});
    if (const Value* labels = at(pod_template, {"metadata", "labels"}))
      metadata = with(metadata, {"labels"}, *labels);
    metadata = with(metadata, {"annotations", revision_note}, text(std::to_string(highest_ + 1)));
    Value spec = fields({{"replicas", number(replicas)}, {"selector", selector}, {"template", pod_template}});
    if (auto ready = int_at(deployment_, {"spec", "minReadySeconds"})) {
      spec = with(spec, {"minReadySeconds"}, number(*ready));
    }
    auto made = work_.cluster.create(owned_sets, fields({{"metadata", metadata}, {"spec", spec}}));
    if (made) {
      newest_ = *made;
      highest_ += 1;
      note_scaling(*newest_, "up", 0, replicas);
    } else {
      refusal_ = made.error().message;
    }
  }

  /// How large the first ReplicaSet of a template begins.
  [[nodiscard]] std::int64_t first_size() const {
    if (recreate_) return older_pods() == 0 ? wanted_ : 0;
    std::int64_t room = wanted_ + surge_ - older_size();
    return std::clamp<std::int64_t>(room, 0, wanted_);
  }

  /// A template that comes back takes the next revision, and the Deployment carries that of its newest set.
  void number_newest() {
    std::int64_t present = revision_of(*newest_);
    std::int64_t before = 0;
    for (const Value& set : older_) before = std::max(before, revision_of(set));
    if (present <= before) {
      Value numbered =
          with(*newest_, {"metadata", "annotations", revision_note}, text(std::to_string(before + 1)));
      store(*newest_, numbered);
      present = before + 1;
    }
    std::string spelled = std::to_string(present);
    if (annotation(deployment_, revision_note) == spelled) return;
    auto updated = work_.cluster.update(
        deployments, with(deployment_, {"metadata", "annotations", revision_note}, text(spelled)));
    if (updated) deployment_ = work_.object = *updated;
  }

  void step_rolling() {
    if (!newest_) return;
    std::int64_t size = spec_replicas(*newest_);
    if (size > wanted_) {
      resize(*newest_, wanted_);
    } else if (size < wanted_) {
      std::int64_t room = wanted_ + surge_ - size - older_size();
      resize(*newest_, size + std::clamp<std::int64_t>(room, 0, wanted_ - size));
    }
    shrink_older();
  }

  /// Takes from the older sets what may go without fewer pods than allowed being available.
  void shrink_older() {
    std::int64_t least = wanted_ - unavailable_;
    std::int64_t unready = spec_replicas(*newest_) - available(*newest_);
    std::int64_t removable = older_size() + spec_replicas(*newest_) - least - unready;
    // The sets' own counts may lag behind what was asked of them; the sizes do not.
    if (removable <= 0) return;
    for (Value& set : older_) {  // pods that are of no use go first
      std::int64_t useless = std::min(removable, spec_replicas(set) - available(set));
      if (useless <= 0) continue;
      resize(set, spec_replicas(set) - useless);
      removable -= useless;
    }
    std::int64_t spare = available(*newest_) - least;
    for (const Value& set : older_) spare += available(set);
    for (Value& set : older_) {
      std::int64_t going = std::min(spare, spec_replicas(set));
      if (going <= 0) continue;
      resize(set, spec_replicas(set) - going);
      spare -= going;
    }
  }

  void step_recreate() {
    for (Value& set : older_) resize(set, 0);
    if (newest_ && older_pods() == 0) resize(*newest_, wanted_);
  }

  /// While it is paused nothing rolls out, but the size is followed: by the newest set that has pods.
  void scale_in_proportion() {
    Value* active = newest_ ? &*newest_ : nullptr;
    for (Value& set : older_) {
      if (active == nullptr || spec_replicas(*active) == 0) active = &set;
    }
    if (active != nullptr && older_size() == 0) resize(*active, wanted_);
  }

  void drop_history() {
    auto kept = static_cast<std::size_t>(int_at(deployment_, {"spec", "revisionHistoryLimit"}).value_or(10));
    std::vector<Value> empty;
    for (const Value& set : older_) {
      if (spec_replicas(set) == 0 && int_at(set, {"status", "replicas"}).value_or(0) == 0)
        empty.push_back(set);
    }
    for (std::size_t i = 0; i + kept < empty.size(); ++i) work_.cluster.remove(owned_sets, empty[i]);
  }

  void resize(Value& set, std::int64_t replicas) {
    std::int64_t before = spec_replicas(set);
    Value sized = with(set, {"spec", "replicas"}, number(replicas));
    sized = with(sized, {"metadata", "annotations", "deployment.kubernetes.io/desired-replicas"},
                 text(std::to_string(wanted_)));
    sized = with(sized, {"metadata", "annotations", "deployment.kubernetes.io/max-replicas"},
                 text(std::to_string(wanted_ + surge_)));
    if (sized == set) return;
    store(set, sized);
    if (replicas != before) note_scaling(set, replicas > before ? "up" : "down", before, replicas);
  }

  void store(Value& set, const Value& changed) {
    if (auto updated = work_.cluster.update(owned_sets, changed)) set = *updated;
  }

  void note_scaling(const Value& set, std::string_view way, std::int64_t from, std::int64_t to) {
    if (from == to) return;
    work_.cluster.record(
        deployments, deployment_,
        {"Normal", "ScalingReplicaSet",
         fmt::format("Scaled {} replica set {} from {} to {}", way, name_of(set), from, to)});
  }

  [[nodiscard]] std::int64_t older_size() const {
    std::int64_t sum = 0;
    for (const Value& set : older_) sum += spec_replicas(set);
    return sum;
  }
  [[nodiscard]] std::int64_t older_pods() const {
    std::int64_t sum = 0;
    for (const Value& set : older_) sum += int_at(set, {"status", "replicas"}).value_or(0);
    return sum;
  }

  Work& work_;
  Value deployment_;
  std::int64_t wanted_;
  std::int64_t surge_ = 0;
  std::int64_t unavailable_ = 0;
  bool recreate_ = false;
  std::string hash_;
  std::int64_t highest_ = 0;  ///< revision number
  std::optional<Value> newest_;
  std::vector<Value> older_;  ///< by revision
  std::string refusal_;       ///< of the new ReplicaSet
};

}  // namespace

void reconcile_deployment(Work& work) {
  if (!is_going(work.object)) Rollout(work).run();
}

}  // namespace carbon::sandbox
