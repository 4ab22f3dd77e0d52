#include "stdlib/k8s/references.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "stdlib/k8s/kinds.h"

namespace carbon {

namespace {

enum class KindRule : std::uint8_t { named, written, if_written };
enum class NamespaceRule : std::uint8_t { own, written };

struct ReferenceRule {
  std::string_view holder;
  std::string_view path;
  std::string_view field;
  std::string_view target;
  KindRule kind;
  NamespaceRule name_space;
};

constexpr ReferenceRule rules[] = {
#define REFERENCE(holder, path, field, target, kind_rule, namespace_rule) \
  {holder, path, field, target, KindRule::kind_rule, NamespaceRule::namespace_rule},
#include "stdlib/k8s/references.def"
#undef REFERENCE
};

struct PodPlace {
  std::string_view kind;
  std::string_view path;  ///< of the pod's spec
};

constexpr PodPlace pod_places[] = {
    {"Pod", "spec"},
    {"PodTemplate", "template.spec"},
    {"ReplicationController", "spec.template.spec"},
    {"ReplicaSet", "spec.template.spec"},
    {"Deployment", "spec.template.spec"},
    {"StatefulSet", "spec.template.spec"},
    {"DaemonSet", "spec.template.spec"},
    {"Job", "spec.template.spec"},
    {"CronJob", "spec.jobTemplate.spec.template.spec"},
};

/// The text of a string field, or empty: absent, null and not yet known are all the same here.
std::string_view text_of(const Value& record, std::string_view field) {
  const Value* value = record.find(field);
  return value != nullptr && value->is_string() ? value->text() : std::string_view();
}

std::string key_text(const Value* value) {
  if (value == nullptr) return {};
  if (value->kind() == ValueKind::integer) return std::to_string(value->as_int());
  return value->is_string() ? std::string(value->text()) : std::string();
}

/// Items of a keyed list are named by their keys, as everywhere; others by position.
FieldStep item_step(TypePtr list, const Value& item, std::size_t position) {
  if (list == nullptr || list->keys.empty()) return FieldStep::at(position);
  std::vector<std::string> key;
  for (const std::string& field : list->keys) key.push_back(key_text(item.find(field)));
  return FieldStep::keyed(std::move(key));
}

/// Finds every record at a path, with its own path; the type only names the items of keyed lists.
class Walk {
 public:
  explicit Walk(std::vector<std::pair<const Value*, FieldPath>>& found) : found_(found) {}

  void go(const Value& value, TypePtr type, std::string_view rest, const FieldPath& here) {
    if (value.is_sequence()) {
      std::size_t position = 0;
      for (const Value& item : value.items()) {
        TypePtr item_type = type == nullptr ? nullptr : type->element;
        go(item, item_type, rest, here.then(item_step(type, item, position++)));
      }
      return;
    }
    if (!value.is_fields()) return;
    if (rest.empty()) return void(found_.emplace_back(&value, here));
    std::size_t dot = rest.find('.');
    std::string_view name = rest.substr(0, dot);
    const Value* next = value.find(name);
    if (next == nullptr) return;
    const FieldType* field = type == nullptr ? nullptr : type->field(name);
    go(*next, field == nullptr ? nullptr : field->type,
       dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1),
       here.then(FieldStep::field(std::string(name))));
  }

 private:
  std::vector<std::pair<const Value*, FieldPath>>& found_;
};

std::string_view written_group(const Value& record) {
  std::string_view api_version = text_of(record, "apiVersion");
  std::size_t slash = api_version.find('/');
  if (slash != std::string_view::npos) return api_version.substr(0, slash);
  return text_of(record, "apiGroup");
}

/// True if the record names an object that the rule means; fills group and kind.
bool read_target(const ReferenceRule& rule, const Value& record, ObjectReference& reference) {
  std::string_view written = text_of(record, "kind");
  switch (rule.kind) {
    case KindRule::named: reference.kind = rule.target; break;
    case KindRule::written: reference.kind = written; break;
    case KindRule::if_written:
      if (written != rule.target) return false;
      reference.kind = rule.target;
      break;
  }
  const KubernetesKind* kind = find_kubernetes_kind(reference.kind);
  bool by_table = rule.kind != KindRule::written;
  reference.group = by_table && kind != nullptr ? kind->group : written_group(record);
  return !reference.kind.empty();
}

bool is_cluster_scoped(const ObjectReference& reference) {
  const KubernetesKind* kind = find_kubernetes_kind(reference.kind);
  return kind != nullptr && kind->group == reference.group && !kind->namespaced;
}

class Collector {
 public:
  Collector(const ResourceType& type, const Value& desired) : type_(type), desired_(desired) {
    const Value* metadata = desired.find("metadata");
    if (metadata != nullptr) own_namespace_ = text_of(*metadata, "namespace");
  }

  void apply(const ReferenceRule& rule, std::string_view prefix) {
    std::string path(prefix);
    if (!prefix.empty() && !rule.path.empty()) path += '.';
    path += rule.path;
    std::vector<std::pair<const Value*, FieldPath>> records;
    Walk(records).go(desired_, type_.schema, path, {});
    for (const auto& [record, where] : records) add(rule, *record, where);
  }

  std::vector<ObjectReference> take() { return std::move(references_); }

 private:
  void add(const ReferenceRule& rule, const Value& record, const FieldPath& where) {
    ObjectReference reference;
    reference.name = text_of(record, rule.field);
    if (reference.name.empty() || !read_target(rule, record, reference)) return;
    if (!is_cluster_scoped(reference)) {
      std::string_view written = text_of(record, "namespace");
      bool by_field = rule.name_space == NamespaceRule::written && !written.empty();
      reference.object_namespace = by_field ? written : own_namespace_;
    }
    const Value* optional = record.find("optional");
    reference.optional = optional != nullptr && optional->kind() == ValueKind::boolean && optional->as_bool();
    reference.path = where.then(FieldStep::field(std::string(rule.field)));
    references_.push_back(std::move(reference));
  }

  const ResourceType& type_;
  const Value& desired_;
  std::string_view own_namespace_;
  std::vector<ObjectReference> references_;
};

}  // namespace

std::vector<ObjectReference> object_references(const ResourceType& type, const Value& desired) {
  if (type.transport != Transport::kubernetes) return {};
  const std::string& kind = type.kubernetes.kind;
  const PodPlace* pod = std::ranges::find(pod_places, std::string_view(kind), &PodPlace::kind);
  bool holds_pod = pod != std::end(pod_places);
  bool built_in = type.name == "k8s." + kind;
  Collector collector(type, desired);
  for (const ReferenceRule& rule : rules) {
    if (rule.holder == "any") collector.apply(rule, "");
    if (!built_in) continue;
    if (rule.holder == "pod" && holds_pod) collector.apply(rule, pod->path);
    if (rule.holder == kind) collector.apply(rule, "");
  }
  return collector.take();
}

}  // namespace carbon
