#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/request.h"
#include "platform/sandbox/kubernetes/store.h"

namespace carbon::sandbox {

class ApiServer;
class Background;
struct TokenClaims;

/// What happened to an object, for controllers: in order of revision, nothing left out.
struct ObjectChange {
  StoreKey key;
  std::int64_t revision = 0;
  enum class Kind : std::uint8_t { created, updated, deleted } kind = Kind::updated;
};

/// How dependents of a deleted object fare (metav1.DeletionPropagation).
enum class Propagation : std::uint8_t { background, foreground, orphan };

/// The objects as a controller sees them. Goes the same way as a request: defaults, validation,
/// managedFields, finalizers; a refusal is the same Status. Objects are plain API objects with apiVersion and
/// kind; a list is in order of namespace and name. `storage` is `pods` or `deployments.apps`.
class ObjectApi {
 public:
  ObjectApi(ApiServer& server, const Occasion& occasion, std::string manager)
      : server_(server), occasion_(occasion), manager_(std::move(manager)) {}

  [[nodiscard]] std::optional<Value> get(std::string_view storage, std::string_view namespace_name,
                                         std::string_view name);
  [[nodiscard]] std::vector<Value> list(std::string_view storage, std::string_view namespace_name = {},
                                        std::string_view label_selector = {});
  /// Objects of a storage whose controller or owner has this uid.
  [[nodiscard]] std::vector<Value> owned_by(std::string_view storage, std::string_view owner_uid);
  ApiResult<Value> create(const Value& object);
  /// Replaces it; a resourceVersion in it is a precondition.
  ApiResult<Value> update(const Value& object);
  /// Replaces only `status` (and, as the server does, nothing else).
  ApiResult<Value> update_status(const Value& object);
  /// RFC 7386 on the object or on its subresource (`status`, or empty).
  ApiResult<Value> merge_patch(std::string_view storage, std::string_view namespace_name,
                               std::string_view name, std::string_view subresource, const Value& patch);
  ApiResult<void> remove(std::string_view storage, std::string_view namespace_name, std::string_view name,
                         Propagation propagation = Propagation::background);

 private:
  enum class Verb : std::uint8_t { create, replace };
  ApiResult<Value> write(const Value& object, std::string_view subresource, Verb verb);

  ApiServer& server_;
  const Occasion& occasion_;
  std::string manager_;
};

/// A Kubernetes API server without its controllers: requests in, responses out. A pure state machine over its
/// store: no threads, no sockets, no clock of its own; one thread calls it. What it does not model it refuses
/// with 501 or 422.
class KubernetesSandbox {
 public:
  /// Opens or makes the store (`:memory:` for none on disk) and the objects that every cluster has:
  /// namespaces default, kube-system, kube-public, kube-node-lease and the Service `kubernetes`.
  [[nodiscard]] static Result<std::unique_ptr<KubernetesSandbox>> open(const std::string& path,
                                                                       const Occasion& occasion);
  ~KubernetesSandbox();

  [[nodiscard]] ApiResponse handle(const ApiRequest& request, const Occasion& occasion);

  /// Reads bodies that are YAML; without it they are refused. `nullopt`: the text is no YAML. The sandbox
  /// itself knows JSON only.
  using YamlReader = std::function<std::optional<Value>(std::string_view text)>;
  void set_yaml_reader(YamlReader reader);

  /// Makes the tokens of ServiceAccounts (TokenRequest); without it they are refused with 501. Whoever takes
  /// requests checks the tokens.
  void set_token_maker(std::function<std::string(const TokenClaims& claims)> maker);

  /// Group commit: the writes of all requests between the two become durable together. The caller must commit
  /// before it sends their replies.
  void begin();
  [[nodiscard]] Status commit();

  /// What the server's own controllers do in the background: gives a namespace its ServiceAccount and
  /// kube-root-ca.crt, empties and removes namespaces that are going, collects dependents of deleted owners,
  /// ends foreground and orphan deletions. True if anything changed; call it again until it says false.
  bool settle(const Occasion& occasion);

  [[nodiscard]] std::int64_t revision() const;
  /// Changes after a revision, oldest first, at most a thousand; empty when there are none.
  [[nodiscard]] std::vector<ObjectChange> changes_since(std::int64_t revision) const;
  /// Lines of a watch since `watch.position`, which is moved on: JSON, one event a line. Label and field
  /// selectors turn transitions into ADDED and DELETED.
  [[nodiscard]] std::string watch_lines(WatchStart& watch) const;
  /// The bookmark line at the watch's position.
  [[nodiscard]] std::string bookmark_line(const WatchStart& watch) const;

  /// The objects as seen by a controller of that name (its field manager). Valid while both arguments live.
  [[nodiscard]] ObjectApi api(const Occasion& occasion, std::string manager = "kube-controller-manager");
  [[nodiscard]] ObjectStore& store();

 private:
  explicit KubernetesSandbox(std::unique_ptr<ObjectStore> store);
  void furnish(const Occasion& occasion);

  std::unique_ptr<ApiServer> server_;
  std::unique_ptr<Background> background_;
};

}  // namespace carbon::sandbox
