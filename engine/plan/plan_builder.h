#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/expr/evaluate.h"
#include "engine/plan/diff.h"
#include "engine/plan/planner.h"

namespace carbon {

/// One planning on its way: walks the graph in order, then what is no longer declared. Private to the
/// planner; made, run once.
class PlanBuilder {
 public:
  PlanBuilder(const ResourceGraph& graph, const LiveState& live, const Inventory& inventory,
              const PlanOptions& options, DiagnosticSink& sink);

  Plan run();

 private:
  /// What became of a declared resource so far.
  struct Node {
    Action action = Action::no_op;
    std::uint32_t stage = 1;
    bool blocked = false;
    const LiveObject* live = nullptr;
  };
  /// A resource with all that its decision is made from.
  struct Subject {
    std::uint32_t index = 0;
    const Resource& resource;
    const InventoryEntry* entry = nullptr;
    const InventoryEntry* former = nullptr;  ///< of the same object under an address that is gone
    const LiveObject& live;
    Value desired;  ///< closed as far as the plan can know
  };
  enum class Ownership : std::uint8_t { owned, to_adopt, renamed, unrecorded, foreign };

  // plan_builder.cpp: the walk
  void begin();
  void match_objects();
  [[nodiscard]] const Address& provider_of(const Resource& resource) const;
  void check_targets();
  void check_pins();
  void plan_resource(std::uint32_t index);
  [[nodiscard]] bool needs_blocked(std::uint32_t index) const;
  /// Whether something that it needs is created or changed by this plan.
  [[nodiscard]] bool needs_change(std::uint32_t index) const;
  [[nodiscard]] std::uint32_t stage_after_needs(std::uint32_t index) const;
  [[nodiscard]] Status fits_type(const Resource& resource, const Value& desired) const;
  [[nodiscard]] bool server_changes(const Resource& resource) const;
  [[nodiscard]] Result<Value> attribute(std::string_view address, std::string_view path) const;
  void add_providers();
  void finish();

  // plan_resource.cpp: one declared resource; plan_identity.cpp: one whose object is another now
  void decide(const Subject& subject);
  void look_up(const Subject& subject);
  void create(const Subject& subject);
  void compare(const Subject& subject);
  void move(const Subject& subject, const DiffResult& result);
  [[nodiscard]] bool same_kind(const Subject& subject);
  [[nodiscard]] bool same_naming(const Subject& subject);
  void replace_former(const Subject& subject);
  void delete_former_last(const Subject& subject, Change& change);
  bool add_identity_changes(const Subject& subject, DiffResult& result) const;
  void put_off(const Subject& subject, Action action);
  [[nodiscard]] Ownership ownership(const Subject& subject) const;
  void refuse_foreign(const Subject& subject);
  bool may_replace(const Subject& subject, const FieldChange& immutable, Ownership owner);
  bool refuse_create_first(const Subject& subject, const std::string& field);
  void fold_preview(const Subject& subject, DiffResult& result);
  [[nodiscard]] DiffInput diff_input(const Subject& subject, const LiveObject& live) const;
  [[nodiscard]] Change make_change(const Subject& subject, Action action) const;
  void explain(Change& change, const Subject& subject, const DiffResult& result, Ownership owner) const;
  void keep(const Subject& subject, Change change);
  void count_foreign(const Subject& subject);

  // plan_kept.cpp: values that are said once
  bool add_lost_values(const Subject& subject, DiffResult& result) const;
  void explain_loss(Change& change) const;
  void explain_type(Change& change, const Subject& subject) const;
  void note_issued(const Change& change);
  [[nodiscard]] bool awaited(std::string_view address, std::string_view path) const;
  [[nodiscard]] bool awaits(const Value& secret) const;

  // plan_secret_tags.cpp
  void tag_secrets();

  // plan_records.cpp: what the inventory is to remember of an object that needs no change
  void remember(const Subject& subject);
  [[nodiscard]] std::vector<Address> lasting_needs(std::uint32_t index) const;
  [[nodiscard]] bool knows_needs(const InventoryEntry& entry, std::vector<Address> needs) const;
  void remember_fields(const Subject& subject, Record& record) const;
  [[nodiscard]] bool knows_provider(const InventoryEntry& entry, const Resource& resource);

  // plan_removals.cpp: what is no longer declared
  void plan_removals();
  void plan_removal(const InventoryEntry& entry);
  /// `type` may be nullptr where nothing is sent.
  void add_removal(const InventoryEntry& entry, const ResourceType* type, Action action, std::string detail);
  [[nodiscard]] bool server_is_gone(const Address& provider) const;
  [[nodiscard]] Because why_removed(const InventoryEntry& entry) const;
  [[nodiscard]] const ResourceType* reachable_type(const InventoryEntry& entry);
  void report_orphans();
  void order_removals();
  void check_limits();
  [[nodiscard]] bool declared(const Address& address) const;
  [[nodiscard]] bool is_protected(const InventoryEntry& entry) const;
  void refuse_protected(const InventoryEntry& entry);
  /// Same type, provider and identity: same text.
  [[nodiscard]] static std::string object_key(std::string_view type, std::string_view provider,
                                              const Value& identity);

  // plan_builder.cpp: errors
  Diagnostic& refuse(DiagnosticCode code, std::string message, const Resource& resource);
  Diagnostic& refuse(DiagnosticCode code, std::string message, const InventoryEntry& entry);
  void unreadable(const Address& address, const Address& provider, SourceSpan span, const LiveObject& live);
  void report_unreadable();
  void block(const Address& address) { blocked_.insert(address); }
  void fold(const DiffResult& result);
  [[nodiscard]] Written written(SourceSpan span) const;

  struct Unreadable {
    std::vector<Address> addresses;
    SourceSpan span;
    const LiveObject* first = nullptr;
  };

  const ResourceGraph& graph_;
  const LiveState& live_;
  const Inventory& inventory_;
  const PlanOptions& options_;
  DiagnosticSink& sink_;
  CloseContext close_;
  Plan plan_;
  std::vector<Node> nodes_;
  std::vector<Change> removals_;
  std::map<std::uint32_t, Value> configs_;  ///< of providers, closed, as far as they were asked for
  std::set<Address> blocked_;
  std::set<Address> wrong_targets_;                          ///< providers
  std::map<std::string, const InventoryEntry*> undeclared_;  ///< by object key
  std::map<std::string, Address> declared_;                  ///< by object key; filled if `undeclared_` is
  std::map<std::pair<Address, std::string>, Unreadable> unreadable_;
  std::map<Address, std::vector<const InventoryEntry*>> orphans_;  ///< by provider
  std::map<std::string_view, std::uint64_t> quiet_;
  std::set<std::pair<Address, std::string>> issued_;  ///< sink and path of what this plan has issued anew
};

/// What the map holds for the address, or an empty one.
[[nodiscard]] const DigestMap& digests_of(const std::map<Address, DigestMap>& all, const Address& address);

}  // namespace carbon
