#include "platform/sandbox/kubernetes/kind_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <utility>

#include "base/base64.h"
#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/pod_quality.h"
#include "platform/sandbox/kubernetes/wire.h"

namespace carbon::sandbox {

namespace {

using Prepare = Value (*)(Value object, std::string_view name);

Value prepare_namespace(Value object, std::string_view name) {
  object = with(object, {"metadata", "labels", "kubernetes.io/metadata.name"}, text(name));
  object = with(object, {"status"}, fields({{"phase", text("Active")}}));
  if (items_at(object, {"spec", "finalizers"}).empty()) {
    object = with(object, {"spec", "finalizers"}, Value::list({text("kubernetes")}));
  }
  return object;
}

Value with_finalizer(Value object, std::string_view finalizer) {
  std::vector<Value> finalizers = items_at(object, {"metadata", "finalizers"});
  if (std::ranges::find(finalizers, text(finalizer)) != finalizers.end()) return object;
  finalizers.push_back(text(finalizer));
  return with(object, {"metadata", "finalizers"}, Value::list(std::move(finalizers)));
}

Value prepare_claim(Value object, std::string_view) {
  object = with(object, {"status"}, fields({{"phase", text("Pending")}}));
  return with_finalizer(std::move(object), "kubernetes.io/pvc-protection");
}

Value prepare_volume(Value object, std::string_view) {
  Value now = text(text_at(object, {"metadata", "creationTimestamp"}));
  object = with(object, {"status"}, fields({{"lastPhaseTransitionTime", now}, {"phase", text("Pending")}}));
  return with_finalizer(std::move(object), "kubernetes.io/pv-protection");
}

/// Selector and labels of a Job by its uid (registry/batch/job/strategy.go, generateSelector).
Value prepare_job(Value object, std::string_view name) {
  if (bool_at(object, {"spec", "manualSelector"})) return object;
  Value uid = text(text_at(object, {"metadata", "uid"}));
  object = with(object, {"spec", "manualSelector"}, Value::boolean(false));
  for (std::string_view label : {"batch.kubernetes.io/controller-uid", "controller-uid"}) {
    object = with(object, {"spec", "template", "metadata", "labels", label}, uid);
  }
  for (std::string_view label : {"batch.kubernetes.io/job-name", "job-name"}) {
    object = with(object, {"spec", "template", "metadata", "labels", label}, text(name));
  }
  object = with(object, {"spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid"}, uid);
  if (at(object, {"metadata", "labels"}) == nullptr) {
    object = with(object, {"metadata", "labels"}, *at(object, {"spec", "template", "metadata", "labels"}));
  }
  return object;
}

constexpr std::string_view template_generation = "deprecated.daemonset.template.generation";

Value prepare_daemon_set(Value object, std::string_view) {
  return with(object, {"metadata", "annotations", template_generation}, text("1"));
}

/// A field of the internal type (SetDefaults_..., conversion to apps/v1): it counts changes of the template.
Value updated_daemon_set(const Value& before, Value after) {
  std::string count(text_at(before, {"metadata", "annotations", template_generation}));
  const Value* old_template = at(before, {"spec", "template"});
  const Value* new_template = at(after, {"spec", "template"});
  bool same = old_template != nullptr && new_template != nullptr && *old_template == *new_template;
  int number = 0;
  std::from_chars(count.data(), count.data() + count.size(), number);
  return with(after, {"metadata", "annotations", template_generation},
              text(std::to_string(number + (same ? 0 : 1))));
}

Value prepare_replication_controller(Value object, std::string_view) {
  const Value* labels = at(object, {"spec", "template", "metadata", "labels"});
  if (at(object, {"metadata", "labels"}) != nullptr || labels == nullptr) return object;
  return with(object, {"metadata", "labels"}, *labels);
}

/// Kinds whose generation an update does not move, and the one that begins to count with its first change.
bool counts_changes(const ResourceInfo& resource) {
  if (resource.storage == "csidrivers.storage.k8s.io") return true;
  return resource.has_generation && resource.storage != "priorityclasses.scheduling.k8s.io";
}

Value prepare_load_balancer(Value object, std::string_view) {
  return with(object, {"status"}, fields({{"loadBalancer", Value::map({})}}));
}

Value prepare_definition(Value object, std::string_view) {
  std::vector<Value> stored;
  for (const Value& version : items_at(object, {"spec", "versions"})) {
    if (bool_at(version, {"storage"})) stored.push_back(text(text_at(version, {"name"})));
  }
  Value none = Value();
  Value names = fields({{"kind", text("")}, {"plural", text("")}});
  return with(
      object, {"status"},
      fields({{"acceptedNames", names}, {"conditions", none}, {"storedVersions", Value::list(stored)}}));
}

Value prepare_pod(Value object, std::string_view) {
  object = with(object, {"status"},
                fields({{"phase", text("Pending")}, {"qosClass", text(quality_of_service(object))}}));
  if (text_at(object, {"spec", "serviceAccountName"}).empty()) {
    object = with(object, {"spec", "serviceAccountName"}, text("default"));
  }
  object = with(object, {"spec", "serviceAccount"}, text(text_at(object, {"spec", "serviceAccountName"})));
  if (at(object, {"spec", "priority"}) == nullptr) object = with(object, {"spec", "priority"}, number(0));
  if (at(object, {"spec", "preemptionPolicy"}) == nullptr) {
    object = with(object, {"spec", "preemptionPolicy"}, text("PreemptLowerPriority"));
  }
  return object;
}

constexpr std::array<std::pair<std::string_view, Prepare>, 10> preparations{{
    {"namespaces", prepare_namespace},
    {"persistentvolumeclaims", prepare_claim},
    {"persistentvolumes", prepare_volume},
    {"jobs.batch", prepare_job},
    {"daemonsets.apps", prepare_daemon_set},
    {"replicationcontrollers", prepare_replication_controller},
    {"services", prepare_load_balancer},
    {"ingresses.networking.k8s.io", prepare_load_balancer},
    {"customresourcedefinitions.apiextensions.k8s.io", prepare_definition},
    {"pods", prepare_pod},
}};

/// stringData goes into data and is kept nowhere (core/v1 conversion).
Value secret_data(Value object) {
  const Value* plain = at(object, {"stringData"});
  if (plain == nullptr || !plain->is_fields()) return without(object, {"stringData"});
  Value secret = object;
  for (const Entry& entry : plain->entries()) {
    secret = with(secret, {"data", entry.key.text()}, text(base64_encode(entry.value.text())));
  }
  return without(secret, {"stringData"});
}

/// Addresses and node ports that an update leaves out stay (patchAllocatedValues).
Value with_allocated(const Value& before, Value after) {
  bool external = text_at(after, {"spec", "type"}) == "ExternalName" ||
                  text_at(before, {"spec", "type"}) == "ExternalName";
  if (external) return after;
  for (std::string_view name : {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"}) {
    const Value* old = at(before, {"spec", name});
    if (old != nullptr && at(after, {"spec", name}) == nullptr) after = with(after, {"spec", name}, *old);
  }
  std::vector<Value> old_ports = items_at(before, {"spec", "ports"});
  std::vector<Value> ports = items_at(after, {"spec", "ports"});
  if (text_at(after, {"spec", "type"}) == "ClusterIP") return after;
  for (Value& port : ports) {
    auto same = std::ranges::find_if(old_ports, [&](const Value& old) {
      return int_at(old, {"port"}) == int_at(port, {"port"}) &&
             text_at(old, {"protocol"}) == text_at(port, {"protocol"});
    });
    const Value* node_port = same == old_ports.end() ? nullptr : at(*same, {"nodePort"});
    if (node_port != nullptr && at(port, {"nodePort"}) == nullptr)
      port = with(port, {"nodePort"}, *node_port);
  }
  return ports.empty() ? after : with(after, {"spec", "ports"}, Value::list(std::move(ports)));
}

bool keeps_status(const ResourceInfo& resource) {
  return resource.has_status() || resource.storage == "namespaces";
}

Value part_of(const Value& from, Value to, std::string_view part) {
  const Value* old = from.find(part);
  return old == nullptr ? without(to, {part}) : with(to, {part}, *old);
}

/// What counts as a change of the specification: all but metadata and status.
Value specification(const Value& object) { return without(without(object, {"metadata"}), {"status"}); }

/// A Deployment counts a change of its annotations too (registry/apps/deployment/strategy.go).
bool same_annotations(const Value& before, const Value& after) {
  const Value* old = at(before, {"metadata", "annotations"});
  const Value* now = at(after, {"metadata", "annotations"});
  const Value none = Value::map({});
  return (old == nullptr ? none : *old) == (now == nullptr ? none : *now);
}

/// A finalizer that somebody dropped or added through status would be lost otherwise.
Value status_only(const Value& before, Value after) {
  Value result = part_of(after, before, "status");
  const Value* managers = at(after, {"metadata", "managedFields"});
  return managers == nullptr ? without(result, {"metadata", "managedFields"})
                             : with(result, {"metadata", "managedFields"}, *managers);
}

}  // namespace

PathSet ignored_paths(const ResourceInfo& resource, std::string_view subresource) {
  PathSet paths;
  if (subresource == "status" && resource.storage == "deployments.apps") {
    paths.child("f:spec").set_here();
    paths.child("f:metadata").child("f:labels").set_here();
  } else if (subresource == "status") {
    for (std::string_view step : {"f:spec", "f:data", "f:metadata"}) paths.child(step).set_here();
  } else if (keeps_status(resource)) {
    paths.child("f:status").set_here();
  }
  return paths;
}

Value decoded_object(const ResourceInfo& resource, Value object) {
  return resource.storage == "secrets" ? secret_data(std::move(object)) : object;
}

Value prepared_for_create(const ResourceInfo& resource, const SchemaNode& schema, Value object) {
  object = decoded_object(resource, std::move(object));
  if (keeps_status(resource)) object = without(object, {"status"});
  for (const auto& [storage, prepare] : preparations) {
    if (storage == resource.storage)
      object = prepare(std::move(object), text_at(object, {"metadata", "name"}));
  }
  if (resource.has_generation) object = with(object, {"metadata", "generation"}, number(1));
  if (resource.custom) return object;
  object = as_encoded(schema, object);
  return without(without(object, {"apiVersion"}), {"kind"});
}

Value prepared_for_update(const ResourceInfo& resource, std::string_view subresource, const Value& before,
                          Value after) {
  if (subresource == "status") {
    // Annotations of a Deployment are written through its status too (its status strategy keeps spec and
    // labels).
    Value annotated = before;
    if (resource.storage == "deployments.apps") {
      const Value* annotations = at(after, {"metadata", "annotations"});
      annotated = annotations == nullptr ? without(before, {"metadata", "annotations"})
                                         : with(before, {"metadata", "annotations"}, *annotations);
    }
    return status_only(annotated, std::move(after));
  }
  after = decoded_object(resource, std::move(after));
  if (keeps_status(resource)) after = part_of(before, std::move(after), "status");
  if (resource.storage == "namespaces") {
    after = with(after, {"metadata", "labels", "kubernetes.io/metadata.name"},
                 text(text_at(after, {"metadata", "name"})));
    if (subresource != "finalize") after = part_of(before, std::move(after), "spec");
  }
  if (resource.storage == "persistentvolumeclaims" && text_at(after, {"status", "phase"}).empty()) {
    after = with(after, {"status", "phase"}, text("Pending"));
  }
  if (resource.storage == "services") after = with_allocated(before, std::move(after));
  if (resource.storage == "daemonsets.apps") after = updated_daemon_set(before, std::move(after));
  bool annotated = resource.storage == "deployments.apps" && !same_annotations(before, after);
  if (counts_changes(resource) && (annotated || !(specification(before) == specification(after)))) {
    after = with(after, {"metadata", "generation"},
                 number(int_at(before, {"metadata", "generation"}).value_or(0) + 1));
  }
  return after;
}

std::string_view unenforced_warning(const ResourceInfo& resource) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> warnings{{
      {"mutatingwebhookconfigurations.admissionregistration.k8s.io",
       "the sandbox does not call admission webhooks"},
      {"validatingwebhookconfigurations.admissionregistration.k8s.io",
       "the sandbox does not call admission webhooks"},
      {"validatingadmissionpolicies.admissionregistration.k8s.io",
       "the sandbox does not evaluate admission policies"},
      {"validatingadmissionpolicybindings.admissionregistration.k8s.io",
       "the sandbox does not evaluate admission policies"},
      {"resourcequotas", "the sandbox does not enforce quotas"},
      {"limitranges", "the sandbox does not enforce limit ranges"},
  }};
  for (const auto& [storage, warning] : warnings) {
    if (storage == resource.storage) return warning;
  }
  return {};
}

bool orphans_by_default(const ResourceInfo& resource) { return resource.storage == "jobs.batch"; }

}  // namespace carbon::sandbox
