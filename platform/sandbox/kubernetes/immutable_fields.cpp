#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cctype>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/kind_validation.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/validation.h"

namespace carbon::sandbox {

namespace {

using Causes = std::vector<StatusCause>;

/// How a change is refused.
enum class Refusal : std::uint8_t {
  invalid,     ///< 422 with the new value
  go_invalid,  ///< the same, its fields in Go's spelling (`APIGroup`), since the value is an internal type
  forbidden,
};

struct ImmutableField {
  std::string_view storage;
  std::string_view path;  ///< dotted
  Refusal refusal;
  std::string_view message;
  std::string_view told = {};  ///< the path in the refusal, where it is another
};

// docs: the "immutable" rows of research/kubernetes.md 1.7; texts from pkg/apis/*/validation, 1.35.
constexpr ImmutableField table[] = {
    {"deployments.apps", "spec.selector", Refusal::invalid, "field is immutable"},
    {"replicasets.apps", "spec.selector", Refusal::invalid, "field is immutable"},
    {"daemonsets.apps", "spec.selector", Refusal::invalid, "field is immutable"},
    {"jobs.batch", "spec.selector", Refusal::invalid, "field is immutable"},
    {"jobs.batch", "spec.completionMode", Refusal::invalid, "field is immutable"},
    {"jobs.batch", "spec.completions", Refusal::invalid, "field is immutable"},
    {"jobs.batch", "spec.template", Refusal::go_invalid, "field is immutable"},
    {"secrets", "type", Refusal::invalid, "field is immutable"},
    {"rolebindings.rbac.authorization.k8s.io", "roleRef", Refusal::go_invalid, "cannot change roleRef"},
    {"clusterrolebindings.rbac.authorization.k8s.io", "roleRef", Refusal::go_invalid,
     "cannot change roleRef"},
    {"storageclasses.storage.k8s.io", "parameters", Refusal::forbidden,
     "updates to parameters are forbidden."},
    {"storageclasses.storage.k8s.io", "provisioner", Refusal::forbidden,
     "updates to provisioner are forbidden."},
    {"storageclasses.storage.k8s.io", "reclaimPolicy", Refusal::forbidden,
     "updates to reclaimPolicy are forbidden."},
    {"storageclasses.storage.k8s.io", "volumeBindingMode", Refusal::invalid, "field is immutable"},
    {"priorityclasses.scheduling.k8s.io", "value", Refusal::forbidden, "may not be changed in an update."},
    {"priorityclasses.scheduling.k8s.io", "preemptionPolicy", Refusal::invalid, "field is immutable"},
    {"csidrivers.storage.k8s.io", "spec.attachRequired", Refusal::invalid, "field is immutable",
     "spec.attachedRequired"},
    {"endpointslices.discovery.k8s.io", "addressType", Refusal::invalid, "field is immutable"},
    {"ingressclasses.networking.k8s.io", "spec.controller", Refusal::invalid, "field is immutable"},
    {"customresourcedefinitions.apiextensions.k8s.io", "spec.scope", Refusal::invalid, "field is immutable"},
    {"customresourcedefinitions.apiextensions.k8s.io", "spec.group", Refusal::invalid, "field is immutable"},
    {"customresourcedefinitions.apiextensions.k8s.io", "spec.names.kind", Refusal::invalid,
     "field is immutable"},
    {"customresourcedefinitions.apiextensions.k8s.io", "spec.names.plural", Refusal::invalid,
     "field is immutable"},
    {"controllerrevisions.apps", "data", Refusal::invalid, "field is immutable"},
    {"persistentvolumes", "spec.csi", Refusal::forbidden,
     "spec.persistentvolumesource is immutable after creation", "spec.persistentvolumesource"},
    {"persistentvolumes", "spec.hostPath", Refusal::forbidden,
     "spec.persistentvolumesource is immutable after creation", "spec.persistentvolumesource"},
    {"persistentvolumes", "spec.nfs", Refusal::forbidden,
     "spec.persistentvolumesource is immutable after creation", "spec.persistentvolumesource"},
    {"persistentvolumes", "spec.local", Refusal::forbidden,
     "spec.persistentvolumesource is immutable after creation", "spec.persistentvolumesource"},
};

const Value* at_dotted(const Value& object, std::string_view path) {
  const Value* place = &object;
  while (place != nullptr && !path.empty()) {
    std::size_t dot = std::min(path.find('.'), path.size());
    place = at(*place, {path.substr(0, dot)});
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return place;
}

bool same(const Value* a, const Value* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return *a == *b;
}

/// Field names as Go's internal types have them: `apiGroup` is `APIGroup`.
Value in_go_names(const Value& value) {
  if (!value.is_fields()) return value;
  std::vector<Entry> out;
  for (const Entry& entry : value.entries()) {
    std::string name(entry.key.text());
    bool initials = name.starts_with("api");
    for (std::size_t i = 0; i < (initials ? 3U : 1U) && i < name.size(); ++i) {
      name[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[i])));
    }
    out.push_back({Value::string(name), in_go_names(entry.value)});
  }
  return Value::map(std::move(out));
}

/// `immutable: true` of ConfigMaps and Secrets (KEP-1412).
void check_immutable_config(const Value& before, const Value& after, Causes& causes) {
  if (!bool_at(before, {"immutable"})) return;
  constexpr std::string_view why = "field is immutable when `immutable` is set";
  if (!bool_at(after, {"immutable"})) causes.push_back(forbidden_value("immutable", why));
  for (std::string_view part : {"data", "binaryData"}) {
    if (!same(at(before, {part}), at(after, {part})))
      causes.push_back(forbidden_value(std::string(part), why));
  }
}

void check_stateful_set(const Value& before, const Value& after, Causes& causes) {
  Value old_spec = *at(before, {"spec"});
  Value new_spec = *at(after, {"spec"});
  for (std::string_view name : {"replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
                                "persistentVolumeClaimRetentionPolicy", "minReadySeconds"}) {
    old_spec = without(old_spec, {name});
    new_spec = without(new_spec, {name});
  }
  if (old_spec == new_spec) return;
  causes.push_back(forbidden_value(
      "spec",
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
      "'updateStrategy', "
      "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"));
}

void check_claim(const Value& before, const Value& after, Causes& causes) {
  Value old_spec = *at(before, {"spec"});
  Value new_spec = *at(after, {"spec"});
  bool bound = text_at(before, {"status", "phase"}) == "Bound";
  std::string_view grown = "requests";
  if (bound) {
    old_spec = without(without(old_spec, {"resources", grown}), {"volumeAttributesClassName"});
    new_spec = without(without(new_spec, {"resources", grown}), {"volumeAttributesClassName"});
  }
  // The volume is set once, by the binder.
  if (text_at(old_spec, {"volumeName"}).empty()) new_spec = without(new_spec, {"volumeName"});
  if (text_at(old_spec, {"storageClassName"}).empty()) new_spec = without(new_spec, {"storageClassName"});
  if (old_spec == new_spec) return;
  causes.push_back(forbidden_value("spec",
                                   "spec is immutable after creation except resources.requests and "
                                   "volumeAttributesClassName for bound claims"));
}

void check_service(const Value& before, const Value& after, Causes& causes) {
  std::string_view old_address = text_at(before, {"spec", "clusterIP"});
  std::string_view new_address = text_at(after, {"spec", "clusterIP"});
  bool external = text_at(after, {"spec", "type"}) == "ExternalName" ||
                  text_at(before, {"spec", "type"}) == "ExternalName";
  if (old_address == new_address || external) return;
  causes.push_back(
      invalid_value("spec.clusterIPs[0]", Value::list({text(new_address)}), "may not change once set"));
}

Value mutable_pod_parts_removed(Value spec) {
  for (std::string_view list : {"containers", "initContainers"}) {
    std::vector<Value> containers = items_at(spec, {list});
    for (Value& container : containers) container = without(container, {"image"});
    if (!containers.empty()) spec = with(spec, {list}, Value::list(std::move(containers)));
  }
  for (std::string_view name : {"activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds",
                                "nodeName", "schedulingGates"}) {
    spec = without(spec, {name});
  }
  return spec;
}

void check_pod(const Value& before, const Value& after, Causes& causes) {
  if (mutable_pod_parts_removed(*at(before, {"spec"})) == mutable_pod_parts_removed(*at(after, {"spec"})))
    return;
  causes.push_back(forbidden_value(
      "spec",
      "pod updates may not change fields other than "
      "`spec.containers[*].image`,`spec.initContainers[*].image`,"
      "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
      "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"));
}

using ChangeCheck = void (*)(const Value& before, const Value& after, Causes& causes);
constexpr std::array<std::pair<std::string_view, ChangeCheck>, 6> change_checks{{
    {"configmaps", check_immutable_config},
    {"secrets", check_immutable_config},
    {"statefulsets.apps", check_stateful_set},
    {"persistentvolumeclaims", check_claim},
    {"services", check_service},
    {"pods", check_pod},
}};

}  // namespace

void check_immutable(const ResourceInfo& resource, const Value& before, const Value& after, Causes& causes) {
  for (const ImmutableField& row : table) {
    if (row.storage != resource.storage) continue;
    const Value* old = at_dotted(before, row.path);
    const Value* now = at_dotted(after, row.path);
    if (same(old, now)) continue;
    Value shown = now == nullptr ? Value() : *now;
    std::string field(row.told.empty() ? row.path : row.told);
    switch (row.refusal) {
      case Refusal::invalid: causes.push_back(invalid_value(field, shown, row.message)); break;
      case Refusal::go_invalid:
        causes.push_back(invalid_value(field, in_go_names(shown), row.message));
        break;
      case Refusal::forbidden: causes.push_back(forbidden_value(field, row.message)); break;
    }
  }
  for (const auto& [storage, check] : change_checks) {
    if (storage == resource.storage) check(before, after, causes);
  }
}

}  // namespace carbon::sandbox
