#pragma once

#include <string>
#include <vector>

#include "engine/expr/function.h"
#include "engine/ports/connector.h"
#include "engine/ports/io.h"
#include "platform/connectors/http/http_client.h"
#include "platform/connectors/http/http_listing.h"
#include "platform/connectors/s3/signature.h"

namespace carbon {

/// How a connection's config is reached: what its `base` and `header` words give.
struct HttpAccess {
  HttpEndpoint endpoint;
  std::vector<Header> headers;
  std::vector<std::string> secrets;  ///< texts of the config that nothing may repeat
  SigningKey key;                    ///< what requests of types `via s3` are signed with
};

/// The way in, from a connection type and its resolved config. Errors: those of the expressions, and
/// bad_type_declaration for a base that is no address.
[[nodiscard]] Result<HttpAccess> http_access(const ResourceType& connection, const Value& config,
                                             const FunctionTable& functions);

/// The way to the objects of one HTTP server, by the operations that their types declare (`via http`, `via
/// s3`). An update reads the object first and shows it to the operation as `live`; every write is read back.
/// Many objects of a type that has a `list` are read with it, one request a page.
class HttpConnector final : public Connector {
 public:
  /// `config` is the provider's, resolved: operations read it as `provider`.
  HttpConnector(Io& io, HttpAccess access, Value config, const FunctionTable& functions);

  Task<Result<TargetIdentity>> identify() override;
  Task<std::vector<LiveObject>> observe(std::vector<ObjectKey> keys) override;
  Task<std::optional<Result<Value>>> preview(WriteRequest request) override;
  Task<WriteOutcome> create(WriteRequest request) override;
  Task<WriteOutcome> update(WriteRequest request) override;
  Task<WriteOutcome> remove(WriteRequest request) override;
  Task<Result<Readiness>> readiness(ObjectKey key) override;

 private:
  [[nodiscard]] Task<LiveObject> read(ObjectKey key);
  [[nodiscard]] Task<LiveObject> read_one(ObjectKey key);
  [[nodiscard]] Task<LiveObject> read_listed(ObjectKey key);
  [[nodiscard]] Task<void> read_into(ObjectKey key, LiveObject* into);
  /// All of these, which have one type, from its list.
  [[nodiscard]] Task<void> list_into(std::vector<ObjectKey> keys, std::vector<LiveObject*> into);
  /// The object after a write: what a server has just made may take a moment to be seen.
  [[nodiscard]] Task<LiveObject> read_back(ObjectKey key);
  [[nodiscard]] Task<WriteOutcome> run(HttpOperationRun* run, const Operation* operation, HttpWrite write,
                                       Duration work_limit, HttpSubject subject);
  [[nodiscard]] Task<WriteOutcome> work_done(HttpOperationRun* run, const OperationPoll* poll, Duration limit,
                                             HttpSubject subject);
  [[nodiscard]] HttpSubject subject(const ObjectKey& key, const Value& desired) const;

  /// Requests of a type `via s3` are signed.
  [[nodiscard]] HttpClient& client_of(Transport transport) {
    return transport == Transport::s3 ? signing_client_ : client_;
  }

  HttpClient client_;
  HttpClient signing_client_;
  Value config_;
  const FunctionTable& functions_;
};

}  // namespace carbon
