#include "stdlib/k8s/references.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "stdlib/k8s/kinds.h"
#include "stdlib/k8s/record_walk.h"

namespace carbon {

namespace {

enum class KindRule : std::uint8_t { named, written, if_written };
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
    for (const FoundRecord& each : records_at(desired_, type_.schema, path))
      add(rule, each.record, each.path);
  }

  std::vector<ObjectReference> take() { return std::move(references_); }

 private:
  void add(const ReferenceRule& rule, const Value& record, const FieldPath& where) {
    ObjectReference reference;
    reference.name = text_of(record, rule.field);
    reference.need = rule.need;
    if (reference.name.empty() || !read_target(rule, record, reference)) return;
    if (!is_cluster_scoped(reference)) {
      std::string_view written = text_of(record, "namespace");
      bool by_field = rule.name_space == NamespaceRule::written && !written.empty();
      reference.object_namespace = by_field ? written : own_namespace_;
    }
    const Value* optional = record.find("optional");
    reference.optional = optional != nullptr && optional->kind() == ValueKind::boolean && optional->as_bool();
    reference.path = where.then(FieldStep::field(std::string(rule.field)));
    reference.origin = record.find(rule.field)->origin();
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
  Collector collector(type, desired);
  for (const ReferenceRule& rule : rules) {
    if (rule.holder == "any") collector.apply(rule, "");
    if (!built_in) continue;
    if (rule.holder == "pod" && holds_pod) collector.apply(rule, pod);
    if (rule.holder == kind) collector.apply(rule, "");
  }
  return collector.take();
}

}  // namespace carbon
