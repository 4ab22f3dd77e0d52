#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/managed_fields.h"
#include "platform/sandbox/kubernetes/request.h"
#include "platform/sandbox/kubernetes/resources.h"
#include "platform/sandbox/kubernetes/store.h"

namespace carbon::sandbox {

/// One write on its way: to which object, by whom, for real or as a dry run. Objects in it are *bare*:
/// without apiVersion and kind, as they are stored.
struct WriteContext {
  ResourceInfo& resource;
  const SchemaNode& schema;
  StoreKey key;
  const Occasion& occasion;
  Writer writer;
  std::string subresource;
  bool dry_run = false;
};

/// How dependents of a deleted object fare; nothing: the kind's default (metav1.DeletionPropagation).
struct DeleteRequest {
  std::string propagation;
  std::string uid;               ///< precondition
  std::string resource_version;  ///< precondition
  bool dry_run = false;
};

struct Deleted {
  Value object;       ///< bare, as it is now
  bool gone = false;  ///< false: finalizers keep it
};

/// Carries writes out: what the API server's generic registry does between decoding and etcd
/// (registry/store.go, rest/create.go, rest/update.go, rest/delete.go).
class ObjectWriter {
 public:
  ObjectWriter(ObjectStore& store, Resources& resources) : store_(store), resources_(resources) {}

  /// The bare object, or nothing.
  [[nodiscard]] std::optional<Value> load(const StoreKey& key);

  /// `object` has its managedFields already. Errors: 404 and 403 of the namespace, 409, 422.
  [[nodiscard]] ApiResult<Value> create(const WriteContext& context, Value object);
  /// Gives the object as it is afterwards; without a change nothing is written. Errors: 409, 422.
  [[nodiscard]] ApiResult<Value> update(const WriteContext& context, const Value& before, Value after);
  [[nodiscard]] ApiResult<Deleted> remove(const WriteContext& context, const Value& object,
                                          const DeleteRequest& request);

 private:
  [[nodiscard]] ApiResult<void> check_namespace(const WriteContext& context);
  [[nodiscard]] ApiResult<Value> store_object(const WriteContext& context, Value object);
  [[nodiscard]] ApiResult<Value> erase(const WriteContext& context, const Value& object);
  [[nodiscard]] Value allocated(const WriteContext& context, Value object);
  [[nodiscard]] std::string free_address(const WriteContext& context);
  [[nodiscard]] std::int64_t free_node_port(const WriteContext& context);
  void reserve(const Value& service);
  void load_reservations();

  ObjectStore& store_;
  Resources& resources_;
  std::set<std::string, std::less<>> addresses_;  ///< of Services
  std::set<std::int64_t> node_ports_;
  bool reservations_loaded_ = false;
};

}  // namespace carbon::sandbox
