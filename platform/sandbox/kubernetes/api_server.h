#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/authorizer.h"
#include "platform/sandbox/kubernetes/defaults.h"
#include "platform/sandbox/kubernetes/listing.h"
#include "platform/sandbox/kubernetes/object_writer.h"
#include "platform/sandbox/kubernetes/request.h"
#include "platform/sandbox/kubernetes/resources.h"
#include "platform/sandbox/kubernetes/store.h"

namespace carbon::sandbox {

/// What a path names. Without a name it is the collection.
struct Route {
  ResourceInfo* resource = nullptr;
  std::string namespace_name;
  std::string name;
  std::string subresource;

  [[nodiscard]] StoreKey key() const { return {resource->storage, namespace_name, name}; }
};

/// The options of a write (metav1.PatchOptions and its like).
struct WriteOptions {
  std::string manager;
  std::string validation;  ///< Strict, Warn, Ignore; empty is Warn
  bool dry_run = false;
  bool force = false;
  const UserInfo* user =
      nullptr;  ///< who must be allowed what the write needs besides; nullptr: a controller
};

/// What a ServiceAccount's token says.
/// Who issues tokens of ServiceAccounts, and whom they are for where nobody is named.
inline constexpr std::string_view token_issuer = "https://kubernetes.default.svc";

struct TokenClaims {
  std::string namespace_name;
  std::string account;
  std::string uid;
  std::int64_t issued = 0;   ///< seconds since 1970
  std::int64_t expires = 0;  ///< the same
  std::vector<std::string> audiences;
};

/// A response's object with its code, and the warnings of its headers.
struct Answer {
  Value object;
  int code = 200;
  std::vector<std::string> warnings;
};

/// Turns requests into reads and writes. Owns the state of one server; one thread.
class ApiServer {
 public:
  using YamlReader = std::function<std::optional<Value>(std::string_view text)>;
  using TokenMaker = std::function<std::string(const TokenClaims& claims)>;

  explicit ApiServer(std::unique_ptr<ObjectStore> store)
      : store_(std::move(store)), writer_(*store_, resources_), authorizer_(*store_, writer_) {}

  [[nodiscard]] ApiResponse handle(const ApiRequest& request, const Occasion& occasion);

  // Writes of bare or whole objects, for requests and for controllers alike.
  [[nodiscard]] ApiResult<Answer> create(const Route& route, Value body, const WriteOptions& options,
                                         const Occasion& occasion);
  [[nodiscard]] ApiResult<Answer> apply(const Route& route, Value config, const WriteOptions& options,
                                        const Occasion& occasion);
  [[nodiscard]] ApiResult<Answer> replace(const Route& route, Value body, const WriteOptions& options,
                                          const Occasion& occasion);
  /// `type` is the media type of the patch.
  [[nodiscard]] ApiResult<Answer> patch(const Route& route, std::string_view type, const Value& patch,
                                        const WriteOptions& options, const Occasion& occasion);
  [[nodiscard]] ApiResult<Deleted> remove(const Route& route, const DeleteRequest& request,
                                          const Occasion& occasion);

  /// The object as clients see it.
  [[nodiscard]] Value whole(const ResourceInfo& resource, const Value& bare) const;
  [[nodiscard]] ObjectStore& store() { return *store_; }
  [[nodiscard]] Resources& resources() { return resources_; }
  [[nodiscard]] ObjectWriter& writer() { return writer_; }
  void set_yaml_reader(YamlReader reader) { yaml_ = std::move(reader); }
  void set_token_maker(TokenMaker maker) { tokens_ = std::move(maker); }
  void load_definitions();

 private:
  [[nodiscard]] ApiResult<Route> route(std::string_view path);
  /// The user after impersonation. Errors: 400, 403.
  [[nodiscard]] ApiResult<UserInfo> acting_user(const ApiRequest& request);
  [[nodiscard]] ApiResult<void> check_access(const ApiRequest& request);
  /// 403 for rights that a write would give and its writer does not have.
  [[nodiscard]] ApiResult<void> check_rights(const Route& route, const Value& before, const Value& after,
                                             const WriteOptions& options);
  [[nodiscard]] ApiResult<void> check_create_access(const Route& route, const WriteOptions& options);
  [[nodiscard]] ApiResponse answer(const ApiRequest& request, const Occasion& occasion);
  [[nodiscard]] ApiResponse answer_resource(const ApiRequest& request, const Route& route,
                                            const Occasion& occasion);
  [[nodiscard]] ApiResponse read(const ApiRequest& request, const Route& route);
  [[nodiscard]] ApiResponse write(const ApiRequest& request, const Route& route, const Occasion& occasion);
  [[nodiscard]] ApiResponse answer_delete(const ApiRequest& request, const Route& route,
                                          const Occasion& occasion);
  [[nodiscard]] ApiResponse answer_eviction(const ApiRequest& request, const Route& route,
                                            const Occasion& occasion);
  [[nodiscard]] ApiResponse answer_token(const ApiRequest& request, const Route& route,
                                         const Occasion& occasion);
  [[nodiscard]] ApiResult<void> take_disruption(const Value& pod, const WriteOptions& options,
                                                const Occasion& occasion);
  [[nodiscard]] ApiResponse delete_collection(const ApiRequest& request, const Route& route,
                                              const DeleteRequest& wanted, const Occasion& occasion);
  /// The body as an object, without looking what it says. Errors: 400, 415.
  [[nodiscard]] ApiResult<Value> read_body(const ApiRequest& request, const Route& route);
  [[nodiscard]] ApiResult<Value> decode_body(const ApiRequest& request, const Route& route,
                                             WriteOptions& options, std::vector<std::string>& warnings);
  [[nodiscard]] ApiResult<void> check_fields(const Route& route, const Value& body, std::string_view json,
                                             const WriteOptions& options, bool applies,
                                             std::vector<std::string>& warnings);
  [[nodiscard]] ApiResult<Answer> read_scale(const Route& route);
  /// PUT and every patch of a Scale; `type` is the media type.
  [[nodiscard]] ApiResult<Answer> write_scale(const Route& route, std::string_view type, const Value& body,
                                              const WriteOptions& options, const Occasion& occasion);
  [[nodiscard]] ApiResult<Value> apply_scale(const Route& route, const Value& live, const Value& config,
                                             const WriteOptions& options, const Occasion& occasion);
  /// Ends an ordinary update: defaults, managedFields, the registry.
  [[nodiscard]] ApiResult<Value> updated(const Route& route, const Value& before, Value after,
                                         const WriteOptions& options, const Occasion& occasion);
  [[nodiscard]] WriteContext context(const Route& route, const WriteOptions& options,
                                     const Occasion& occasion);
  [[nodiscard]] Value typed(const ResourceInfo& resource, const SchemaNode& schema, const Value& object);

  std::unique_ptr<ObjectStore> store_;
  Resources resources_;
  ObjectWriter writer_;
  Authorizer authorizer_;
  Defaults defaults_;
  ListCounts counts_;
  YamlReader yaml_;
  TokenMaker tokens_;
};

/// 415 for a body that no write of that method reads.
[[nodiscard]] ApiResult<void> check_media_type(const ApiRequest& request);

/// A Status as a response.
[[nodiscard]] ApiResponse status_response(const ApiStatus& status);
[[nodiscard]] ApiResponse json_response(int code, const Value& body);

}  // namespace carbon::sandbox
