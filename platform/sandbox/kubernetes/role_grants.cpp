#include "platform/sandbox/kubernetes/role_grants.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

using Words = std::vector<std::string>;

bool has(const Words& words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

/// Rules of one verb, one resource and one name (BreakdownRule).
std::vector<PolicyRule> smallest(const std::vector<PolicyRule>& rules) {
  std::vector<PolicyRule> small;
  for (const PolicyRule& rule : rules) {
    Words names = rule.names.empty() ? Words{""} : rule.names;
    for (const std::string& group : rule.groups)
      for (const std::string& resource : rule.resources)
        for (const std::string& verb : rule.verbs)
          for (const std::string& name : names)
            small.push_back({{verb}, {group}, {resource}, name.empty() ? Words() : Words{name}, {}});
    for (const std::string& url : rule.urls)
      for (const std::string& verb : rule.verbs) small.push_back({{verb}, {}, {}, {}, {url}});
  }
  return small;
}

bool covers_resource(const Words& owned, const std::string& wanted) {
  if (has(owned, "*") || has(owned, wanted)) return true;
  std::size_t slash = wanted.find('/');
  return slash != std::string::npos && has(owned, "*" + wanted.substr(slash));
}

bool covers_url(const Words& owned, const std::string& wanted) {
  return std::ranges::any_of(owned, [&](std::string_view url) {
    if (url == wanted) return true;
    bool open = url.ends_with('*');
    while (url.ends_with('*')) url.remove_suffix(1);
    return open && wanted.starts_with(url);
  });
}

bool covers(const PolicyRule& owned, const PolicyRule& wanted) {
  if (!has(owned.verbs, "*") && !has(owned.verbs, wanted.verbs[0])) return false;
  if (!wanted.urls.empty()) return covers_url(owned.urls, wanted.urls[0]);
  bool group = has(owned.groups, "*") || has(owned.groups, wanted.groups[0]);
  bool name = owned.names.empty() || (!wanted.names.empty() && has(owned.names, wanted.names[0]));
  return group && name && covers_resource(owned.resources, wanted.resources[0]);
}

std::string quoted(const Words& words) {
  Words texts;
  for (const std::string& word : words) texts.push_back(json_quote(word));
  return fmt::format("[{}]", fmt::join(texts, " "));
}

/// `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}` (CompactString).
std::string rule_text(const PolicyRule& rule) {
  Words parts;
  for (const auto& [title, words] :
       {std::pair("APIGroups", &rule.groups), std::pair("Resources", &rule.resources),
        std::pair("NonResourceURLs", &rule.urls), std::pair("ResourceNames", &rule.names),
        std::pair("Verbs", &rule.verbs)}) {
    if (!words->empty()) parts.push_back(fmt::format("{}:{}", title, quoted(*words)));
  }
  return fmt::format("{{{}}}", fmt::join(parts, ", "));
}

/// Rules that differ by their verb alone are told as one.
std::set<std::string> told(const std::vector<PolicyRule>& missing) {
  std::map<std::tuple<Words, Words, Words>, PolicyRule> by_resource;
  std::set<std::string> texts;
  for (const PolicyRule& rule : missing) {
    if (!rule.urls.empty()) {
      texts.insert(rule_text(rule));
      continue;
    }
    auto [at, fresh] = by_resource.try_emplace({rule.groups, rule.resources, rule.names}, rule);
    if (!fresh) at->second.verbs.push_back(rule.verbs[0]);
  }
  for (const auto& [key, rule] : by_resource) texts.insert(rule_text(rule));
  return texts;
}

ApiResult<void> check_held(Authorizer& authorizer, const UserInfo& user, const ResourceInfo& resource,
                           std::string_view namespace_name, std::string_view name,
                           const std::vector<PolicyRule>& rules) {
  Authorizer::Rules held = authorizer.rules_for(user, namespace_name);
  std::vector<PolicyRule> missing = smallest(rules);
  std::erase_if(missing, [&](const PolicyRule& wanted) {
    return std::ranges::any_of(held.rules, [&](const PolicyRule& owned) { return covers(owned, wanted); });
  });
  if (missing.empty()) return {};
  std::string why =
      fmt::format("user {} (groups={}) is attempting to grant RBAC permissions not currently held:\n{}",
                  json_quote(user.name), quoted(user.groups), fmt::join(told(missing), "\n"));
  if (!held.errors.empty()) why += fmt::format("; resolution errors: [{}]", fmt::join(held.errors, ", "));
  return refuse(forbidden(resource.group, resource.plural, name, why));
}

}  // namespace

ApiResult<void> check_grants(Authorizer& authorizer, const UserInfo& user, const ResourceInfo& resource,
                             std::string_view namespace_name, const Value& before, const Value& after) {
  bool role = resource.kind == "Role" || resource.kind == "ClusterRole";
  bool binding = resource.kind == "RoleBinding" || resource.kind == "ClusterRoleBinding";
  if (resource.group != "rbac.authorization.k8s.io" || (!role && !binding) || user.in_group("system:masters"))
    return {};
  std::string name(text_at(after, {"metadata", "name"}));
  AccessAttributes right{"escalate", resource.group, resource.plural, {}, std::string(namespace_name), name,
                         {}};
  if (role) {
    const Value* old = at(before, {"rules"});
    const Value* now = at(after, {"rules"});
    bool same = old != nullptr && now != nullptr && *old == *now && at(after, {"aggregationRule"}) == nullptr;
    if (same || authorizer.decide(user, right).allowed) return {};
    std::vector<PolicyRule> rules = rules_of(after);
    // Who adds a rule of aggregation could add any right.
    if (at(after, {"aggregationRule"}) != nullptr && at(before, {"aggregationRule"}) == nullptr)
      rules = {{{"*"}, {"*"}, {"*"}, {}, {}}, {{"*"}, {}, {}, {}, {"*"}}};
    return check_held(authorizer, user, resource, namespace_name, name, rules);
  }
  const Value* reference = at(after, {"roleRef"});
  if (reference == nullptr) return {};
  right = {"bind",
           resource.group,
           text_at(*reference, {"kind"}) == "Role" ? "roles" : "clusterroles",
           {},
           std::string(namespace_name),
           std::string(text_at(*reference, {"name"})),
           {}};
  if (authorizer.decide(user, right).allowed) return {};
  std::vector<std::string> errors;
  std::vector<PolicyRule> rules = authorizer.referred(*reference, namespace_name, errors);
  if (!errors.empty()) return refuse(not_found(resource.group, resource.plural, right.name));
  return check_held(authorizer, user, resource, namespace_name, name, rules);
}

}  // namespace carbon::sandbox
