#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/field_path.h"
#include "base/quantity.h"
#include "base/type.h"
#include "engine/expr/expr.h"

namespace carbon {

/// How objects of a type are reached.
enum class Transport : std::uint8_t { connection, kubernetes, sql, http, s3 };

/// Whether operations of the transport are HTTP requests: S3 differs from HTTP in what it signs and in
/// bodies.
[[nodiscard]] constexpr bool sends_requests(Transport transport) {
  return transport == Transport::http || transport == Transport::s3;
}

/// `api "apps/v1" "Deployment" "deployments"`, `scope namespaced`.
struct KubernetesApi {
  std::string group;  ///< empty for the core group
  std::string version;
  std::string kind;
  std::string plural;
  bool namespaced = true;

  [[nodiscard]] std::string api_version() const { return group.empty() ? version : group + "/" + version; }
};

/// `poll PATH by PAUSE when E else M`: what became of work that the request before began.
struct OperationPoll {
  const Expr* path = nullptr;
  Duration pause{1'000'000'000};
  const Expr* until = nullptr;  ///< over the reply: the work is done
  const Expr* failed =
      nullptr;  ///< its message once the work has failed, null while it goes on; may be nullptr
};

/// How the bodies of a request and of a reply that is a success are encoded, over what they are otherwise.
enum class BodyEncoding : std::uint8_t {
  none,
  madmin,  ///< encrypted with the connection's `secret_key`, as MinIO's admin API wants it
};

/// One step of an operation. SQL: `query "SELECT …" args…` or `exec "…" args…`, whose text is a literal with
/// only what ident(), literal() or literal_or_default() quoted interpolated; arguments are bound to $1, $2.
/// HTTP: `get "PATH"` and its like, whose interpolations are percent-encoded when the request is built.
struct OperationStep {
  enum class Kind : std::uint8_t { query, exec, get, post, put, patch, delete_, head };
  Kind kind = Kind::query;
  const Expr* text = nullptr;
  std::vector<const Expr*> arguments;
  const Expr* send = nullptr;                                ///< HTTP: the body
  std::vector<std::pair<const Expr*, const Expr*>> headers;  ///< HTTP: of this request alone
  BodyEncoding encoding = BodyEncoding::none;                ///< S3
  const Expr* when = nullptr;                                ///< the step runs only if true
  std::optional<OperationPoll> poll;                         ///< HTTP
  bool outside_transaction = false;                          ///< CREATE DATABASE and its like
  SourceSpan span;

  /// A request that changes nothing.
  [[nodiscard]] bool only_asks() const { return kind == Kind::get || kind == Kind::head; }
};

/// Slots of the frame in which the expressions of an operation are evaluated. `row` and `rows` are SQL's,
/// what follows them HTTP's.
enum class OperationSlot : std::uint32_t {
  self,
  live,
  row,
  rows,
  provider,
  body,
  status,
  headers,
  item,
  page,
  replies,
  count
};

struct Operation {
  std::vector<FieldPath> fields;  ///< `update a b`: only these fields; empty is the plain one
  std::vector<OperationStep> steps;
  const Expr* take = nullptr;    ///< record of the fields that are read
  const Expr* absent = nullptr;  ///< of a read: `absent when`
  const Expr* exists = nullptr;  ///< HTTP: `exists when`, and so on
  const Expr* conflict = nullptr;
  const Expr* done = nullptr;
  const Expr* retry = nullptr;
  const Expr* each = nullptr;      ///< of a list: the items of a page
  const Expr* key = nullptr;       ///< of a list: by which identity, or record of it, an item is found
  const Expr* next = nullptr;      ///< of a list: path of the following page or null
  const Expr* complete = nullptr;  ///< of a list: whether nothing is missing
  SourceSpan span;
};

struct Operations {
  const Expr* database =
      nullptr;  ///< `database e`: the database that the statements run in; the provider's own if absent
  Operation read, create, remove, list;
  std::vector<Operation> updates;
  /// `assigned f`: the field that the server sets and names the object by; empty where there is none.
  std::string assigned;
};

/// Whether an expression reads `self.name` of an operation.
[[nodiscard]] bool reads_self(const Expr* expression, std::string_view name);
/// Whether the `read` finds an object without the name that the server assigned to it.
[[nodiscard]] bool read_by_identity(const Operations& operations);

/// Whether its `take` gives the field; one that takes a whole reply may give any.
[[nodiscard]] bool takes(const Operation& operation, std::string_view field);

/// `base e`, `header n v` of a connection, over its own fields in slot 0.
struct HttpConnection {
  const Expr* base = nullptr;
  std::vector<std::pair<const Expr*, const Expr*>> headers;
};

/// `normalize(e)` behind a field: what both sides are turned into before they are compared or sent, over
/// `value` in slot 0.
struct Normalization {
  std::string field;
  const Expr* value = nullptr;
};

/// `one_way f from a to b`: that change cannot be undone.
struct OneWay {
  FieldPath field;
  Value from;
  Value to;
};

/// What a change interrupts while it is made.
enum class Disruption : std::uint8_t { none, restart, reconnect, read_only };

/// `disrupts f restart`.
struct Disrupts {
  FieldPath field;
  Disruption how = Disruption::none;
};

/// `failed when e else m`.
struct FailedCondition {
  const Expr* when = nullptr;
  const Expr* message = nullptr;
};

/// `check e else m` over OperationSlot::self: what every object of the type must be like.
struct TypeCheck {
  const Expr* condition = nullptr;
  const Expr* message = nullptr;
};

/// A kind of object that carbon can plan and apply, or (transport connection) a kind of provider. Described
/// by text
/// (`type … via`), or by the built-in Kubernetes schema. Owned by a ResourceTypes and alive as long as it.
struct ResourceType {
  std::string name;  ///< `k8s.Deployment`, `postgres.Database`
  Transport transport = Transport::kubernetes;
  std::string version = "1";  ///< kept in inventory and plans
  TypePtr schema = nullptr;   ///< record: the fields that users write and that are read
  std::string provider_type;  ///< `k8s.Cluster`; empty for connections
  std::vector<FieldPath> identity;
  KubernetesApi kubernetes;
  Operations operations;               ///< of SQL, HTTP and S3
  HttpConnection http;                 ///< of a connection that HTTP goes through
  bool data_bearing = false;           ///< deleting it destroys user data
  const Expr* exclusive_by = nullptr;  ///< two changes with the same key never run at once
  const Expr* ready = nullptr;         ///< over OperationSlot::live; nullptr: what exists is ready
  std::vector<FailedCondition> failed;
  std::vector<TypeCheck> checks;
  std::vector<Normalization> normalize;
  std::vector<OneWay> one_way;
  std::vector<Disrupts> disrupts;
  /// Native behaviour on top of the transport; only GeneratedSecret has one today: its content is made by
  /// carbon at create and never sent again.
  bool generated = false;
  /// Not a kind of objects: each object of a text of manifests is a resource of its own type
  /// (k8s.Manifests).
  bool manifests = false;
  /// The objects themselves, of a type that brings them along, by what its fields say (velero.Definitions).
  std::function<std::vector<Value>(const Value& desired)> documents;
  std::string doc;
  SourceSpan span;

  /// Some field is derived: the connector has to be asked what is desired.
  [[nodiscard]] bool derives() const;
  /// An object of it can be there and not be ready, so it has to be looked at; a ConfigMap cannot.
  [[nodiscard]] bool has_readiness() const;
};

/// Loads types by qualified name on demand (`k8s.Deployment`): start-up must not parse megabytes. Owns what
/// it loads.
class ResourceTypes {
 public:
  /// Makes the type or gives nullptr when this loader has none of that name. Called once a name.
  using Loader = std::function<std::unique_ptr<ResourceType>(std::string_view name, TypeTable& types)>;

  ResourceTypes() = default;
  ResourceTypes(const ResourceTypes&) = delete;
  ResourceTypes& operator=(const ResourceTypes&) = delete;

  /// Whether the package's name may stand for an imported schema instead, where nobody imports the package.
  enum class Name : std::uint8_t { reserved, free };

  void add_loader(std::string package, Loader loader, std::vector<std::string> names,
                  Name name = Name::reserved);
  /// Gives the name of a package that is `free` to a schema: the package's own types are no longer known.
  /// False, and nothing done, for a name that is not to be had.
  [[nodiscard]] bool take_name(std::string_view package);
  ResourceType& add(std::unique_ptr<ResourceType> type);
  /// The type, loaded if need be; nullptr when nobody knows it.
  [[nodiscard]] const ResourceType* find(std::string_view name);
  /// A type of that kind among those that are loaded already, or nullptr; which one is the same in every run.
  [[nodiscard]] const ResourceType* loaded_kind(std::string_view group, std::string_view version,
                                                std::string_view kind) const;
  /// All names of a package (`k8s`), for did-you-mean and completion.
  [[nodiscard]] std::vector<std::string> names(std::string_view package) const;

  [[nodiscard]] TypeTable& types() { return types_; }
  [[nodiscard]] ExprArena& expressions() { return expressions_; }

 private:
  struct Package {
    Loader loader;
    std::vector<std::string> names;
    Name name = Name::reserved;
  };
  TypeTable types_;
  ExprArena expressions_;
  std::map<std::string, std::unique_ptr<ResourceType>, std::less<>> loaded_;
  std::map<std::string, Package, std::less<>> packages_;
};

}  // namespace carbon
