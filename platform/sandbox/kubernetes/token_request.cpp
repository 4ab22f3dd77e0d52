// serviceaccounts/NAME/token: authentication.k8s.io/v1 TokenRequest
// (pkg/registry/core/serviceaccount/storage/token.go).
#include <fmt/format.h>
#include <algorithm>

#include "base/utc_time.h"
#include "platform/sandbox/kubernetes/api_server.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/protobuf_body.h"
#include "platform/sandbox/kubernetes/validation.h"
#include "platform/sandbox/kubernetes/wire.h"

namespace carbon::sandbox {

namespace {

constexpr std::int64_t shortest_life = 600;
constexpr std::int64_t longest_life = std::int64_t{1} << 32;
constexpr std::int64_t usual_life = 3600;
constexpr std::int64_t second = 1'000'000'000;

}  // namespace

ApiResponse ApiServer::answer_token(const ApiRequest& request, const Route& route, const Occasion& occasion) {
  if (!tokens_) return status_response(not_modelled("serviceaccounts/token"));
  std::optional<Value> account = writer_.load(route.key());
  if (!account) return status_response(not_found(route.resource->group, route.resource->plural, route.name));
  auto body = read_body(request, route);
  if (!body) return status_response(body.error());
  const SchemaNode& schema = *resources_.schema_of("authentication.k8s.io/v1", "TokenRequest");
  if (std::string why = decode_error(schema, "TokenRequest", *body); !why.empty())
    return status_response(bad_request(why));
  std::int64_t life = int_at(*body, {"spec", "expirationSeconds"}).value_or(usual_life);
  std::vector<StatusCause> causes;
  if (life < shortest_life)
    causes.push_back(invalid_value("spec.expirationSeconds", number(life),
                                   "may not specify a duration less than 10 minutes"));
  if (life > longest_life)
    causes.push_back(invalid_value("spec.expirationSeconds", number(life),
                                   "may not specify a duration larger than 2^32 seconds"));
  if (!causes.empty())
    return status_response(invalid("authentication.k8s.io", "TokenRequest", "", std::move(causes)));
  if (at(*body, {"spec", "boundObjectRef"}) != nullptr)
    return status_response(not_modelled("a token that is bound to another object"));
  TokenClaims claims{route.namespace_name,
                     route.name,
                     std::string(text_at(*account, {"metadata", "uid"})),
                     occasion.now / second,
                     occasion.now / second + life,
                     {}};
  for (const Value& audience : items_at(*body, {"spec", "audiences"}))
    claims.audiences.emplace_back(audience.text());
  if (claims.audiences.empty()) claims.audiences.emplace_back(token_issuer);
  std::vector<Value> audiences;
  for (const std::string& audience : claims.audiences) audiences.push_back(text(audience));
  Value metadata = fields({{"name", text(route.name)},
                           {"namespace", text(route.namespace_name)},
                           {"creationTimestamp", text(utc_time(occasion.now))}});
  Value spec = fields({{"audiences", Value::list(std::move(audiences))},
                       {"expirationSeconds", number(life)},
                       {"boundObjectRef", Value()}});
  Value status = fields(
      {{"token", text(tokens_(claims))}, {"expirationTimestamp", text(utc_time(claims.expires * second))}});
  return json_response(201, fields({{"kind", text("TokenRequest")},
                                    {"apiVersion", text("authentication.k8s.io/v1")},
                                    {"metadata", metadata},
                                    {"spec", spec},
                                    {"status", status}}));
}

}  // namespace carbon::sandbox
