#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/check/clauses.h"
#include "dsl/check/policy.h"
#include "engine/expr/expr.h"
#include "engine/expr/function.h"
#include "engine/model/resource.h"

namespace carbon {

// How names became slots. Every expression of a declaration is evaluated in a small frame of its own (loop
// variables, item lets, comprehension variables), whose outer frame holds the names of the component or
// package, whose outer frame (in a component) holds those of the package. Slot 0 of a package frame is `env`.

/// Stands between the parts of a composite key in a patch: no text of a file can hold it by accident.
inline constexpr char key_separator = '\x1f';

enum class World : std::uint8_t { live, sandbox };

/// `keep FIELD in SINK`.
struct KeepSetting {
  std::string field;
  const Expr* sink = nullptr;
};

/// The settings of an instance, those with an expression still to be evaluated.
struct InstanceSettings {
  bool protect = false;
  const Expr* protect_when = nullptr;
  std::vector<FieldPath> ignore;
  const Expr* timeout = nullptr;
  const Expr* retry_times = nullptr;  ///< `retry N by PAUSE`: both or neither
  const Expr* retry_pause = nullptr;
  const Expr* adopt = nullptr;
  const Expr* provider = nullptr;  ///< `using`
  ReplaceOrder replace = ReplaceOrder::destroy_first;
  std::vector<KeepSetting> keeps;
  std::vector<AddressPath> after;
  std::vector<AddressPath> served_by;  ///< of a provider
};

struct Component;

/// A resource, lookup, provider or use: exactly one of `type` and `component` is set.
struct Instance {
  const ResourceType* type = nullptr;
  const Component* component = nullptr;
  bool optional = false;  ///< `lookup x : T?`
  Repetition repetition;
  std::vector<LocalLet> lets;
  const Expr* body = nullptr;  ///< record of the fields, or of a component's inputs
  InstanceSettings settings;
};

enum class DeclarationKind : std::uint8_t {
  environment,  ///< `env`, in every package
  data,         ///< an imported file
  borrowed,     ///< a `let` of an imported package
  let,
  input,
  output,
  resource,
  lookup,
  provider,
  use,
};

/// That one declaration needs the value of another of the same scope, and where it says so.
struct Read {
  std::uint32_t declaration = 0;
  SourceSpan span;
};

/// A name with a value. Its index in the scope is its slot in the scope's frame.
struct Declaration {
  DeclarationKind kind = DeclarationKind::let;
  std::string name;
  SourceSpan span;              ///< of the name
  TypePtr type = nullptr;       ///< nullptr where it is known only by evaluation
  const Expr* value = nullptr;  ///< let and output; an input's default
  Value constant;               ///< data
  bool has_default = false;     ///< input
  bool looks_up = false;  ///< a `secret.k8s` without `from` stands in it: it looks for a cluster by itself
  std::uint32_t package = 0;  ///< borrowed: whose ...
  std::uint32_t lent = 0;     ///< ... and which declaration there
  std::uint32_t locals = 0;   ///< slots of the declaration's own frame
  std::vector<Read> reads;    ///< sorted, without duplicates
  std::unique_ptr<Instance> instance;
};

/// `moved from -> to`. Keys are constant, so the addresses are text already, relative to their scope.
struct MovedStatement {
  std::string from;
  std::string to;
  SourceSpan from_span;
  SourceSpan to_span;
};

/// `removed address keep|destroy`, relative to its scope.
struct RemovedStatement {
  std::string address;
  bool destroy = false;
  SourceSpan span;
};

/// The names of a package or component.
struct Scope {
  std::deque<Declaration> declarations;
  std::vector<MovedStatement> moved;
  std::vector<RemovedStatement> removed;
  std::vector<std::uint32_t> order;  ///< every declaration behind those that it reads
  std::vector<ScopeCheck> checks;    ///< in written order
};

struct Component {
  std::string name;
  std::uint32_t package = 0;
  SourceSpan span;
  TypePtr type = nullptr;  ///< what a reference to an instance of it has as type
  Scope scope;
  std::vector<Read> package_reads;          ///< names of its package that it uses
  std::vector<std::string> provider_types;  ///< chosen outside: no provider of the type in it
};

struct Package {
  std::string path;  ///< empty for the root package
  std::string name;  ///< last segment of the path
  Scope scope;
};

/// Where ownership is recorded, as written: `inventory sqlite "dir"`.
struct InventorySetting {
  std::string kind;
  const Expr* where = nullptr;
  SourceSpan span;
};

/// The clusters that an environment may be applied to, as written: `cluster uid "…"`.
struct ClusterSetting {
  std::vector<const Expr*> uids;
  SourceSpan span;
};

struct Environment {
  struct Patch {
    AddressPath target;
    std::uint32_t declaration = 0;
    const Expr* fields = nullptr;
    std::uint32_t locals = 0;
  };
  /// Where a provider is reached, other than where it says: `endpoint db "postgres://localhost:5433"`.
  struct Endpoint {
    AddressPath target;
    std::uint32_t declaration = 0;
    const Expr* url = nullptr;
    std::uint32_t locals = 0;
  };
  std::string name;
  SourceSpan span;
  std::optional<World> world;
  std::optional<InventorySetting> inventory;
  std::optional<ClusterSetting> cluster;
  std::vector<InputLine> lines;
  std::vector<Patch> patches;
  std::vector<Endpoint> endpoints;
};

struct Platform {
  std::string name;
  std::string title;
  std::string description;
  std::vector<std::string> owners;
  std::optional<World> world;
  std::optional<InventorySetting> inventory;
  SourceSpan span;
};

/// A default of a field that is computed from other fields: `uid : string = slug(self.title)`. Evaluated in a
/// frame whose slot 0 is the resource as written so far.
struct SelfDefault {
  std::string field;
  const Expr* value = nullptr;
  std::uint32_t locals = 0;
};

/// What the files say, with names resolved, expressions typed and lowered. Independent of environment, inputs
/// and world. Refers to the ResourceTypes and FunctionTable that it was checked with. Immutable once made.
struct Program {
  std::optional<Platform> platform;
  std::deque<Package> packages;              ///< the root package first
  std::vector<std::uint32_t> package_order;  ///< each behind those that it imports
  std::deque<Component> components;
  std::vector<Environment> environments;  ///< in written order
  std::vector<Policy> policies;           ///< of all packages
  std::vector<Test> tests;                ///< of the root package, in written order
  std::map<const ResourceType*, std::vector<SelfDefault>> self_defaults;

  ResourceTypes* types = nullptr;
  const FunctionTable* functions = nullptr;
  std::unique_ptr<ExprArena> expressions = std::make_unique<ExprArena>();
};

}  // namespace carbon
