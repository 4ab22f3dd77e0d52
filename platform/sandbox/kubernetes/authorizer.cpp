#include "platform/sandbox/kubernetes/authorizer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/object_writer.h"
#include "platform/sandbox/kubernetes/store.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view rbac = "rbac.authorization.k8s.io";

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool has_or_all(const std::vector<std::string>& words, std::string_view word) {
  return has(words, "*") || has(words, word);
}

bool resource_matches(const std::vector<std::string>& resources, const AccessAttributes& wanted) {
  if (wanted.subresource.empty()) return has_or_all(resources, wanted.resource);
  return has_or_all(resources, fmt::format("{}/{}", wanted.resource, wanted.subresource)) ||
         has(resources, fmt::format("*/{}", wanted.subresource));
}

bool url_matches(const std::vector<std::string>& urls, std::string_view path) {
  return std::ranges::any_of(urls, [&](std::string_view url) {
    if (url == "*" || url == path) return true;
    bool open = url.ends_with('*');
    while (url.ends_with('*')) url.remove_suffix(1);
    return open && path.starts_with(url);
  });
}

std::vector<std::string> texts_at(const Value& object, std::string_view name) {
  std::vector<std::string> texts;
  for (const Value& item : items_at(object, {name})) texts.emplace_back(item.text());
  return texts;
}

bool applies_to(const Value& subject, const UserInfo& user, std::string_view namespace_name) {
  std::string_view kind = text_at(subject, {"kind"}), name = text_at(subject, {"name"});
  if (kind == "User") return user.name == name;
  if (kind == "Group") return user.in_group(name);
  std::string_view space = text_at(subject, {"namespace"});
  if (space.empty()) space = namespace_name;
  return kind == "ServiceAccount" && !space.empty() &&
         user.name == fmt::format("{}{}:{}", account_prefix, space, name);
}

/// `RoleBinding "a/default" of Role "b" to User "c"`.
std::string source_text(const Value& binding, const Value& subject, std::string_view namespace_name) {
  std::string name(text_at(binding, {"metadata", "name"}));
  std::string_view kind = namespace_name.empty() ? "ClusterRoleBinding" : "RoleBinding";
  if (!namespace_name.empty()) name += fmt::format("/{}", namespace_name);
  std::string who(text_at(subject, {"name"}));
  if (text_at(subject, {"kind"}) == "ServiceAccount") {
    std::string_view space = text_at(subject, {"namespace"});
    who += fmt::format("/{}", space.empty() ? namespace_name : space);
  }
  return fmt::format("{} {} of {} {} to {} {}", kind, json_quote(name), text_at(binding, {"roleRef", "kind"}),
                     json_quote(text_at(binding, {"roleRef", "name"})), text_at(subject, {"kind"}),
                     json_quote(who));
}

std::string joined_errors(const std::vector<std::string>& errors) {
  if (errors.empty()) return {};
  if (errors.size() == 1) return "RBAC: " + errors[0];
  return fmt::format("RBAC: [{}]", fmt::join(errors, ", "));
}

}  // namespace

bool UserInfo::in_group(std::string_view group) const { return has(groups, group); }

bool PolicyRule::allows(const AccessAttributes& wanted) const {
  if (!has_or_all(verbs, wanted.verb)) return false;
  if (wanted.resource.empty()) return url_matches(urls, wanted.path);
  return has_or_all(groups, wanted.group) && resource_matches(resources, wanted) &&
         (names.empty() || has(names, wanted.name));
}

std::vector<PolicyRule> rules_of(const Value& role) {
  std::vector<PolicyRule> rules;
  for (const Value& rule : items_at(role, {"rules"})) {
    rules.push_back({texts_at(rule, "verbs"), texts_at(rule, "apiGroups"), texts_at(rule, "resources"),
                     texts_at(rule, "resourceNames"), texts_at(rule, "nonResourceURLs")});
  }
  return rules;
}

std::vector<PolicyRule> Authorizer::referred(const Value& reference, std::string_view namespace_name,
                                             std::vector<std::string>& errors) {
  std::string_view name = text_at(reference, {"name"});
  bool cluster = text_at(reference, {"kind"}) == "ClusterRole";
  StoreKey key{cluster ? fmt::format("clusterroles.{}", rbac) : fmt::format("roles.{}", rbac),
               cluster ? "" : std::string(namespace_name), std::string(name)};
  if (std::optional<Value> role = writer_.load(key)) return rules_of(*role);
  errors.push_back(
      fmt::format("{}.{} {} not found", cluster ? "clusterrole" : "role", rbac, json_quote(name)));
  return {};
}

bool Authorizer::visit_bindings(std::string_view storage, std::string_view namespace_name,
                                const UserInfo& user, std::vector<std::string>& errors, const Visit& visit) {
  std::vector<StoreKey> keys;
  store_.visit(fmt::format("{}.{}", storage, rbac), namespace_name, nullptr,
               [&](const StoreKey& key, std::int64_t) {
                 keys.push_back(key);
                 return true;
               });
  for (const StoreKey& key : keys) {
    std::optional<Value> binding = writer_.load(key);
    if (!binding) continue;
    for (const Value& subject : items_at(*binding, {"subjects"})) {
      if (!applies_to(subject, user, namespace_name)) continue;
      const Value* reference = at(*binding, {"roleRef"});
      if (reference == nullptr) break;
      for (const PolicyRule& rule : referred(*reference, namespace_name, errors)) {
        if (!visit(source_text(*binding, subject, namespace_name), rule)) return false;
      }
      break;  // other subjects would give the same rules again
    }
  }
  return true;
}

Decision Authorizer::decide(const UserInfo& user, const AccessAttributes& wanted) {
  if (user.in_group("system:masters")) return {true, {}};
  Decision decision;
  std::vector<std::string> errors;
  auto visit = [&](const std::string& source, const PolicyRule& rule) {
    if (!rule.allows(wanted)) return true;
    decision = {true, "RBAC: allowed by " + source};
    return false;
  };
  bool on = visit_bindings("clusterrolebindings", {}, user, errors, visit);
  if (on && !wanted.namespace_name.empty())
    visit_bindings("rolebindings", wanted.namespace_name, user, errors, visit);
  if (!decision.allowed) decision.reason = joined_errors(errors);
  return decision;
}

Authorizer::Rules Authorizer::rules_for(const UserInfo& user, std::string_view namespace_name) {
  Rules found;
  auto visit = [&](const std::string&, const PolicyRule& rule) {
    found.rules.push_back(rule);
    return true;
  };
  visit_bindings("clusterrolebindings", {}, user, found.errors, visit);
  if (!namespace_name.empty()) visit_bindings("rolebindings", namespace_name, user, found.errors, visit);
  return found;
}

ApiStatus forbidden_access(const UserInfo& user, const AccessAttributes& wanted, std::string_view reason) {
  std::string why;
  if (wanted.resource.empty()) {
    why =
        fmt::format("User {} cannot {} path {}", json_quote(user.name), wanted.verb, json_quote(wanted.path));
  } else {
    std::string resource = wanted.resource;
    if (!wanted.subresource.empty()) resource += fmt::format("/{}", wanted.subresource);
    std::string where = wanted.namespace_name.empty()
                            ? std::string("at the cluster scope")
                            : fmt::format("in the namespace {}", json_quote(wanted.namespace_name));
    why = fmt::format("User {} cannot {} resource {} in API group {} {}", json_quote(user.name), wanted.verb,
                      json_quote(resource), json_quote(wanted.group), where);
  }
  if (!reason.empty()) why += fmt::format(": {}", reason);
  ApiStatus status = forbidden(wanted.group, wanted.resource, wanted.name, why);
  std::string_view of = wanted.group.empty() ? "" : ".";
  if (wanted.resource.empty()) {
    status.message = "forbidden: " + why;
  } else if (wanted.name.empty()) {
    status.message = fmt::format("{}{}{} is forbidden: {}", wanted.resource, of, wanted.group, why);
  }
  return status;
}

}  // namespace carbon::sandbox
