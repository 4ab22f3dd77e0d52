#include "platform/sandbox/kubernetes/bootstrap_roles.h"

#include <algorithm>
#include <array>

#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/selector.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view group = "rbac.authorization.k8s.io";
constexpr std::string_view role_storage = "clusterroles.rbac.authorization.k8s.io";
constexpr std::string_view binding_storage = "clusterrolebindings.rbac.authorization.k8s.io";

/// A row of bootstrap_roles.def: a role, or a rule of the role above it.
struct Row {
  enum class Kind : std::uint8_t { role, rule, urls } kind;
  std::array<std::string_view, 3> words;
};

constexpr Row rows[] = {
#define ROLE(name, label, made_of) {Row::Kind::role, {name, label, made_of}},
#define RULE(groups, resources, verbs) {Row::Kind::rule, {groups, resources, verbs}},
#define URLS(paths, verbs) {Row::Kind::urls, {paths, verbs}},
#include "platform/sandbox/kubernetes/bootstrap_roles.def"
#undef ROLE
#undef RULE
#undef URLS
};

struct Binding {
  std::string_view role;
  std::array<std::string_view, 2> groups;
};

constexpr std::array<Binding, 5> bindings{{
    {"cluster-admin", {"system:masters"}},
    {"system:basic-user", {"system:authenticated"}},
    {"system:discovery", {"system:authenticated"}},
    {"system:monitoring", {"system:monitoring"}},
    {"system:public-info-viewer", {"system:authenticated", "system:unauthenticated"}},
}};

Value words(std::string_view list) {
  std::vector<Value> items;
  for (;;) {
    std::size_t end = std::min(list.find(','), list.size());
    items.push_back(text(list.substr(0, end)));
    if (end == list.size()) return Value::list(std::move(items));
    list.remove_prefix(end + 1);
  }
}

Value metadata(std::string_view name, std::string_view label) {
  Value labels = fields({{"kubernetes.io/bootstrapping", text("rbac-defaults")}});
  if (!label.empty()) labels = with(labels, {label}, text("true"));
  Value annotations = fields({{"rbac.authorization.kubernetes.io/autoupdate", text("true")}});
  return fields({{"name", text(name)}, {"labels", labels}, {"annotations", annotations}});
}

Value role_of(const Row& row) {
  Value role = fields({{"metadata", metadata(row.words[0], row.words[1])}});
  if (row.words[2].empty()) return role;
  Value selector = fields({{"matchLabels", fields({{row.words[2], text("true")}})}});
  return with(role, {"aggregationRule", "clusterRoleSelectors"}, Value::list({selector}));
}

Value rule_of(const Row& row) {
  if (row.kind == Row::Kind::urls)
    return fields({{"nonResourceURLs", words(row.words[0])}, {"verbs", words(row.words[1])}});
  return fields({{"apiGroups", words(row.words[0])},
                 {"resources", words(row.words[1])},
                 {"verbs", words(row.words[2])}});
}

Value binding_of(const Binding& binding) {
  std::vector<Value> subjects;
  for (std::string_view name : binding.groups) {
    if (!name.empty())
      subjects.push_back(fields({{"apiGroup", text(group)}, {"kind", text("Group")}, {"name", text(name)}}));
  }
  Value reference =
      fields({{"apiGroup", text(group)}, {"kind", text("ClusterRole")}, {"name", text(binding.role)}});
  return fields({{"metadata", metadata(binding.role, {})},
                 {"roleRef", reference},
                 {"subjects", Value::list(std::move(subjects))}});
}

}  // namespace

std::vector<BootstrapObject> bootstrap_roles() {
  std::vector<BootstrapObject> objects;
  for (const Row& row : rows) {
    if (row.kind == Row::Kind::role) {
      objects.push_back({role_storage, role_of(row)});
    } else {
      Value& role = objects.back().object;
      std::vector<Value> rules = items_at(role, {"rules"});
      rules.push_back(rule_of(row));
      role = with(role, {"rules"}, Value::list(std::move(rules)));
    }
  }
  for (const Binding& binding : bindings) objects.push_back({binding_storage, binding_of(binding)});
  return objects;
}

Value aggregated_rules(const Value& role, const std::vector<Value>& roles) {
  std::vector<Value> rules;
  for (const Value& selector : items_at(role, {"aggregationRule", "clusterRoleSelectors"})) {
    for (const Value& other : roles) {
      if (text_at(other, {"metadata", "name"}) == text_at(role, {"metadata", "name"})) continue;
      if (!selects(&selector, at(other, {"metadata", "labels"}))) continue;
      for (const Value& rule : items_at(other, {"rules"})) {
        if (std::ranges::find(rules, rule) == rules.end()) rules.push_back(rule);
      }
    }
  }
  return Value::list(std::move(rules));
}

}  // namespace carbon::sandbox
