// Who may ask what: impersonation and authorization, before anything else of a request is looked at.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "platform/sandbox/kubernetes/api_server.h"

namespace carbon::sandbox {

namespace {

/// What one must be allowed to act as (apiserver pkg/endpoints/filters/impersonation).
std::vector<AccessAttributes> wanted_roles(const UserInfo& other) {
  auto right = [](std::string group, std::string resource, std::string subresource, std::string space,
                  std::string name) {
    return AccessAttributes{"impersonate",
                            std::move(group),
                            std::move(resource),
                            std::move(subresource),
                            std::move(space),
                            std::move(name),
                            {}};
  };
  std::vector<AccessAttributes> rights;
  std::string_view name = other.name;
  std::size_t colon =
      name.starts_with(account_prefix) ? name.find(':', account_prefix.size()) : std::string::npos;
  if (colon != std::string::npos) {
    std::string space(name.substr(account_prefix.size(), colon - account_prefix.size()));
    rights.push_back(right("", "serviceaccounts", "", std::move(space), std::string(name.substr(colon + 1))));
  } else {
    rights.push_back(right("", "users", "", "", other.name));
  }
  for (const std::string& group : other.groups) rights.push_back(right("", "groups", "", "", group));
  for (const auto& [key, values] : other.extra) {
    for (const std::string& value : values)
      rights.push_back(right("authentication.k8s.io", "userextras", key, "", value));
  }
  if (!other.uid.empty()) rights.push_back(right("authentication.k8s.io", "uids", "", "", other.uid));
  return rights;
}

/// The groups that come with a user.
UserInfo completed(UserInfo user) {
  std::string_view name = user.name;
  bool account = name.starts_with(account_prefix);
  if (account && user.groups.empty()) {
    std::string_view space = name.substr(account_prefix.size());
    user.groups = {"system:serviceaccounts",
                   fmt::format("system:serviceaccounts:{}", space.substr(0, space.find(':')))};
  }
  bool told = user.in_group("system:authenticated") || user.in_group("system:unauthenticated");
  if (name == "system:anonymous") {
    if (!user.in_group("system:unauthenticated")) user.groups.emplace_back("system:unauthenticated");
  } else if (!told) {
    user.groups.emplace_back("system:authenticated");
  }
  return user;
}

}  // namespace

ApiResult<UserInfo> ApiServer::acting_user(const ApiRequest& request) {
  if (!request.acts_as) return request.user;
  if (request.acts_as->name.empty()) {
    std::vector<std::string> asked;
    for (const std::string& group : request.acts_as->groups)
      asked.push_back(fmt::format("{{Group  {}    }}", group));
    return refuse(
        bad_request(fmt::format("requested [{}] without impersonating a user", fmt::join(asked, " "))));
  }
  for (const AccessAttributes& wanted : wanted_roles(*request.acts_as)) {
    Decision decision = authorizer_.decide(request.user, wanted);
    if (!decision.allowed) return refuse(forbidden_access(request.user, wanted, decision.reason));
  }
  return completed(*request.acts_as);
}

ApiResult<void> ApiServer::check_access(const ApiRequest& request) {
  if (request.user.in_group("system:masters")) return {};
  AccessAttributes wanted = attributes_of(request);
  Decision decision = authorizer_.decide(request.user, wanted);
  if (decision.allowed) return {};
  return refuse(forbidden_access(request.user, wanted, decision.reason));
}

/// An apply that creates needs the right to create besides that to patch.
ApiResult<void> ApiServer::check_create_access(const Route& route, const WriteOptions& options) {
  if (options.user == nullptr || options.user->in_group("system:masters")) return {};
  AccessAttributes wanted{
      "create", route.resource->group, route.resource->plural, {}, route.namespace_name, route.name, {}};
  Decision decision = authorizer_.decide(*options.user, wanted);
  if (decision.allowed) return {};
  return refuse(forbidden_access(*options.user, wanted, decision.reason));
}

}  // namespace carbon::sandbox
