#include "stdlib/k8s/references.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "stdlib/k8s/kinds.h"
#include "stdlib/k8s/record_walk.h"

namespace carbon {

namespace {

enum class KindRule : std::uint8_t { named, written, if_written, or_written };
enum class NamespaceRule : std::uint8_t { own, written };
enum class PartRule : std::uint8_t { none, key, items, port, https_port };

struct ReferenceRule {
  std::string_view holder;
  std::string_view path;
  std::string_view field;
  std::string_view target;
  KindRule kind;
  NamespaceRule name_space;
  ReferenceNeed need;
  PartRule part;
};

constexpr ReferenceRule rules[] = {
#define REFERENCE(holder, path, field, target, kind_rule, namespace_rule, need, part) \
  {holder,                                                                            \
   path,                                                                              \
   field,                                                                             \
   target,                                                                            \
   KindRule::kind_rule,                                                               \
   NamespaceRule::namespace_rule,                                                     \
   ReferenceNeed::need,                                                               \
   PartRule::part},
#include "stdlib/k8s/references.def"
#undef REFERENCE
};

/// An API server without a port in the reference asks port 443 (API reference, "ServiceReference").
constexpr std::string_view https_port = "443";

std::string_view written_group(const Value& record) {
  std::string_view api_version = text_of(record, "apiVersion");
  std::size_t slash = api_version.find('/');
  if (slash != std::string_view::npos) return api_version.substr(0, slash);
  std::string_view group = text_of(record, "apiGroup");
  return group.empty() ? text_of(record, "group") : group;
}

/// `GROUP/KIND`, or the name of a built-in kind.
void set_target(std::string_view target, ObjectReference& reference) {
  std::size_t slash = target.find('/');
  if (slash != std::string_view::npos) {
    reference.group = target.substr(0, slash);
    reference.kind = target.substr(slash + 1);
    return;
  }
  reference.kind = target;
  const KubernetesKind* kind = find_kubernetes_kind(target);
  if (kind != nullptr) reference.group = kind->group;
}

/// True if the record names an object that the rule means; fills group and kind.
bool read_target(const ReferenceRule& rule, const Value& record, ObjectReference& reference) {
  std::string_view written = text_of(record, "kind");
  switch (rule.kind) {
    case KindRule::named: set_target(rule.target, reference); break;
    case KindRule::written:
      reference.kind = written;
      reference.group = written_group(record);
      break;
    case KindRule::if_written:
      if (written != rule.target) return false;
      set_target(rule.target, reference);
      break;
    case KindRule::or_written:
      set_target(rule.target, reference);
      if (!written.empty()) reference.kind = written;
      if (!written_group(record).empty()) reference.group = written_group(record);
      break;
  }
  return !reference.kind.empty();
}

bool is_cluster_scoped(const ObjectReference& reference) {
  if (reference.group == "cert-manager.io") return reference.kind == "ClusterIssuer";
  const KubernetesKind* kind = find_kubernetes_kind(reference.kind);
  return kind != nullptr && kind->group == reference.group && !kind->namespaced;
}

/// The definition of a custom kind. Where the platform does not declare it, somebody else's chart has it, or
/// the server says so itself.
ObjectReference own_definition(const KubernetesApi& api) {
  ObjectReference reference;
  reference.group = "apiextensions.k8s.io";
  reference.kind = "CustomResourceDefinition";
  reference.name = api.plural + "." + api.group;
  reference.need = ReferenceNeed::order;
  return reference;
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
    for (const FoundRecord& each : records_at(desired_, type_.schema, path))
      add(rule, each.record, each.path);
  }

  std::vector<ObjectReference> take() { return std::move(references_); }

 private:
  void add(const ReferenceRule& rule, const Value& record, const FieldPath& where) {
    const Value* named = record.find(rule.field);
    FieldPath path = where.then(FieldStep::field(std::string(rule.field)));
    if (named == nullptr) return;
    if (!named->is_sequence()) return add_named(rule, record, *named, where, std::move(path));
    for (std::size_t i = 0; i < named->items().size(); ++i)
      add_named(rule, record, named->items()[i], where, path.then(FieldStep::at(i)));
  }

  void add_named(const ReferenceRule& rule, const Value& record, const Value& name, const FieldPath& where,
                 FieldPath path) {
    ObjectReference reference;
    if (name.is_string()) reference.name = name.text();
    reference.need = rule.need;
    if (reference.name.empty() || !read_target(rule, record, reference)) return;
    if (!is_cluster_scoped(reference)) {
      std::string_view written = text_of(record, "namespace");
      bool by_field = rule.name_space == NamespaceRule::written && !written.empty();
      reference.object_namespace = by_field ? written : own_namespace_;
    }
    const Value* optional = record.find("optional");
    reference.optional = optional != nullptr && optional->kind() == ValueKind::boolean && optional->as_bool();
    reference.path = std::move(path);
    reference.origin = name.origin();
    add_parts(rule.part, record, where, reference.parts);
    references_.push_back(std::move(reference));
  }

  static void add_parts(PartRule rule, const Value& record, const FieldPath& where,
                        std::vector<ReferencedPart>& parts) {
    switch (rule) {
      case PartRule::none: return;
      case PartRule::key: return add_part(ReferencedPart::Kind::key, record, "key", where, parts);
      case PartRule::items: {
        const Value* items = record.find("items");
        if (items == nullptr || !items->is_sequence()) return;
        FieldPath list = where.then(FieldStep::field("items"));
        for (std::size_t i = 0; i < items->items().size(); ++i)
          add_part(ReferencedPart::Kind::key, items->items()[i], "key", list.then(FieldStep::at(i)), parts);
        return;
      }
      case PartRule::port: {
        const Value* port = record.find("port");
        if (port == nullptr || !port->is_fields()) return;
        FieldPath path = where.then(FieldStep::field("port"));
        add_part(ReferencedPart::Kind::port_name, *port, "name", path, parts);
        return add_part(ReferencedPart::Kind::port_number, *port, "number", path, parts);
      }
      case PartRule::https_port: {
        if (record.find("port") != nullptr)
          return add_part(ReferencedPart::Kind::port_number, record, "port", where, parts);
        FieldPath path = where.then(FieldStep::field("port"));
        parts.push_back({ReferencedPart::Kind::port_number, std::string(https_port), std::move(path), 0});
        return;
      }
    }
  }

  /// A part that is not known yet is asked for by nobody.
  static void add_part(ReferencedPart::Kind kind, const Value& record, std::string_view field,
                       const FieldPath& where, std::vector<ReferencedPart>& parts) {
    const Value* value = record.find(field);
    if (value == nullptr) return;
    std::string name = key_text(value);
    if (name.empty()) return;
    parts.push_back(
        {kind, std::move(name), where.then(FieldStep::field(std::string(field))), value->origin()});
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
  std::string_view pod = pod_spec_path(kind);
  bool holds_pod = !pod.empty();
  bool built_in = type.name == "k8s." + kind;
  std::string holder = built_in ? kind : type.kubernetes.group + "/" + kind;
  Collector collector(type, desired);
  for (const ReferenceRule& rule : rules) {
    if (rule.holder == "any") collector.apply(rule, "");
    if (built_in && rule.holder == "pod" && holds_pod) collector.apply(rule, pod);
    if (rule.holder == holder) collector.apply(rule, "");
  }
  std::vector<ObjectReference> found = collector.take();
  if (!type.name.starts_with("k8s.")) found.push_back(own_definition(type.kubernetes));
  return found;
}

}  // namespace carbon
