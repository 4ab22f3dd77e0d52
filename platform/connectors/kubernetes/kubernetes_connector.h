#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ports/connector.h"
#include "platform/connectors/kubernetes/api_client.h"
#include "platform/connectors/kubernetes/api_error.h"
#include "platform/connectors/kubernetes/api_path.h"

namespace carbon {

/// The way to the objects of one cluster. Writes are server-side applies of field manager `carbon` (KEP-555):
/// a create demands a version that no object has, an update the uid and version that were read, so neither
/// can hit another object. What an update may take from another manager is written in kubernetes_write.cpp.
class KubernetesConnector final : public Connector {
 public:
  KubernetesConnector(Io& io, HttpEndpoint endpoint, KubernetesLogin login = {})
      : client_(io, std::move(endpoint), std::move(login)) {}

  Task<Result<TargetIdentity>> identify() override;
  Task<std::vector<LiveObject>> observe(std::vector<ObjectKey> keys) override;
  Task<Result<std::vector<LiveObject>>> list(const ResourceType* type, std::string name_space) override;
  Task<std::optional<Result<Value>>> preview(WriteRequest request) override;
  Task<WriteOutcome> create(WriteRequest request) override;
  Task<WriteOutcome> update(WriteRequest request) override;
  Task<WriteOutcome> remove(WriteRequest request) override;
  Task<WriteOutcome> store(StoreRequest request) override;
  Task<std::vector<std::string>> names(const ResourceType* type, std::string object_namespace) override;
  Task<Result<Readiness>> readiness(ObjectKey key) override;

 private:
  enum class DryRun : bool { no, yes };
  enum class Force : bool { no, yes };

  /// A server-side apply, taken over by force where the rule allows it.
  [[nodiscard]] Task<HttpReply> apply(const WriteRequest* request, ObjectName name, std::string body,
                                      DryRun dry_run);
  [[nodiscard]] Task<HttpReply> send_apply(const WriteRequest* request, ObjectName name, std::string body,
                                           DryRun dry_run, Force force);
  /// The last word on an apply that was refused as invalid (kubernetes_exchange.cpp); the refusal itself
  /// where nothing more can be done.
  [[nodiscard]] Task<HttpReply> exchange(const WriteRequest* request, ObjectName name, HttpReply refusal,
                                         DryRun dry_run);
  [[nodiscard]] Task<WriteOutcome> remove_nulls(const WriteRequest* request, ObjectName name,
                                                WriteOutcome applied);
  [[nodiscard]] Task<WriteOutcome> create_generated(const WriteRequest* request, ObjectName name);
  [[nodiscard]] Task<WriteOutcome> update_generated(const WriteRequest* request, ObjectName name);
  [[nodiscard]] Task<LiveObject> look(ObjectKey key);
  [[nodiscard]] Task<Result<Value>> list_some(std::string path, std::string selector);
  [[nodiscard]] Task<Readiness> pods_say(const LiveObject* object, const KubernetesApi* api,
                                         std::string name_space, Readiness so_far);
  [[nodiscard]] Task<bool> waits_for_consumer(const LiveObject* claim);

  [[nodiscard]] Subject subject(const WriteRequest& request, const ObjectName& name) const;
  [[nodiscard]] WriteOutcome outcome_of(const HttpReply& reply, const WriteRequest& request,
                                        const ObjectName& name) const;
  [[nodiscard]] WriteOutcome removal_of(const HttpReply& reply, const WriteRequest& request,
                                        const ObjectName& name) const;
  /// A success that says nothing: what it did is not known.
  [[nodiscard]] WriteOutcome unreadable(std::string_view why, const WriteRequest& request,
                                        const ObjectName& name) const;

  KubernetesClient client_;
};

}  // namespace carbon
