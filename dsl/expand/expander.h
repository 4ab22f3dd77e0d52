#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dsl/expand/expand.h"
#include "dsl/expand/judge.h"
#include "dsl/expand/objects.h"
#include "engine/expr/evaluate.h"

namespace carbon {

/// One component instance, or a package, while it is evaluated: its frame and what each value depends on.
struct ScopeInstance {
  const Scope* scope = nullptr;
  ScopeInstance* around = nullptr;  ///< the place of its `use`: where providers are looked for next
  std::string prefix;               ///< of the addresses inside it: `orders.`
  Frame frame;
  std::vector<Dependencies> depends;   ///< by declaration
  std::vector<bool> failed;            ///< by declaration: reported already, what reads it is silent
  std::map<std::string, Value> given;  ///< inputs, by name
  std::map<std::string, Dependencies> given_from;                              ///< what they depend on
  std::map<std::string, std::optional<std::uint32_t>, std::less<>> providers;  ///< chosen, by type
};

/// The name that an object gets from its address: names in kebab-case and keys, joined by `-`.
[[nodiscard]] std::string name_from_address(std::string_view address);

/// The value with a patch over it: fields win, keyed lists merge by key, null removes. patches.cpp.
[[nodiscard]] Value patched(const Value& base, const Value& patch, TypePtr type);

/// One run of `expand` or `evaluate_let`. Lives on its stack.
class Expander {
 public:
  Expander(const Program& program, const ExpandOptions& options, DiagnosticSink& sink);

  [[nodiscard]] Expansion run();
  [[nodiscard]] std::optional<Value> let_value(std::string_view name);  ///< evaluate_let.cpp

 private:
  // expand.cpp: what is chosen once
  [[nodiscard]] bool choose_environment(Expansion& made);
  void choose_world(Expansion& made);
  void pin_cluster(Expansion& made);
  void choose_inventory(Expansion& made);
  void open_packages();
  void unknown_inputs();
  void open(ScopeInstance& scope, const Scope& of, const Frame* outer);
  void evaluate_scope(ScopeInstance& scope);
  void evaluate_one(ScopeInstance& scope, std::uint32_t index);
  void declaration(ScopeInstance& scope, std::uint32_t index);
  void value(ScopeInstance& scope, std::uint32_t index, const Expr* expr, std::uint32_t locals);
  void root_input(ScopeInstance& scope, std::uint32_t index);
  [[nodiscard]] Result<Value> set_input(const Declaration& declared, const std::string& text);
  void given_input(ScopeInstance& scope, std::uint32_t index);

  // judgement.cpp: mocks before, checks and policies after
  void mocks();
  void scope_checks(ScopeInstance& scope, std::string_view address);
  void judge(Expansion& made);

  // instances.cpp: repetition, components, resources
  /// One member of a declaration: where it stands and the frame that its expressions see.
  struct Member {
    ScopeInstance& scope;
    const Declaration& declaration;
    std::uint32_t index;
    std::string address;
    std::optional<std::string> key;
    Frame& frame;
  };
  void instance(ScopeInstance& scope, std::uint32_t index);
  [[nodiscard]] bool members(ScopeInstance& scope, std::uint32_t index, Value& result);
  [[nodiscard]] bool one_member(ScopeInstance& scope, std::uint32_t index, Frame& frame,
                                const std::optional<std::string>& key, Value& reference);
  /// Whether the trailing `if` keeps the member; nothing after an error.
  [[nodiscard]] std::optional<bool> kept(const Repetition& repetition, const Frame& frame);
  [[nodiscard]] std::optional<std::string> member_key(const Repetition& repetition, const Frame& frame,
                                                      const Value& key);
  [[nodiscard]] bool use(Member& member);
  [[nodiscard]] bool provider(Member& member);
  [[nodiscard]] bool resource(Member& member);
  [[nodiscard]] bool settings(Member& member, Resource& made);
  [[nodiscard]] bool fill_defaults(const Instance& instance, Value& desired);
  [[nodiscard]] bool normalize(const Instance& instance, Value& desired);
  [[nodiscard]] bool fits_type(const Resource& made);
  [[nodiscard]] std::optional<std::string> address_of(Member& member, const AddressPath& target);
  void after(Member& member);
  void inherit(const Member& member, Dependencies& into);

  // kept.cpp
  [[nodiscard]] bool keeps(Member& member, Resource& made);

  // manifests.cpp
  [[nodiscard]] bool manifests(Member& member);
  [[nodiscard]] bool manifest_object(Member& member, const Resource& common, const ManifestObject& object,
                                     const Value* patch, const Dependencies& depends);

  // identity.cpp
  [[nodiscard]] bool identify(Member& member, Resource& made);
  [[nodiscard]] std::optional<std::string> default_name(const Member& member);
  /// The last that may refuse a resource: it counts on its place in objects_.resources().
  [[nodiscard]] bool register_identity(const Resource& made);
  /// The first provider that reaches the same cluster: two that differ in their default namespace do.
  [[nodiscard]] std::uint32_t cluster_of(std::uint32_t provider);
  struct Unnamed;
  [[nodiscard]] Unnamed unnamed(const Member& member, const Resource& made) const;

  // providers.cpp
  [[nodiscard]] std::optional<std::uint32_t> provider_of(Member& member);
  [[nodiscard]] std::optional<std::uint32_t> find_provider(ScopeInstance& scope, const ResourceType& type,
                                                           SourceSpan span,
                                                           std::string_view choose = "using ");
  [[nodiscard]] std::optional<std::uint32_t> default_provider(const ResourceType& type, SourceSpan span);
  void collect_providers(const Value& value, std::string_view type, std::vector<std::uint32_t>& found) const;

  // stored_secrets.cpp
  [[nodiscard]] Result<Value> stored_secret(const std::vector<Value>& arguments, SourceSpan span);
  [[nodiscard]] std::optional<std::uint32_t> cluster_of_secret(const Value& from, SourceSpan span);
  [[nodiscard]] std::optional<std::uint32_t> secret_lookup(const Value& space, const Value& name,
                                                           std::uint32_t provider, SourceSpan span);
  void order_declared_secrets();

  // endpoints.cpp
  [[nodiscard]] bool endpoint(Member& member, Value& config);
  void unused_endpoints();

  // patches.cpp
  [[nodiscard]] std::optional<std::string> target_address(const AddressPath& target, const Frame& frame);
  [[nodiscard]] bool patch(Member& member, Value& desired);
  [[nodiscard]] bool patched_once(const std::vector<Value>& before, const Value& now);
  void unused_patches();

  // moves.cpp
  void collect_moves(const ScopeInstance& scope);
  void check_moves();
  void keeps_name(const Move& move, const Resource& resource, const Address& before);

  // edges.cpp
  void edges_of(const Member& member, const Resource& made, Dependencies depends);
  void add_resources(ResourceGraph::Builder& builder, Expansion& made);
  void finish_edges(ResourceGraph::Builder& builder);
  void served_by(ResourceGraph::Builder& builder, const std::vector<std::string_view>& sorted);
  /// Identity fields that refer to another object hold what that one is called: an inventory outlives the
  /// files.
  void name_targets();
  void implied_edges(ResourceGraph::Builder& builder);

  [[nodiscard]] std::optional<Value> evaluate_in(const Expr& expr, const Frame& frame);
  void report(const Error& error);
  [[nodiscard]] bool spend(SourceSpan span);
  /// What the later stages walk over costs steps too, shared or not.
  [[nodiscard]] bool spend(const Value& desired, SourceSpan span);

  struct PendingEdge {
    std::uint32_t from;  ///< places in objects_.resources()
    std::uint32_t to;
    EdgeReason reason;
    SourceSpan span;
  };
  /// `after`: either may be a collection or a component, and may not be there.
  struct PendingAfter {
    std::string from;
    std::string to;
    SourceSpan span;
  };

  /// `served_by` of a provider: a collection or component means everything in it.
  struct PendingServer {
    std::uint32_t provider;
    std::string server;
    SourceSpan span;
  };

  /// A resource whose name comes from its address, and where one could be written.
  struct Unnamed {
    bool once = false;           ///< written once, so that a name in its block is the name of it alone
    std::uint32_t body = 0;      ///< behind the `{` of its block
    std::uint32_t metadata = 0;  ///< behind the `{` of its `metadata`; 0: there is none
  };

  const Program& program_;
  const ExpandOptions& options_;
  DiagnosticSink& sink_;
  const Environment* environment_ = nullptr;
  std::string environment_name_ = "default";
  std::optional<World> world_;
  Objects objects_;
  EvalContext context_;
  PolicyReport report_;
  std::vector<ScopeInstance> packages_;
  ScopeInstance* scope_ = nullptr;  ///< whose declaration is being evaluated
  /// Provider, namespace and name of what `secret.k8s` looks up, to its place in objects_.resources().
  std::map<std::string, std::uint32_t> stored_secrets_;
  /// By Secret and key: the resource that keeps a value there.
  std::map<std::pair<Address, std::string>, Address> kept_;
  Dependencies met_;     ///< what the expression under evaluation has reached
  std::string address_;  ///< of the instance under evaluation, for diagnostics
  std::vector<bool> patched_;
  std::vector<bool> reached_;  ///< by endpoint of the environment: some provider is reached there
  std::vector<PendingEdge> edges_;
  std::vector<PendingAfter> afters_;
  std::vector<PendingServer> servers_;
  /// What each object is called, to its place in objects_.resources(): type (a Kubernetes one as group/kind),
  /// provider (the first of those to one cluster) and the values of the identity, joined by newlines.
  std::unordered_map<std::string, std::size_t> identities_;
  std::vector<std::uint32_t> clusters_;  ///< by provider
  Moves moves_;
  bool any_moves_ = false;              ///< a `moved` stands anywhere
  std::map<Address, Unnamed> unnamed_;  ///< filled if there are moves
  std::size_t count_ = 0;
  bool stopped_ = false;  ///< a limit was reached: nothing more is evaluated
};

}  // namespace carbon
