#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/ports/connector.h"
#include "platform/connectors/http/http_client.h"
#include "platform/connectors/http/http_reply.h"

namespace carbon {

/// Everything of one type that a `list` found.
class HttpListing {
 public:
  HttpListing(const ResourceType& type, const FunctionTable& functions, Value provider)
      : type_(type), functions_(functions), provider_(std::move(provider)) {}

  /// Reads every page. Errors: those of a reply that is no success, observation_failed for a list that is not
  /// complete, bad_reply.
  [[nodiscard]] Task<Status> read(HttpClient* client);
  /// The object that the key means: by the server's own name where that is known, else by identity. Unknown
  /// where two have the same.
  [[nodiscard]] LiveObject find(const ObjectKey& key) const;

 private:
  [[nodiscard]] Status take_page(HttpOperationRun& run);
  /// The target of the page after this one, or nothing.
  [[nodiscard]] Result<std::string> next(const HttpOperationRun& run, std::string_view base) const;
  [[nodiscard]] Result<Value> identity_of(const Value& key) const;

  const ResourceType& type_;
  const FunctionTable& functions_;
  Value provider_;
  std::map<std::string, std::vector<LiveObject>> by_identity_;
  std::map<std::string, LiveObject> by_uid_;
};

/// An object that was read, with the uid that the type's `assigned` field gives it.
[[nodiscard]] LiveObject live_object(const ResourceType& type, const Value& identity, const Value& fields);

/// The identity with the `assigned` field on top, where the server's name of the object is known.
[[nodiscard]] Value self_of(const ObjectKey& key);

}  // namespace carbon
