#include "platform/sandbox/kubernetes_controllers/pod_template.h"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "platform/sandbox/kubernetes_controllers/object_time.h"
#include "platform/sandbox/kubernetes_controllers/text_hash.h"

namespace carbon::sandbox {

Value pod_of(const NewPod& pod) {
  std::string_view kept_as = pod.name.ends_with('-') ? "generateName" : "name";
  Value metadata = fields({{kept_as, text(pod.name)},
                           {"namespace", text(namespace_of(pod.owner))},
                           {"ownerReferences", owner_references(pod.owner_storage, pod.owner)}});
  for (std::string_view part : {"labels", "annotations", "finalizers"}) {
    if (const Value* given = at(pod.pod_template, {"metadata", part}))
      metadata = with(metadata, {part}, *given);
  }
  for (const auto& [name, value] : pod.labels) metadata = with(metadata, {"labels", name}, text(value));
  const Value* spec = at(pod.pod_template, {"spec"});
  return fields({{"metadata", metadata}, {"spec", spec == nullptr ? Value::map({}) : *spec}});
}

namespace {

StoreKey account_of(const Value& pod) {
  std::string account(text_at(pod, {"spec", "serviceAccountName"}));
  return {"serviceaccounts", std::string(namespace_of(pod)), account.empty() ? "default" : account};
}

/// The refusal of the ServiceAccount admission, if it would refuse the pod.
std::optional<ApiStatus> account_refusal(Cluster& cluster, const Value& pod) {
  StoreKey account = account_of(pod);
  if (cluster.get(account) != nullptr) return std::nullopt;
  std::string_view name = text_at(pod, {"metadata", "generateName"});
  return forbidden("", "pods", name.empty() ? name_of(pod) : name,
                   fmt::format("error looking up service account {}/{}: serviceaccount \"{}\" not found",
                               account.namespace_name, account.name, account.name));
}

}  // namespace

ApiResult<Value> create_pod(Work& work, std::string_view owner_storage, Value pod) {
  auto refusal = account_refusal(work.cluster, pod);
  std::string prefix(text_at(pod, {"metadata", "generateName"}));
  if (!prefix.empty()) pod = with(pod, {"metadata", "name"}, text(prefix + work.cluster.random_suffix()));
  ApiResult<Value> made = refusal ? refuse(*refusal) : work.cluster.create("pods", pod);
  if (made) return made;
  work.lacks =
      refusal ? account_of(pod) : StoreKey{"pods", std::string(namespace_of(pod)), std::string(name_of(pod))};
  work.cluster.record(owner_storage, work.object,
                      {"Warning", "FailedCreate", "Error creating: " + made.error().message});
  return made;
}

bool pod_ended(const Value& pod) {
  std::string_view phase = text_at(pod, {"status", "phase"});
  return phase == "Succeeded" || phase == "Failed";
}

bool pod_counts(const Value& pod) { return !pod_ended(pod) && !is_going(pod); }

bool pod_ready(const Value& pod) {
  const Value* status = pod.find("status");
  return status != nullptr && condition_is(*status, "Ready", "True");
}

bool pod_available(Work& work, const Value& pod, std::int64_t min_ready_seconds) {
  if (!pod_ready(pod)) return false;
  if (min_ready_seconds == 0) return true;
  const Value* ready = find_condition(*pod.find("status"), "Ready");
  std::int64_t since = time_of(text_at(*ready, {"lastTransitionTime"})).value_or(0);
  std::int64_t until = since + min_ready_seconds * second;
  if (until > work.cluster.now()) work.again_at(until);
  return until <= work.cluster.now();
}

PodCounts count_pods(Work& work, const std::vector<Value>& pods, std::int64_t min_ready_seconds) {
  PodCounts counts;
  for (const Value& pod : pods) {
    if (!pod_counts(pod)) continue;
    ++counts.total;
    if (pod_ready(pod)) ++counts.ready;
    if (pod_available(work, pod, min_ready_seconds)) ++counts.available;
  }
  return counts;
}

std::string template_hash(const Value& pod_template) {
  return name_hash(to_json(without(pod_template, {"metadata", "labels", "pod-template-hash"})));
}

std::int64_t share_of(const Value* amount, std::int64_t whole, Rounding rounding, std::string_view fallback) {
  if (amount != nullptr && amount->kind() == ValueKind::integer) return amount->as_int();
  std::string_view spelled = amount != nullptr && amount->is_string() ? amount->text() : fallback;
  std::int64_t number = 0;
  std::from_chars(spelled.data(), spelled.data() + spelled.size(), number);
  if (!spelled.ends_with('%')) return number;
  std::int64_t hundreds = whole * number;
  return rounding == Rounding::up ? (hundreds + 99) / 100 : hundreds / 100;
}

Value with_count(const Value& status, std::string_view field, std::int64_t count) {
  return count == 0 ? without(status, {field}) : with(status, {field}, number(count));
}

std::string current_revision(Work& work, std::string_view owner_storage) {
  const Value* pod_template = at(work.object, {"spec", "template"});
  Value data =
      fields({{"spec", fields({{"template", pod_template == nullptr ? Value::map({}) : *pod_template}})}});
  std::string hash = name_hash(to_json(data));
  std::string name = fmt::format("{}-{}", name_of(work.object), hash);
  std::string place(namespace_of(work.object));
  std::int64_t newest = 0;
  std::vector<Value> revisions = work.cluster.controlled("controllerrevisions.apps", work.object);
  for (const Value& revision : revisions)
    newest = std::max(newest, int_at(revision, {"revision"}).value_or(0));
  if (const Value* present = work.cluster.get({"controllerrevisions.apps", place, name})) {
    // Back to an earlier template: its revision becomes the newest again.
    if (int_at(*present, {"revision"}).value_or(0) < newest) {
      (void)work.cluster.update("controllerrevisions.apps", with(*present, {"revision"}, number(newest + 1)));
    }
    return name;
  }
  Value labels = fields({{"controller.kubernetes.io/hash", text(hash)}});
  if (const Value* given = at(work.object, {"spec", "selector", "matchLabels"})) {
    labels = with(*given, {"controller.kubernetes.io/hash"}, text(hash));
  }
  Value metadata = fields({{"name", text(name)},
                           {"namespace", text(place)},
                           {"labels", labels},
                           {"ownerReferences", owner_references(owner_storage, work.object)}});
  (void)work.cluster.create(
      "controllerrevisions.apps",
      fields({{"metadata", metadata}, {"data", data}, {"revision", number(newest + 1)}}));
  return name;
}

}  // namespace carbon::sandbox
