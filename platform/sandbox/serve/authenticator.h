#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/sandbox/kubernetes/api_server.h"
#include "platform/sandbox/kubernetes/request.h"

namespace carbon::sandbox {

/// A user besides the one who may do everything; what he may do, RBAC says.
struct ServedUser {
  std::string name;
  std::vector<std::string> groups;
  std::string token;  ///< made by the Authenticator
};

/// Who has sent a request: its bearer token's owner. Tokens are random, and those of ServiceAccounts are
/// signed with a random key, so all of them end when the server does. Made once, then only read: by many
/// threads.
class Authenticator {
 public:
  /// Errors: sandbox_failed.
  [[nodiscard]] static Result<Authenticator> make(std::vector<ServedUser> users);

  [[nodiscard]] const std::string& admin_token() const { return admin_token_; }
  [[nodiscard]] const std::vector<ServedUser>& users() const { return users_; }
  /// A JSON web token (RFC 7519, HS256) with the claims of a ServiceAccount's.
  [[nodiscard]] std::string account_token(const TokenClaims& claims) const;

  /// The uid that a ServiceAccount has now; empty when there is none.
  using AccountUid = std::function<std::string(const std::string& name_space, const std::string& name)>;
  /// `authorization` is the header, empty for none: system:anonymous. `now` in seconds since 1970. Nothing:
  /// 401.
  [[nodiscard]] std::optional<UserInfo> identify(std::string_view authorization, std::int64_t now,
                                                 const AccountUid& uid_of) const;

 private:
  [[nodiscard]] std::string signature(std::string_view text) const;
  [[nodiscard]] std::optional<UserInfo> account(std::string_view token, std::int64_t now,
                                                const AccountUid& uid_of) const;

  std::string admin_token_;
  std::string key_;
  std::vector<ServedUser> users_;
};

}  // namespace carbon::sandbox
