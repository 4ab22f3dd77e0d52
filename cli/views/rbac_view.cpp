#include <fmt/format.h>

#include "cli/rbac.h"

namespace carbon {

namespace {

/// A flow list of quoted texts: every name of Kubernetes is plain inside quotes.
std::string listed(const std::vector<std::string>& texts) {
  return texts.empty() ? "[]" : fmt::format("[\"{}\"]", fmt::join(texts, "\", \""));
}

std::string head(std::string_view kind, std::string_view name, std::string_view name_space) {
  std::string out = fmt::format(
      "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {}\nmetadata:\n  name: {}\n", kind, name);
  if (!name_space.empty()) out += fmt::format("  namespace: {}\n", name_space);
  return out;
}

std::string role(std::string_view kind, std::string_view name, std::string_view name_space,
                 const std::vector<RbacRule>& rules) {
  std::string out = head(kind, name, name_space) + "rules:\n";
  for (const RbacRule& rule : rules) {
    out += fmt::format("- apiGroups: [\"{}\"]\n  resources: {}\n", rule.group, listed(rule.resources));
    if (!rule.names.empty()) out += fmt::format("  resourceNames: {}\n", listed(rule.names));
    out += fmt::format("  verbs: {}\n", listed(rule.verbs));
  }
  return out;
}

std::string binding(std::string_view kind, std::string_view name, std::string_view name_space,
                    std::string_view account) {
  if (account.empty()) return {};
  std::size_t slash = account.find('/');
  return head(fmt::format("{}Binding", kind), name, name_space) +
         fmt::format(
             "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: {}\n  name: {}\nsubjects:\n"
             "- kind: ServiceAccount\n  namespace: {}\n  name: {}\n",
             kind, name, account.substr(0, slash), account.substr(slash + 1));
}

}  // namespace

std::string rbac_yaml(const std::vector<RbacNeeds>& needs, std::string_view name, std::string_view account) {
  std::string out;
  for (const RbacNeeds& each : needs) {
    if (needs.size() > 1) out += fmt::format("# for the cluster of the provider `{}`\n", each.provider);
    if (!each.cluster.empty()) {
      out += role("ClusterRole", name, "", each.cluster);
      out += binding("ClusterRole", name, "", account);
    }
    for (const auto& [name_space, rules] : each.namespaces) {
      out += role("Role", name, name_space, rules);
      out += binding("Role", name, name_space, account);
    }
  }
  return out;
}

}  // namespace carbon
