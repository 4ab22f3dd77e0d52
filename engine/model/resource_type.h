#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/field_path.h"
#include "base/type.h"
#include "engine/expr/expr.h"

namespace carbon {

/// How objects of a type are reached.
enum class Transport : std::uint8_t { connection, kubernetes, sql };

/// `api "apps/v1" "Deployment" "deployments"`, `scope namespaced`.
struct KubernetesApi {
  std::string group;  ///< empty for the core group
  std::string version;
  std::string kind;
  std::string plural;
  bool namespaced = true;

  [[nodiscard]] std::string api_version() const { return group.empty() ? version : group + "/" + version; }
};

/// One step of an SQL operation: `query "SELECT …" args…` or `exec "…" args…`. The text is a literal with
/// only ident() and literal() interpolated; arguments are bound to $1, $2.
struct SqlStep {
  enum class Kind : std::uint8_t { query, exec };
  Kind kind = Kind::query;
  const Expr* text = nullptr;
  std::vector<const Expr*> arguments;
  const Expr* when = nullptr;        ///< the step runs only if true
  bool outside_transaction = false;  ///< CREATE DATABASE and its like
  SourceSpan span;
};

/// Slots of the frame in which the expressions of an operation are evaluated.
enum class OperationSlot : std::uint32_t { self, live, row, rows, count };

struct SqlOperation {
  std::vector<FieldPath> fields;  ///< `update a b`: only these fields; empty is the plain one
  std::vector<SqlStep> steps;
  const Expr* take = nullptr;    ///< of a read: record of the fields read
  const Expr* absent = nullptr;  ///< of a read: `absent when`
  SourceSpan span;
};

struct SqlOperations {
  const Expr* database =
      nullptr;  ///< `database e`: the database that the statements run in; the provider's own if absent
  SqlOperation read, create, remove;
  std::vector<SqlOperation> updates;
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
  SqlOperations sql;
  bool data_bearing = false;           ///< deleting it destroys user data
  const Expr* exclusive_by = nullptr;  ///< two changes with the same key never run at once
  /// Native behaviour on top of the transport; only GeneratedSecret has one today: its content is made by
  /// carbon at create and never sent again.
  bool generated = false;
  std::string doc;
  SourceSpan span;
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

  void add_loader(std::string package, Loader loader, std::vector<std::string> names);
  ResourceType& add(std::unique_ptr<ResourceType> type);
  /// The type, loaded if need be; nullptr when nobody knows it.
  [[nodiscard]] const ResourceType* find(std::string_view name);
  /// All names of a package (`k8s`), for did-you-mean and completion.
  [[nodiscard]] std::vector<std::string> names(std::string_view package) const;

  [[nodiscard]] TypeTable& types() { return types_; }
  [[nodiscard]] ExprArena& expressions() { return expressions_; }

 private:
  struct Package {
    Loader loader;
    std::vector<std::string> names;
  };
  TypeTable types_;
  ExprArena expressions_;
  std::map<std::string, std::unique_ptr<ResourceType>, std::less<>> loaded_;
  std::map<std::string, Package, std::less<>> packages_;
};

}  // namespace carbon
