#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "stdlib/k8s/kinds.h"
#include "stdlib/k8s/record_walk.h"
#include "stdlib/k8s/references.h"

namespace carbon {

namespace {

struct InEveryCluster {
  std::string_view kind, name_space, name;
};

struct Made {
  std::string_view group, holder, path, field, annotation, kind, name;
};

constexpr InEveryCluster in_every_cluster[] = {
#define IN_EVERY_CLUSTER(kind, name_space, name) {kind, name_space, name},
#define MADE(group, holder, path, field, annotation, kind, name)
#include "stdlib/k8s/made_objects.def"
#undef IN_EVERY_CLUSTER
#undef MADE
};

constexpr Made made[] = {
#define IN_EVERY_CLUSTER(kind, name_space, name)
#define MADE(group, holder, path, field, annotation, kind, name) \
  {group, holder, path, field, annotation, kind, name},
#include "stdlib/k8s/made_objects.def"
#undef IN_EVERY_CLUSTER
#undef MADE
};

/// `*` in the pattern stands for any text.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  std::string_view before = pattern.substr(0, star);
  if (!text.starts_with(before)) return false;
  std::string_view after = pattern.substr(star + 1);
  for (std::size_t at = before.size(); at <= text.size(); ++at) {
    if (matches(after, text.substr(at))) return true;
  }
  return false;
}

std::string filled(std::string_view pattern, std::string_view text, std::string_view own_name) {
  std::string out;
  for (char sign : pattern) {
    if (sign == '$') {
      out += text;
    } else if (sign == '@') {
      out += own_name;
    } else {
      out += sign;
    }
  }
  return out;
}

std::string_view metadata_text(const Value& desired, std::string_view field) {
  const Value* metadata = desired.find("metadata");
  return metadata == nullptr ? std::string_view() : text_of(*metadata, field);
}

bool has_annotation(const Value& desired, std::string_view beginning) {
  if (beginning.empty()) return true;
  const Value* metadata = desired.find("metadata");
  const Value* annotations = metadata == nullptr ? nullptr : metadata->find("annotations");
  if (annotations == nullptr || !annotations->is_fields()) return false;
  return std::ranges::any_of(annotations->entries(),
                             [&](const Entry& each) { return each.key.text().starts_with(beginning); });
}

bool mentions(const Value& value, std::string_view name) {
  if (value.is_string()) return value.text() == name;
  if (value.is_sequence())
    return std::ranges::any_of(value.items(), [&](const Value& each) { return mentions(each, name); });
  if (!value.is_fields()) return false;
  return std::ranges::any_of(value.entries(), [&](const Entry& each) { return mentions(each.value, name); });
}

/// True if a list of texts has one of these.
bool has_one(const Value& record, std::string_view field, std::initializer_list<std::string_view> wanted) {
  const Value* list = record.find(field);
  if (list == nullptr || !list->is_sequence()) return false;
  return std::ranges::any_of(list->items(), [&](const Value& each) {
    return each.is_string() && std::ranges::find(wanted, each.text()) != wanted.end();
  });
}

/// RBAC: a rule allows to create objects of the kind. Names never limit a create.
bool may_create(const Value& role, const ObjectReference& reference) {
  const KubernetesKind* kind = find_kubernetes_kind(reference.kind);
  const Value* rules = role.find("rules");
  if (kind == nullptr || rules == nullptr || !rules->is_sequence()) return false;
  return std::ranges::any_of(rules->items(), [&](const Value& rule) {
    return has_one(rule, "apiGroups", {reference.group, "*"}) &&
           has_one(rule, "resources", {kind->plural, "*"}) && has_one(rule, "verbs", {"create", "*"});
  });
}

/// A controller makes objects beside what they are for; that of a cluster-scoped one may make them anywhere.
bool same_namespace(const ResourceType& type, const Value& desired, const ObjectReference& reference) {
  return !type.kubernetes.namespaced || metadata_text(desired, "namespace") == reference.object_namespace;
}

}  // namespace

bool is_in_every_cluster(const ObjectReference& reference) {
  return std::ranges::any_of(in_every_cluster, [&](const InEveryCluster& each) {
    return each.kind == reference.kind && matches(each.name_space, reference.object_namespace) &&
           matches(each.name, reference.name);
  });
}

bool is_maker(const ResourceType& type) {
  return type.transport == Transport::kubernetes && std::ranges::any_of(made, [&](const Made& rule) {
           return rule.holder == type.kubernetes.kind && rule.group == type.kubernetes.group;
         });
}

bool makes_object(const ResourceType& type, const Value& desired, const ObjectReference& reference) {
  if (type.transport != Transport::kubernetes || !same_namespace(type, desired, reference)) return false;
  std::string_view own_name = metadata_text(desired, "name");
  return std::ranges::any_of(made, [&](const Made& rule) {
    if (rule.holder != type.kubernetes.kind || rule.group != type.kubernetes.group) return false;
    if (rule.kind != reference.kind || !has_annotation(desired, rule.annotation)) return false;
    auto records = records_at(desired, type.schema, rule.path);
    return std::ranges::any_of(records, [&](const FoundRecord& each) {
      std::string_view text = text_of(each.record, rule.field);
      return !text.empty() && matches(filled(rule.name, text, own_name), reference.name);
    });
  });
}

bool may_make_object(const ResourceType& type, const Value& desired, const ObjectReference& reference) {
  if (type.transport != Transport::kubernetes || !same_namespace(type, desired, reference)) return false;
  if (type.name == "k8s.Role") return may_create(desired, reference);
  if (type.name.starts_with("k8s.")) return false;
  std::string_view own_name = metadata_text(desired, "name");
  bool own = !own_name.empty() && reference.name.starts_with(own_name);
  return own || mentions(desired, reference.name);
}

}  // namespace carbon
