#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "platform/sandbox/kubernetes/api_server.h"

namespace carbon::sandbox {

/// What the API server's environment does without being asked: the namespace controller, the service account
/// and root CA publishers, the garbage collector, the definitions' controller. Event driven: follows the
/// store's revisions.
class Background {
 public:
  explicit Background(ApiServer& server) : server_(server), seen_(server.store().settled()) {}

  /// Handles what happened since the last call; true if it changed anything.
  bool settle(const Occasion& occasion);

 private:
  bool react(const StoredObject& change, const Occasion& occasion);
  bool furnish_namespace(const std::string& name, const Occasion& occasion);
  bool empty_namespace(const std::string& name, const Occasion& occasion);
  bool aggregate_roles(const Occasion& occasion);
  bool establish_definition(const std::string& name, const Occasion& occasion);
  bool empty_definition(const std::string& name, const Value& definition, const Occasion& occasion);
  bool collect_dependents(std::string_view owner_uid, std::string_view propagation, const Occasion& occasion);
  bool collect_orphan(const StoreKey& key, const Value& object, const Occasion& occasion);
  bool end_deletion(const StoreKey& key, const Value& object, const Occasion& occasion);
  bool write(const StoreKey& key, const Value& before, Value after, std::string_view subresource,
             const Occasion& occasion);
  [[nodiscard]] bool in_use(const StoreKey& key);
  bool erase(const StoreKey& key, std::string_view propagation, const Occasion& occasion);
  [[nodiscard]] Route route_of(const StoreKey& key);

  ApiServer& server_;
  std::int64_t seen_;
  bool roles_changed_ = false;  ///< ClusterRoles, since their rules were last put together
  std::set<StoreKey> going_;    ///< deletions that wait for others to go
};

}  // namespace carbon::sandbox
