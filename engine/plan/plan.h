#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/field_path.h"
#include "base/value.h"
#include "engine/inventory/inventory.h"
#include "engine/model/resource.h"
#include "engine/ports/connector.h"

namespace carbon {

enum class Action : std::uint8_t {
  no_op,
  create,
  update,
  replace,
  delete_,
  adopt,
  release,
  read,
  later,
  move,  ///< the inventory has it under another address; nothing else differs
};
/// `create`, `update`, … `no-op`: stable, used in JSON.
[[nodiscard]] std::string_view to_string(Action action);
/// `+`, `~`, `-/+`, `-`, `=`, `.`, `?`, `>`; empty for no-op.
[[nodiscard]] std::string_view symbol(Action action);
struct Change;
/// The same, and `+/-` for a replace that creates first.
[[nodiscard]] std::string_view symbol(const Change& change);

/// Why a change is planned. Every action but create has one.
enum class Because : std::uint8_t {
  none,
  declared,      ///< changed in the platform file
  drift,         ///< somebody else changed the live object
  not_declared,  ///< no longer declared
  immutable_field,
  adopted,
  secret_changed,
  destroy_requested,
  moved,         ///< its address is another one now
  kept,          ///< `removed x keep`
  removed,       ///< `removed x destroy`
  replaced,      ///< its resource has another object now
  lost,          ///< a value that its server says once is not where it was kept
  type_changed,  ///< its type has another default than when it was last applied
  undone,        ///< `carbon undo`: a run did the opposite
};
[[nodiscard]] std::string_view to_string(Because because);

/// Where a desired value was written, as text, so that a plan shows it without any source at hand.
struct Written {
  std::string file;
  std::uint32_t line = 0;
};

/// How a difference came about, compared with what carbon last applied.
enum class FieldCause : std::uint8_t {
  unknown,   ///< nothing tells; taken as declared
  declared,  ///< the platform file says something else now
  drift,     ///< somebody else changed the live field
  both,
};
[[nodiscard]] std::string_view to_string(FieldCause cause);

/// Whose the live value was that a change replaces.
enum class FieldOwner : std::uint8_t {
  carbon,  ///< carbon had applied it
  nobody,  ///< there was none, or it was the server's default, as far as it says
  other,   ///< another manager's
};

/// One field that differs. Secrets have neither before nor after: only that they changed.
struct FieldChange {
  FieldPath path;
  std::optional<Value> before;  ///< absent: the field is not there now
  std::optional<Value> after;   ///< absent: the field will be removed; may be open
  bool secret = false;
  std::uint32_t secret_tag = 0;  ///< the same for secrets of one plan that are the same one; 0: it is alone
  bool immutable = false;
  Written written;
  FieldCause cause = FieldCause::unknown;
  FieldOwner owner = FieldOwner::carbon;
  std::uint32_t within =
      0;               ///< of a field that was not carbon's: how many steps of its path lead to what was
  std::string writer;  ///< foreign manager and time, for drift, where the server says so
  std::string words;   ///< what the values mean, where the type knows it: `daily at 02:00 -> every hour`
};

enum class Reversibility : std::uint8_t { reversible, lossy, one_way };
[[nodiscard]] std::string_view to_string(Disruption disruption);
[[nodiscard]] std::string_view to_string(Reversibility reversibility);
/// `none`, `blocking`, `one-way`, `lossy`: stable, used in JSON.
[[nodiscard]] std::string_view to_string(StepRisk risk);

/// What the plan was made from: exactly the live fields that it used.
struct Fingerprint {
  bool present = false;
  std::string uid;
  std::string version;  ///< hint only: an equal version needs no comparison of fields
  std::vector<FieldPath> fields;
  std::string digest;  ///< over the values of these fields
};

/// One planned change of one object. Self-contained: applying it needs no source text.
struct Change {
  Address address;
  Address moved_from;  ///< the address that the inventory has it under, where that is another one; else empty
  Action action = Action::no_op;
  Because because = Because::none;
  std::string because_detail;  ///< manager and time, or the field
  std::string type;
  std::string type_version;
  Address provider;
  std::string identity_text;  ///< for people: `data-platform/grafana`
  Value identity;             ///< record; may be open for `later`
  Value former;               ///< replace: identity of the object to delete, where it is another; else null
  Value desired;              ///< record; open where apply must finish it; null for delete and release
  Value
      was;  ///< delete, replace: what carbon owned of the object that goes, as owned_fields has it; else null
  std::vector<FieldChange> fields;
  std::uint32_t unchanged = 0;  ///< number of declared leaf fields that are equal
  std::vector<FieldPath> removed;
  /// The statements that it takes, of types whose writes are made of such; none else is sent.
  std::vector<WriteStep> steps;
  Fingerprint fingerprint;
  Disruption disruption = Disruption::none;
  Reversibility reversibility = Reversibility::reversible;
  bool data_bearing = false;
  bool protect = false;
  std::optional<Duration> timeout;
  std::optional<Retry> retry;
  /// Of a replace: the former object stays until the change of former_address() deletes it.
  bool create_first = false;
  std::uint32_t stage = 1;
  std::vector<Address> needs;        ///< what it needs or, for deletes, needed: these are deleted after it
  std::vector<std::string> assumes;  ///< for later ones
  bool until_ready = false;          ///< read: what an earlier run made is waited for
  std::vector<Keep> keeps;           ///< where what its replies say once is stored
  FieldSet applied;                  ///< what the inventory will remember
  Written declared;
};

/// What the inventory is to remember anew of an object that needs no change. No server is asked.
struct Record {
  Address address;
  std::vector<std::string> what;  ///< for people: `protect`, `no protect`, `needs`, `provider`, `fields`
  Address provider;
  bool protect = false;
  std::vector<Address> needs;
  Written declared;
  /// `fields`: declared anew with the value that is there already, where the server does not say who wrote.
  std::optional<FieldSet> applied;
  std::map<std::string, std::string> value_digests;
};

/// A provider as the plan needs it at apply.
struct PlannedProvider {
  Address address;
  std::string type;
  Value config;  ///< secrets as handles, possibly open
  std::optional<TargetIdentity> target;
};

/// Foreign fields and folded differences, counted with their rule.
struct QuietRule {
  std::string rule;
  std::uint64_t count = 0;
};

struct PlanSummary {
  std::uint32_t create = 0, update = 0, replace = 0, delete_ = 0, adopt = 0, release = 0, read = 0, later = 0,
                unchanged = 0;
  std::uint32_t record = 0;  ///< of the unchanged ones; no change of anything live
  std::uint32_t move = 0;
  [[nodiscard]] bool empty() const {
    return create + update + replace + delete_ + adopt + release + later + move == 0;
  }
};

/// The number that counts changes of that kind.
[[nodiscard]] std::uint32_t& count_of(PlanSummary& summary, Action action);

/// A check of a policy that does not hold.
struct PolicyNote {
  std::string policy;    ///< empty for a `check` of a package or component
  std::string severity;  ///< `error`, `warning`, `info`; a plan that was saved has no `error`
  Address address;       ///< of the resource concerned, where there is one
  std::string message;
};

/// What policies say of the plan. They have been evaluated when it was made; applying it needs no source.
struct PolicySummary {
  std::uint32_t passed = 0;
  std::vector<PolicyNote> notes;
};

/// An object that is looked up and was there. What is secret in it is in no plan, so applying reads it again.
struct PlannedLookup {
  Address address;
  Address provider;
  std::string type;
  Value identity;
};

/// The reviewed decision. The body is deterministic: equal inputs give equal bytes.
struct Plan {
  std::string platform;
  std::string environment;
  std::string world;
  std::string source_digest;
  std::string tool_version;
  std::uint64_t inventory_generation = 0;
  /// Beneath the root, where it is not the usual one, or `postgres:PROVIDER` for a shared inventory.
  std::string inventory_folder;
  bool destroy = false;
  std::map<std::string, std::string> set_inputs;  ///< `--set`, as typed
  std::vector<PlannedProvider> providers;         ///< sorted by address
  std::vector<PlannedLookup> lookups;             ///< sorted by address
  /// Types that the platform declares itself, as encode_type makes them, sorted by name: applying needs them.
  std::vector<Value> types;
  std::vector<Change> changes;  ///< no-ops left out; creates and updates in order, then deletes in order
  std::vector<Record> records;  ///< sorted by address
  std::vector<QuietRule> quiet;
  std::vector<Address> blocked;  ///< what errors kept out of the plan, and all that needs it; sorted
  std::uint32_t foreign_fields = 0;
  PlanSummary summary;
  PolicySummary policies;
};

}  // namespace carbon
