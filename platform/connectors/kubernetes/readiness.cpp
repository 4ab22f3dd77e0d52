#include "platform/connectors/kubernetes/readiness.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "platform/connectors/kubernetes/json_edit.h"

namespace carbon {

namespace {

using Kind = Readiness::Kind;

/// A count in the status that must reach one in spec or status. Paths are two levels, as all of these are.
struct CountRule {
  std::string_view kind;  ///< `group/kind`
  std::string_view have;  ///< in status
  std::string_view want_in, want;
  std::int64_t want_default;
  std::string_view text;  ///< `{have} of {want} …`
};

constexpr std::array<CountRule, 11> counts{{
    {"apps/Deployment", "updatedReplicas", "spec", "replicas", 1, "replicas updated"},
    {"apps/Deployment", "availableReplicas", "spec", "replicas", 1, "replicas available"},
    {"apps/Deployment", "readyReplicas", "spec", "replicas", 1, "replicas ready"},
    {"apps/StatefulSet", "replicas", "spec", "replicas", 1, "replicas created"},
    {"apps/StatefulSet", "readyReplicas", "spec", "replicas", 1, "replicas ready"},
    {"apps/DaemonSet", "updatedNumberScheduled", "status", "desiredNumberScheduled", 0, "pods updated"},
    {"apps/DaemonSet", "numberAvailable", "status", "desiredNumberScheduled", 0, "pods available"},
    {"apps/DaemonSet", "numberReady", "status", "desiredNumberScheduled", 0, "pods ready"},
    {"apps/ReplicaSet", "availableReplicas", "spec", "replicas", 1, "replicas available"},
    {"apps/ReplicaSet", "readyReplicas", "spec", "replicas", 1, "replicas ready"},
    {"apps/ReplicaSet", "fullyLabeledReplicas", "spec", "replicas", 1, "replicas labelled"},
}};

/// What a condition says. First match decides.
struct ConditionRule {
  std::string_view kind;
  std::string_view type;
  std::string_view status;
  std::string_view reason;  ///< empty: any
  Kind verdict;
  bool dated = false;  ///< its controller brings the condition's observedGeneration up to date
};

constexpr std::array<ConditionRule, 10> conditions{{
    {"apps/Deployment", "Progressing", "False", "ProgressDeadlineExceeded", Kind::failed},
    {"batch/Job", "Failed", "True", "", Kind::failed},
    {"batch/Job", "FailureTarget", "True", "", Kind::failed},
    {"apiextensions.k8s.io/CustomResourceDefinition", "NamesAccepted", "False", "", Kind::failed},
    {"apps/ReplicaSet", "ReplicaFailure", "True", "", Kind::waiting},
    {"cert-manager.io/Certificate", "Issuing", "False", "Failed", Kind::failed, true},
    {"cert-manager.io/Certificate", "Issuing", "False", "Denied", Kind::failed, true},
    {"cert-manager.io/Certificate", "Issuing", "False", "InvalidRequest", Kind::failed, true},
    {"", "Stalled", "True", "", Kind::failed},
    {"", "Reconciling", "True", "", Kind::waiting},
}};

/// Conditions that must be True; an absent one counts as not yet.
struct RequiredCondition {
  std::string_view kind;
  std::string_view type;
  bool dated = false;
};

constexpr std::array<RequiredCondition, 11> required{{
    {"apps/Deployment", "Available"},
    {"batch/Job", "Complete"},
    {"apiextensions.k8s.io/CustomResourceDefinition", "NamesAccepted"},
    {"apiextensions.k8s.io/CustomResourceDefinition", "Established"},
    {"apiregistration.k8s.io/APIService", "Available"},
    {"/Pod", "Ready"},
    {"cert-manager.io/Certificate", "Ready", true},
    {"cert-manager.io/Issuer", "Ready", true},
    {"cert-manager.io/ClusterIssuer", "Ready", true},
    {"kyverno.io/ClusterPolicy", "Ready"},
    {"kyverno.io/Policy", "Ready"},
}};

/// The phases that mean ready, and those that mean failed; several are separated by `|`.
struct PhaseRule {
  std::string_view kind;
  std::string_view ready;
  std::string_view failed;
  std::string_view phase = "phase";      ///< in the status, with dots
  std::string_view message = "message";  ///< why, in the status
  bool may_be_silent = false;            ///< without a status it is ready: perhaps nobody ever writes one
};

constexpr std::string_view victoria_phase = "updateStatus";
constexpr std::string_view victoria_ready = "operational|paused";

constexpr PhaseRule victoria_workload(std::string_view kind) {
  return {kind, victoria_ready, "failed", victoria_phase, "reason"};
}
/// The operator writes a status once a workload selects the object.
constexpr PhaseRule victoria_rule(std::string_view kind) {
  return {kind, victoria_ready, "failed", victoria_phase, "reason", true};
}

/// Velero: pkg/apis/velero/v1. The VictoriaMetrics operator: api/operator/v1beta1, "StatusMetadata". The
/// Kubeflow Spark operator: api/v1beta2, "ApplicationStateType" and "ScheduleState".
constexpr std::array<PhaseRule, 25> phases{{
    {"/Namespace", "Active", ""},
    {"/PersistentVolumeClaim", "Bound", "Lost"},
    {"/Pod", "", "Failed"},
    {"velero.io/BackupStorageLocation", "Available", ""},
    {"velero.io/Schedule", "Enabled", "FailedValidation", "phase", "validationErrors"},
    {"velero.io/Backup", "Completed", "Failed|PartiallyFailed|FailedValidation", "phase", "failureReason"},
    {"velero.io/Restore", "Completed", "Failed|PartiallyFailed|FailedValidation", "phase", "failureReason"},
    victoria_workload("operator.victoriametrics.com/VMAgent"),
    victoria_workload("operator.victoriametrics.com/VMAlert"),
    victoria_workload("operator.victoriametrics.com/VMAlertmanager"),
    victoria_workload("operator.victoriametrics.com/VMAuth"),
    victoria_workload("operator.victoriametrics.com/VMCluster"),
    victoria_workload("operator.victoriametrics.com/VMSingle"),
    victoria_rule("operator.victoriametrics.com/VMAlertmanagerConfig"),
    victoria_rule("operator.victoriametrics.com/VMNodeScrape"),
    victoria_rule("operator.victoriametrics.com/VMPodScrape"),
    victoria_rule("operator.victoriametrics.com/VMProbe"),
    victoria_rule("operator.victoriametrics.com/VMRule"),
    victoria_rule("operator.victoriametrics.com/VMScrapeConfig"),
    victoria_rule("operator.victoriametrics.com/VMServiceScrape"),
    victoria_rule("operator.victoriametrics.com/VMStaticScrape"),
    victoria_rule("operator.victoriametrics.com/VMUser"),
    {"sparkoperator.k8s.io/SparkApplication", "RUNNING|SUCCEEDING|COMPLETED|SUSPENDED", "FAILED",
     "applicationState.state", "applicationState.errorMessage"},
    {"sparkoperator.k8s.io/ScheduledSparkApplication", "Scheduled", "FailedValidation", "scheduleState",
     "reason"},
    {"sparkoperator.k8s.io/SparkConnect", "Ready", "Failed", "state", "conditions"},
}};

/// Waiting reasons of a container that no waiting ends.
constexpr std::array<std::string_view, 5> hopeless_waits{"ImagePullBackOff", "InvalidImageName",
                                                         "CreateContainerConfigError", "CreateContainerError",
                                                         "RunContainerError"};
constexpr std::int64_t crashes_before_failed = 3;

Readiness waiting(std::string reason) { return {Kind::waiting, std::move(reason)}; }

std::int64_t count_at(const Value& object, std::string_view part, std::string_view name,
                      std::int64_t otherwise) {
  const Value* value = find_field(object, {part, name});
  return value != nullptr && value->kind() == ValueKind::integer ? value->as_int() : otherwise;
}

const Value* condition(const Value& object, std::string_view type) {
  const Value* all = find_field(object, {"status", "conditions"});
  if (all == nullptr || !all->is_sequence()) return nullptr;
  auto found = std::find_if(all->items().begin(), all->items().end(),
                            [&](const Value& each) { return text_at(each, {"type"}) == type; });
  return found == all->items().end() ? nullptr : &*found;
}

std::string said(const Value& condition) {
  std::string_view message = text_at(condition, {"message"});
  std::string_view reason = text_at(condition, {"reason"});
  if (message.empty()) return std::string(reason.empty() ? text_at(condition, {"type"}) : reason);
  return reason.empty() ? std::string(message) : fmt::format("{}: {}", reason, message);
}

/// True for a condition that says of an older generation what it says.
bool is_of_before(const Value& condition, const Value& object) {
  const Value* observed = condition.find("observedGeneration");
  return observed != nullptr && observed->kind() == ValueKind::integer &&
         observed->as_int() < count_at(object, "metadata", "generation", 0);
}

std::optional<Readiness> by_generation(const Value& object) {
  if (!text_at(object, {"metadata", "deletionTimestamp"}).empty()) return waiting("being deleted");
  const Value* observed = find_field(object, {"status", "observedGeneration"});
  if (observed == nullptr || observed->kind() != ValueKind::integer) return std::nullopt;
  if (observed->as_int() >= count_at(object, "metadata", "generation", 0)) return std::nullopt;
  return waiting("its controller has not seen the change yet");
}

std::optional<Readiness> by_conditions(const Value& object, std::string_view kind) {
  for (const ConditionRule& rule : conditions) {
    if (!rule.kind.empty() && rule.kind != kind) continue;
    const Value* found = condition(object, rule.type);
    if (found == nullptr || text_at(*found, {"status"}) != rule.status) continue;
    if (rule.dated && is_of_before(*found, object)) continue;
    if (rule.reason.empty() || text_at(*found, {"reason"}) == rule.reason)
      return Readiness{rule.verdict, said(*found)};
  }
  return std::nullopt;
}

bool is_one_of(std::string_view word, std::string_view words) {
  while (!words.empty()) {
    std::size_t end = std::min(words.find('|'), words.size());
    if (words.substr(0, end) == word) return !word.empty();
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

/// `applicationState.state` of the status.
const Value* status_at(const Value& object, std::string_view path) {
  const Value* at = object.find("status");
  while (at != nullptr && !path.empty()) {
    std::size_t dot = std::min(path.find('.'), path.size());
    at = at->find(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return at;
}

std::string_view status_text(const Value& object, std::string_view path) {
  const Value* found = status_at(object, path);
  return found != nullptr && found->is_string() ? found->text() : std::string_view();
}

/// What the status says of a phase: a text, or a list of them.
std::string explained(const Value& object, const PhaseRule& rule, std::string_view phase) {
  std::string out(status_text(object, rule.message));
  const Value* several = status_at(object, rule.message);
  if (several != nullptr && several->is_sequence()) {
    for (const Value& each : several->items()) {
      if (each.is_string()) out += fmt::format("{}{}", out.empty() ? "" : "; ", each.text());
    }
  }
  if (out.empty()) return fmt::format("phase {}", phase);
  return rule.phase == "phase" && rule.message == "message" ? out : fmt::format("{}: {}", phase, out);
}

/// A group with a dot is a custom one, or has a controller that every cluster runs.
std::string no_status(std::string_view kind) {
  bool custom = kind.substr(0, kind.find('/')).find('.') != std::string_view::npos;
  return custom ? "no status yet: its operator has not seen it" : "no status yet";
}

std::optional<Readiness> by_phase(const Value& object, std::string_view kind) {
  for (const PhaseRule& rule : phases) {
    if (rule.kind != kind) continue;
    std::string_view phase = status_text(object, rule.phase);
    if (is_one_of(phase, rule.failed)) return Readiness{Kind::failed, explained(object, rule, phase)};
    if (rule.ready.empty() || is_one_of(phase, rule.ready)) continue;
    if (phase.empty() && rule.may_be_silent) continue;
    return waiting(phase.empty() ? no_status(kind) : explained(object, rule, phase));
  }
  return std::nullopt;
}

std::optional<Readiness> by_counts(const Value& object, std::string_view kind) {
  for (const CountRule& rule : counts) {
    if (rule.kind != kind) continue;
    std::int64_t want = count_at(object, rule.want_in, rule.want, rule.want_default);
    std::int64_t have = count_at(object, "status", rule.have, 0);
    if (have < want) return waiting(fmt::format("{} of {} {}", have, want, rule.text));
  }
  return std::nullopt;
}

std::optional<Readiness> by_required(const Value& object, std::string_view kind) {
  for (const RequiredCondition& rule : required) {
    if (rule.kind != kind) continue;
    const Value* found = condition(object, rule.type);
    if (found == nullptr) return waiting(fmt::format("not {} yet", rule.type));
    if (text_at(*found, {"status"}) != "True") return waiting(said(*found));
    if (rule.dated && is_of_before(*found, object))
      return waiting("its controller has not seen the change yet");
  }
  return std::nullopt;
}

/// A StatefulSet's roll-out. With OnDelete there is none; with a partition only the pods above it are new.
std::optional<Readiness> stateful_set_rollout(const Value& object) {
  if (text_at(object, {"spec", "updateStrategy", "type"}) == "OnDelete") return std::nullopt;
  std::int64_t replicas = count_at(object, "spec", "replicas", 1);
  std::int64_t updated = count_at(object, "status", "updatedReplicas", 0);
  const Value* partition = find_field(object, {"spec", "updateStrategy", "rollingUpdate", "partition"});
  std::int64_t kept =
      partition != nullptr && partition->kind() == ValueKind::integer ? partition->as_int() : 0;
  bool same = text_at(object, {"status", "currentRevision"}) == text_at(object, {"status", "updateRevision"});
  if (kept == 0 && same) return std::nullopt;
  std::int64_t want = std::max<std::int64_t>(0, replicas - kept);
  if (updated >= want && kept > 0) return std::nullopt;
  return waiting(fmt::format("{} of {} replicas updated", std::min(updated, want), want));
}

/// Rules that no table row can say.
std::optional<Readiness> by_kind(const Value& object, std::string_view kind) {
  if (kind == "apps/StatefulSet") return stateful_set_rollout(object);
  if (kind == "apps/Deployment") {
    std::int64_t extra = count_at(object, "status", "replicas", 0) - count_at(object, "spec", "replicas", 1);
    if (extra > 0) return waiting(fmt::format("{} old replicas still there", extra));
  }
  bool has_status = object.find("status") != nullptr;
  bool is_daemon_set = kind == "apps/DaemonSet";
  if (is_daemon_set && (!has_status || find_field(object, {"status", "observedGeneration"}) == nullptr))
    return waiting("no status yet");
  return std::nullopt;
}

std::int64_t revision_number(const Value& revision) {
  const Value* value = revision.find("revision");
  return value != nullptr && value->kind() == ValueKind::integer ? value->as_int() : 0;
}

bool is_finished(const Value& object, std::string_view kind) {
  if (kind == "/Pod") return text_at(object, {"status", "phase"}) == "Succeeded";
  const Value* suspended = find_field(object, {"spec", "suspend"});
  constexpr std::array<std::string_view, 3> suspendable{"batch/Job", "sparkoperator.k8s.io/SparkApplication",
                                                        "sparkoperator.k8s.io/ScheduledSparkApplication"};
  return std::ranges::find(suspendable, kind) != suspendable.end() && suspended != nullptr &&
         suspended->kind() == ValueKind::boolean && suspended->as_bool();
}

bool has_rule(std::string_view kind) {
  return std::any_of(counts.begin(), counts.end(), [&](const auto& rule) { return rule.kind == kind; }) ||
         std::any_of(required.begin(), required.end(), [&](const auto& rule) { return rule.kind == kind; }) ||
         std::any_of(phases.begin(), phases.end(), [&](const auto& rule) { return rule.kind == kind; });
}

Readiness by_ready_condition(const Value& object) {
  const Value* ready = condition(object, "Ready");
  if (ready == nullptr || text_at(*ready, {"status"}) == "True") return {};
  return waiting(said(*ready));
}

}  // namespace

Readiness readiness_of(const Value& object, const KubernetesApi& api) {
  std::string kind = api.group + "/" + api.kind;
  if (auto found = by_generation(object)) return *found;
  if (auto found = by_conditions(object, kind)) return *found;
  if (is_finished(object, kind)) return {};
  for (auto rule : {by_phase, by_kind, by_counts, by_required}) {
    if (auto found = rule(object, kind)) return *found;
  }
  return has_rule(kind) ? Readiness{} : by_ready_condition(object);
}

bool has_pods(const KubernetesApi& api) {
  if (api.group == "batch") return api.kind == "Job";
  constexpr std::array<std::string_view, 4> kinds{"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"};
  return api.group == "apps" && std::find(kinds.begin(), kinds.end(), api.kind) != kinds.end();
}

bool seen_by_controller(const Value& object) { return !by_generation(object); }

std::string_view revisions_of(const KubernetesApi& api) {
  if (api.group == "apps" && api.kind == "Deployment") return "replicasets";
  if (api.group == "apps" && api.kind == "DaemonSet") return "controllerrevisions";
  return "";
}

std::optional<std::string> newest_pods(const Value& object, const KubernetesApi& api,
                                       const Value* revisions) {
  if (api.group == "apps" && api.kind == "StatefulSet") {
    std::string_view revision = text_at(object, {"status", "updateRevision"});
    return revision.empty() ? "" : fmt::format("controller-revision-hash={}", revision);
  }
  if (revisions_of(api).empty()) return "";
  const Value* items = revisions == nullptr ? nullptr : revisions->find("items");
  if (items == nullptr || !items->is_sequence()) return std::nullopt;
  bool deployment = api.kind == "Deployment";
  std::string_view key = deployment ? "pod-template-hash" : "controller-revision-hash";
  constexpr std::string_view revision = "deployment.kubernetes.io/revision";
  std::int64_t newest = -1;
  std::optional<std::string> label;
  for (const Value& item : items->items()) {
    const Value* owners = find_field(item, {"metadata", "ownerReferences"});
    bool owned = owners != nullptr && owners->is_sequence() && !owners->items().empty() &&
                 text_at(owners->items().front(), {"uid"}) == text_at(object, {"metadata", "uid"});
    std::string_view value = text_at(item, {"metadata", "labels", key});
    if (!owned || value.empty()) continue;
    std::int64_t number = deployment ? 0 : revision_number(item);
    bool same = text_at(item, {"metadata", "annotations", revision}) ==
                text_at(object, {"metadata", "annotations", revision});
    if ((deployment && !same) || number <= newest) continue;
    newest = number;
    label = fmt::format("{}={}", key, value);
  }
  return label;
}

Readiness pod_trouble(const Value& pod) {
  if (!text_at(pod, {"metadata", "deletionTimestamp"}).empty()) return {};
  std::string name(text_at(pod, {"metadata", "name"}));
  for (std::string_view list : {"initContainerStatuses", "containerStatuses"}) {
    const Value* containers = find_field(pod, {"status", list});
    if (containers == nullptr || !containers->is_sequence()) continue;
    for (const Value& container : containers->items()) {
      std::string_view reason = text_at(container, {"state", "waiting", "reason"});
      if (reason.empty() || reason == "ContainerCreating" || reason == "PodInitializing") continue;
      const Value* restarts = container.find("restartCount");
      bool counted = restarts != nullptr && restarts->kind() == ValueKind::integer;
      bool crashed = reason == "CrashLoopBackOff" && counted && restarts->as_int() >= crashes_before_failed;
      bool hopeless =
          crashed || std::find(hopeless_waits.begin(), hopeless_waits.end(), reason) != hopeless_waits.end();
      std::string text = fmt::format("pod {}, container {}: {}", name, text_at(container, {"name"}), reason);
      if (auto message = text_at(container, {"state", "waiting", "message"}); !message.empty())
        text += fmt::format(" ({})", message);
      return {hopeless ? Kind::failed : Kind::waiting, std::move(text)};
    }
  }
  const Value* scheduled = condition(pod, "PodScheduled");
  if (scheduled != nullptr && text_at(*scheduled, {"status"}) == "False")
    return waiting(fmt::format("pod {}: {}", name, said(*scheduled)));
  return {};
}

}  // namespace carbon
