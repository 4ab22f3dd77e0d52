#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "platform/postgres_schema/schema_catalog.h"

namespace carbon::postgres {

/// What becomes of one object.
struct Change {
  enum class Kind : std::uint8_t {
    same,
    create,
    drop,
    alter,    ///< in place
    replace,  ///< dropped and made again, because it cannot be altered or because of what it depends on
  };
  Kind kind = Kind::same;
  const SchemaObject* live = nullptr;
  const SchemaObject* target = nullptr;
  /// A column whose type is made anew under the same name, so that its values must be converted.
  bool retyped = false;
  /// A type that surviving columns still have: it goes when they have been converted. `renamed`: its name is
  /// needed before that.
  bool set_aside = false;
  bool renamed = false;

  [[nodiscard]] const ObjectId& id() const { return target != nullptr ? target->id : live->id; }
  [[nodiscard]] bool gone() const { return kind == Kind::drop || kind == Kind::replace; }
  [[nodiscard]] bool made() const { return kind == Kind::create || kind == Kind::replace; }
};

/// Every object of two catalogs, sorted by id, with what becomes of it. Refers to the catalogs. O(n log n).
class ChangeSet {
 public:
  /// Errors: server_refused when something outside of the schema is in the way.
  [[nodiscard]] static Result<ChangeSet> between(const SchemaCatalog& live, const SchemaCatalog& target);

  [[nodiscard]] const std::vector<Change>& all() const { return changes_; }
  /// The number of the object, or `none`.
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  [[nodiscard]] std::size_t find(const ObjectId& id) const;
  [[nodiscard]] const Change* change(const ObjectId& id) const;
  /// What the live object depends on, and what the target depends on, as numbers.
  [[nodiscard]] const std::vector<std::size_t>& live_needs(std::size_t at) const { return live_needs_[at]; }
  [[nodiscard]] const std::vector<std::size_t>& target_needs(std::size_t at) const {
    return target_needs_[at];
  }
  /// What depends on the live object.
  [[nodiscard]] const std::vector<std::size_t>& dependents(std::size_t at) const { return dependents_[at]; }

  /// Whether values of the domain are in arrays, composite types or ranges, on either side: PostgreSQL does
  /// not look into these, and so takes no further constraint.
  [[nodiscard]] bool is_contained(std::size_t domain) const;

  /// True when the table is there before the migration and stays.
  [[nodiscard]] bool survives(const ObjectId& id) const;
  /// Whether something of that name is made, of whatever class.
  [[nodiscard]] bool name_is_made(const std::string& name) const { return made_names_.count(name) != 0; }
  /// True when the column's type, as it is stored, changes.
  [[nodiscard]] static bool changes_type(const Change& change);

 private:
  void match(const SchemaCatalog& live, const SchemaCatalog& target);
  void link();
  void spread();
  void replace_dependent(std::size_t cause, std::size_t dependent, std::vector<std::size_t>& queue);
  [[nodiscard]] bool is_tightened(std::size_t domain) const;
  void replace_partitioned(std::size_t cause, std::vector<std::size_t>& queue);
  void set_types_aside();
  [[nodiscard]] Status check_outside(const SchemaCatalog& live) const;
  [[nodiscard]] Status check_inheritance() const;

  std::vector<Change> changes_;
  std::vector<std::vector<std::size_t>> live_needs_;
  std::vector<std::vector<std::size_t>> target_needs_;
  std::vector<std::vector<std::size_t>> dependents_;
  std::vector<std::vector<std::size_t>> target_dependents_;
  std::unordered_set<std::string> made_names_;
};

/// Whether ALTER (or CREATE OR REPLACE) leads from one to the other.
[[nodiscard]] bool alterable(const SchemaObject& live, const SchemaObject& target, int server_version);

}  // namespace carbon::postgres
