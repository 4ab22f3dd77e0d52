#include "platform/sandbox/serve/authenticator.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view bearer = "Bearer ";
constexpr std::string_view jwt_header = R"({"alg":"HS256","typ":"JWT"})";

Result<std::string> random_hex() {
  std::array<unsigned char, 24> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    return fail(DiagnosticCode::sandbox_failed, "no random bytes");
  return hex_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

Result<Authenticator> Authenticator::make(std::vector<ServedUser> users) {
  Authenticator made;
  made.admin_token_ = CARBON_TRY(random_hex());
  made.key_ = CARBON_TRY(random_hex());
  made.users_ = std::move(users);
  for (ServedUser& user : made.users_) user.token = CARBON_TRY(random_hex());
  return made;
}

std::string Authenticator::signature(std::string_view text) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return base64url_encode({reinterpret_cast<const char*>(digest.data()), size});
}

std::string Authenticator::account_token(const TokenClaims& claims) const {
  std::vector<Value> audiences;
  for (const std::string& audience : claims.audiences) audiences.push_back(text(audience));
  Value account = fields({{"name", text(claims.account)}, {"uid", text(claims.uid)}});
  Value payload = fields(
      {{"aud", Value::list(std::move(audiences))},
       {"exp", number(claims.expires)},
       {"iat", number(claims.issued)},
       {"iss", text(token_issuer)},
       {"kubernetes.io", fields({{"namespace", text(claims.namespace_name)}, {"serviceaccount", account}})},
       {"nbf", number(claims.issued)},
       {"sub", text(fmt::format("system:serviceaccount:{}:{}", claims.namespace_name, claims.account))}});
  std::string signed_part =
      fmt::format("{}.{}", base64url_encode(jwt_header), base64url_encode(to_json(payload)));
  return fmt::format("{}.{}", signed_part, signature(signed_part));
}

/// The account of a token that is ours, for the server itself, not over, and whose account is still the same.
std::optional<UserInfo> Authenticator::account(std::string_view token, std::int64_t now,
                                               const AccountUid& uid_of) const {
  std::size_t first = token.find('.'), last = token.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  if (!same(token.substr(last + 1), signature(token.substr(0, last)))) return std::nullopt;
  auto payload = base64url_decode(token.substr(first + 1, last - first - 1));
  auto claims = payload ? parse_json(*payload) : Result<Value>(Value());
  if (!claims || int_at(*claims, {"exp"}).value_or(0) <= now) return std::nullopt;
  std::vector<Value> audiences = items_at(*claims, {"aud"});
  if (std::ranges::find(audiences, text(token_issuer)) == audiences.end()) return std::nullopt;
  std::string space(text_at(*claims, {"kubernetes.io", "namespace"}));
  std::string name(text_at(*claims, {"kubernetes.io", "serviceaccount", "name"}));
  std::string uid(text_at(*claims, {"kubernetes.io", "serviceaccount", "uid"}));
  if (uid.empty() || uid_of(space, name) != uid) return std::nullopt;
  return UserInfo{
      fmt::format("system:serviceaccount:{}:{}", space, name),
      uid,
      {"system:serviceaccounts", fmt::format("system:serviceaccounts:{}", space), "system:authenticated"},
      {}};
}

std::optional<UserInfo> Authenticator::identify(std::string_view authorization, std::int64_t now,
                                                const AccountUid& uid_of) const {
  if (authorization.empty()) return UserInfo{"system:anonymous", {}, {"system:unauthenticated"}, {}};
  if (!authorization.starts_with(bearer)) return std::nullopt;
  std::string_view token = authorization.substr(bearer.size());
  if (same(token, admin_token_)) return UserInfo{};
  for (const ServedUser& user : users_) {
    if (!same(token, user.token)) continue;
    UserInfo info{user.name, {}, user.groups, {}};
    info.groups.emplace_back("system:authenticated");
    return info;
  }
  return account(token, now, uid_of);
}

}  // namespace carbon::sandbox
