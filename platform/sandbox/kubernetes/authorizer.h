#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/request.h"

namespace carbon::sandbox {

/// What the user names of ServiceAccounts begin with: `system:serviceaccount:NAMESPACE:NAME`.
inline constexpr std::string_view account_prefix = "system:serviceaccount:";

class ObjectStore;
class ObjectWriter;

/// What is asked for (authorizer.Attributes): an object or objects, or where `resource` is empty a path.
struct AccessAttributes {
  std::string verb;
  std::string group;
  std::string resource;
  std::string subresource;
  std::string namespace_name;
  std::string name;
  std::string path;
};

/// As RequestInfo reads them from method, path and query (apiserver pkg/endpoints/request/requestinfo.go).
[[nodiscard]] AccessAttributes attributes_of(const ApiRequest& request);

/// rbac.PolicyRule.
struct PolicyRule {
  std::vector<std::string> verbs;
  std::vector<std::string> groups;
  std::vector<std::string> resources;
  std::vector<std::string> names;
  std::vector<std::string> urls;

  [[nodiscard]] bool allows(const AccessAttributes& wanted) const;
};

/// The `rules` of a Role or ClusterRole.
[[nodiscard]] std::vector<PolicyRule> rules_of(const Value& role);

struct Decision {
  bool allowed = false;
  std::string reason;  ///< which binding allows it, or which roles are missing
};

/// Decides by Roles, ClusterRoles and their bindings, as RBAC does (plugin/pkg/auth/authorizer/rbac). The
/// group system:masters may do everything. Reads the store at each question; one thread.
class Authorizer {
 public:
  Authorizer(ObjectStore& store, ObjectWriter& writer) : store_(store), writer_(writer) {}

  [[nodiscard]] Decision decide(const UserInfo& user, const AccessAttributes& wanted);
  /// All that a user may do in a namespace, and everywhere.
  struct Rules {
    std::vector<PolicyRule> rules;
    std::vector<std::string> errors;
  };
  [[nodiscard]] Rules rules_for(const UserInfo& user, std::string_view namespace_name);
  /// The rules that a binding refers to. Errors: in `errors`.
  [[nodiscard]] std::vector<PolicyRule> referred(const Value& reference, std::string_view namespace_name,
                                                 std::vector<std::string>& errors);

 private:
  using Visit = std::function<bool(const std::string& source, const PolicyRule& rule)>;
  /// Until `visit` says false.
  bool visit_bindings(std::string_view storage, std::string_view namespace_name, const UserInfo& user,
                      std::vector<std::string>& errors, const Visit& visit);

  ObjectStore& store_;
  ObjectWriter& writer_;
};

/// 403 in the server's words.
[[nodiscard]] ApiStatus forbidden_access(const UserInfo& user, const AccessAttributes& wanted,
                                         std::string_view reason);

}  // namespace carbon::sandbox
