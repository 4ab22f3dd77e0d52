#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/quantity.h"
#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "platform/sandbox/kubernetes_controllers/container_status.h"
#include "platform/sandbox/kubernetes_controllers/object_time.h"
#include "platform/sandbox/kubernetes_controllers/pod_references.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"
#include "platform/sandbox/kubernetes_controllers/text_hash.h"

// What the scheduler and the kubelet do to a pod: pkg/scheduler and pkg/kubelet of k8s.io/kubernetes, seen
// from outside.
namespace carbon::sandbox {

namespace {

constexpr std::string_view pods = "pods";
constexpr std::string_view fault_note = "sandbox.carbon.dev/fault";

/// What the node controller adds to a cordoned node.
constexpr std::string_view cordon_taint = "node.kubernetes.io/unschedulable";

bool tolerates(const Value& pod, const Value& taint) {
  return std::ranges::any_of(items_at(pod, {"spec", "tolerations"}), [&](const Value& toleration) {
    std::string_view effect = text_at(toleration, {"effect"});
    std::string_view key = text_at(toleration, {"key"});
    bool any_value = text_at(toleration, {"operator"}) == "Exists";
    if (!effect.empty() && effect != text_at(taint, {"effect"})) return false;
    if (key.empty()) return any_value;
    return key == text_at(taint, {"key"}) &&
           (any_value || text_at(toleration, {"value"}) == text_at(taint, {"value"}));
  });
}

Value set(const Value& status, std::string_view type, bool holds, std::int64_t now,
          std::string_view reason = {}, std::string_view message = {}) {
  return with_condition(status, {type, holds ? "True" : "False", reason, message}, now);
}

std::string address_of(const Value& pod) {
  std::uint32_t hash = fnv1a(uid_of(pod));
  return fmt::format("10.244.{}.{}", (hash >> 8) & 0xFFU, 1 + (hash & 0xFFU) % 254);
}

/// The fault that is asked for: by the pod itself, or for pods like it.
std::string fault_of(const Value& pod, const ControllerTimes& times) {
  std::string_view own = annotation(pod, fault_note);
  if (!own.empty()) return std::string(own);
  auto found = std::ranges::find_if(times.pod_faults, [&](const PodFault& fault) { return fault.hits(pod); });
  return found == times.pod_faults.end() ? std::string() : found->fault;
}

class PodRun {
 public:
  explicit PodRun(Work& work)
      : work_(work), pod_(work.object), fault_(fault_of(pod_, work.times)), now_(work.cluster.now()) {
    const Value* status = pod_.find("status");
    status_ = status == nullptr ? Value::map({}) : *status;
  }

  void step() {
    if (!condition_is(status_, "PodScheduled", "True") && !schedule()) return write();
    std::int64_t scheduled = time_of(text_at(status_, {"startTime"})).value_or(now_);
    if (text_at(status_, {"phase"}) == "Running") {
      end_if_due();
    } else if (!hold_back() && !wait_until(scheduled + start_time())) {
      run();
    }
    write();
  }

 private:
  /// False: it cannot be placed now.
  bool schedule() {
    if (std::string closed = closed_to(pod_); !closed.empty()) {
      work_.lacks = StoreKey{"nodes", "", std::string(node_name)};
      return not_scheduled("0/1 nodes are available: 1 node(s) " + closed);
    }
    if (fault_ == "unschedulable") return not_scheduled("0/1 nodes are available: 1 Insufficient cpu.");
    if (std::optional<MissingReference> claim = missing_claim(work_.cluster, pod_)) {
      work_.lacks = claim->object;
      return !claim->message.empty() && not_scheduled(claim->message);
    }
    // Binding is the only way in which spec.nodeName comes about after creation.
    if (text_at(pod_, {"spec", "nodeName"}).empty()) {
      auto bound = work_.cluster.update(pods, with(pod_, {"spec", "nodeName"}, text(node_name)));
      if (bound) pod_ = *bound;
    }
    status_ = set(status_, "PodScheduled", true, now_);
    status_ = with(status_, {"startTime"}, text(work_.cluster.now_text()));
    status_ = with(status_, {"hostIP"}, text("10.0.0.1"));
    status_ = with(status_, {"phase"}, text("Pending"));
    return true;
  }

  /// Why the node takes no such pod, or empty: it was cordoned, or has a taint that the pod does not
  /// tolerate.
  [[nodiscard]] std::string closed_to(const Value& pod) {
    const Value* node = work_.cluster.get({"nodes", "", std::string(node_name)});
    if (node == nullptr) return {};
    const Value* owner = controller_of(pod);
    bool daemon = owner != nullptr && text_at(*owner, {"kind"}) == "DaemonSet";
    if (bool_at(*node, {"spec", "unschedulable"}) && !daemon) return "were unschedulable.";
    for (const Value& taint : items_at(*node, {"spec", "taints"})) {
      std::string_view key = text_at(taint, {"key"});
      bool keeps_out = text_at(taint, {"effect"}) != "PreferNoSchedule" && key != cordon_taint;
      if (keeps_out && !tolerates(pod, taint))
        return fmt::format("had untolerated taint {{{}: {}}}.", key, text_at(taint, {"value"}));
    }
    return {};
  }

  bool not_scheduled(const std::string& why) {
    status_ = set(status_, "PodScheduled", false, now_, "Unschedulable", why);
    work_.cluster.record(pods, pod_, {"Warning", "FailedScheduling", why});
    return false;
  }

  [[nodiscard]] std::int64_t start_time() const {
    if (!fault_.starts_with("slow=")) return work_.times.pod_start.nanoseconds;
    return Duration::parse(fault_.substr(5)).value_or(work_.times.pod_start).nanoseconds;
  }

  /// True when the time has not come; the containers are then being created.
  bool wait_until(std::int64_t time) {
    if (time <= now_) return false;
    work_.again_at(time);
    not_ready({ContainerState::Kind::waiting, "ContainerCreating", "", 0}, "");
    return true;
  }

  /// True when something keeps the containers from running: a missing reference, or a fault on request.
  bool hold_back() {
    auto volumes = missing_volumes(work_.cluster, pod_);
    if (!volumes.empty()) {
      work_.lacks = volumes.front().object;
      not_ready({ContainerState::Kind::waiting, "ContainerCreating", "", 0}, "");
      work_.cluster.record(pods, pod_, {"Warning", "FailedMount", volumes.front().message});
      return true;
    }
    auto environment = missing_environment(work_.cluster, pod_);
    if (environment.empty()) return apply_fault();
    const MissingReference& missing = environment.front();
    work_.lacks = missing.object;
    not_ready({ContainerState::Kind::waiting, "CreateContainerConfigError", missing.message, 0},
              missing.container);
    work_.cluster.record(pods, pod_, {"Warning", "Failed", "Error: " + missing.message});
    return true;
  }

  bool apply_fault() {
    struct Fault {
      std::string_view name;
      ContainerState state;
      std::string_view event;
    };
    const std::array<Fault, 3> faults{{
        {"image-pull",
         {ContainerState::Kind::waiting, "ImagePullBackOff", "Back-off pulling image", 0},
         "Failed"},
        {"crash-loop",
         {ContainerState::Kind::waiting, "CrashLoopBackOff", "back-off 5m0s restarting failed container", 5,
          "Error", 1},
         "BackOff"},
        {"oom",
         {ContainerState::Kind::waiting, "CrashLoopBackOff", "back-off 5m0s restarting failed container", 5,
          "OOMKilled", 137},
         "BackOff"},
    }};
    const auto* found = std::ranges::find(faults, fault_, &Fault::name);
    if (found == faults.end() || !restarts()) return false;
    not_ready(found->state, "");
    work_.cluster.record(pods, pod_, {"Warning", found->event, std::string(found->state.message)});
    return true;
  }

  [[nodiscard]] bool restarts() const {
    std::string_view policy = text_at(pod_, {"spec", "restartPolicy"});
    return policy.empty() || policy == "Always";
  }

  /// All containers, or the named one, in that state; the rest of the pod accordingly.
  void not_ready(const ContainerState& state, std::string_view container) {
    std::string names;
    for (const Value& one : items_at(pod_, {"spec", "containers"})) {
      names += fmt::format("{}{}", names.empty() ? "" : " ", text_at(one, {"name"}));
    }
    std::string message = fmt::format("containers with unready status: [{}]", names);
    bool init = is_init(container);
    ContainerState creating{ContainerState::Kind::waiting, init ? "PodInitializing" : "ContainerCreating", "",
                            0};
    if (init)
      set_containers("initContainers", "initContainerStatuses", [&](const Value& one) {
        return text_at(one, {"name"}) == container ? state : creating;
      });
    set_containers("containers", "containerStatuses", [&](const Value& one) {
      return container.empty() || text_at(one, {"name"}) == container ? state : creating;
    });
    status_ = set(status_, "Initialized", !init, now_);
    status_ = set(status_, "Ready", false, now_, "ContainersNotReady", message);
    status_ = set(status_, "ContainersReady", false, now_, "ContainersNotReady", message);
  }

  [[nodiscard]] bool is_init(std::string_view container) const {
    return std::ranges::any_of(items_at(pod_, {"spec", "initContainers"}),
                               [&](const Value& one) { return text_at(one, {"name"}) == container; });
  }

  void run() {
    ContainerState running{ContainerState::Kind::running, "", "", 0};
    ContainerState done{ContainerState::Kind::terminated, "Completed", "", 0};
    status_ = with(status_, {"phase"}, text("Running"));
    std::string address = bool_at(pod_, {"spec", "hostNetwork"}) ? "10.0.0.1" : address_of(pod_);
    status_ = with(status_, {"podIP"}, text(address));
    status_ = with(status_, {"podIPs"}, Value::list({fields({{"ip", text(address)}})}));
    for (std::string_view type : {"PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"}) {
      status_ = set(status_, type, true, now_);
    }
    set_containers("initContainers", "initContainerStatuses", [&](const Value& one) {
      bool sidecar = text_at(one, {"restartPolicy"}) == "Always";
      return sidecar ? running : done;
    });
    set_containers("containers", "containerStatuses", [&](const Value&) { return running; });
    if (!restarts()) wait_for_end();
  }

  /// The statuses of all containers in a field of the spec; `state` says what each does.
  template <class StateOf>
  void set_containers(std::string_view from, std::string_view to, StateOf state) {
    std::vector<Value> out;
    for (const Value& one : items_at(pod_, {"spec", from})) {
      out.push_back(container_status(one, state(one), work_.cluster.now_text()));
    }
    if (!out.empty()) status_ = with(status_, {to}, Value::list(out));
  }

  void wait_for_end() { work_.again_at(end_time()); }

  [[nodiscard]] std::int64_t end_time() const {
    const Value* ready = find_condition(status_, "ContainersReady");
    std::int64_t since =
        ready == nullptr ? now_ : time_of(text_at(*ready, {"lastTransitionTime"})).value_or(now_);
    return since + work_.times.job_run.nanoseconds;
  }

  /// Containers that nobody restarts end by themselves: well, unless a fault says otherwise.
  void end_if_due() {
    if (restarts()) return;
    if (end_time() > now_) return wait_for_end();
    bool fails = fault_ == "crash-loop" || fault_ == "oom";
    ContainerState done{
        ContainerState::Kind::terminated, fails ? "Error" : "Completed", "", 0, "", fails ? 1 : 0};
    status_ = with(status_, {"phase"}, text(fails ? "Failed" : "Succeeded"));
    for (std::string_view type : {"Ready", "ContainersReady"}) {
      status_ = set(status_, type, false, now_, fails ? "PodFailed" : "PodCompleted");
    }
    set_containers("containers", "containerStatuses", [&](const Value&) { return done; });
  }

  void write() { work_.cluster.write_status(pods, pod_, status_); }

  Work& work_;
  Value pod_;
  std::string fault_;
  std::int64_t now_;
  Value status_;
};

}  // namespace

void reconcile_pod(Work& work) {
  std::string_view phase = text_at(work.object, {"status", "phase"});
  if (is_going(work.object) || phase == "Succeeded" || phase == "Failed") return;
  PodRun(work).step();
}

}  // namespace carbon::sandbox
