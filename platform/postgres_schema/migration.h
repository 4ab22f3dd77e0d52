#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/field_path.h"
#include "base/result.h"
#include "platform/postgres_schema/schema_catalog.h"

namespace carbon::postgres {

/// What a step may cost. The greater one of two is the later one.
enum class Risk : std::uint8_t {
  none,
  blocking,  ///< writes to a table wait while it is read or rewritten as a whole
  one_way,   ///< the way back needs a rewrite, or loses what was written meanwhile
  lossy,     ///< data go
};

/// `lossy`, `one-way` ...
[[nodiscard]] std::string_view to_string(Risk risk);

/// What the number that `count_sql` gives says.
enum class Counted : std::uint8_t {
  nothing,
  lost,       ///< rows whose data go
  rewritten,  ///< rows that are written anew or read under a lock
  violating,  ///< rows that make the step fail: must be 0
};

/// One statement of a migration.
struct MigrationStep {
  std::string sql;      ///< one statement, without a final semicolon
  std::string summary;  ///< `drop column price of table orders`
  FieldPath path;       ///< of the object in to_value's tree
  Risk risk = Risk::none;
  Counted counted = Counted::nothing;
  std::string count_sql;  ///< a query of one bigint to ask before the migration; empty for none
  /// Must run alone and outside of a transaction block (CREATE INDEX CONCURRENTLY), or gives its lock back
  /// early by that (VALIDATE CONSTRAINT). Its neighbours inside transactions stay in order around it.
  bool outside_transaction = false;
};

/// A table, column or other named object that goes on under another name. `from` has the names of before,
/// of its parent too; for a function `to` is the bare name.
struct Rename {
  ObjectId from;
  std::string to;
};

/// What happens to live objects that are not desired.
enum class Unknown : std::uint8_t { kept, dropped };

struct MigrationOptions {
  /// `dropped` for an exclusive schema. Objects and grants that `owned` has are dropped either way.
  Unknown unknown = Unknown::kept;
  std::vector<Rename> renames;
  /// Paths of to_value's tree that were applied last: what carbon owns there.
  FieldSet owned;
};

/// What the schema will be after the migration: `desired`, and what is kept of `live`. This is what plans
/// compare `live` with, and what a later read gives. Renames have been carried out in it.
/// Errors: those of migrate.
[[nodiscard]] Result<SchemaCatalog> target_catalog(const SchemaCatalog& live, const SchemaCatalog& desired,
                                                   const MigrationOptions& options);

/// The statements that lead from `live` to target_catalog, in order; none when they are the same. Both
/// catalogs must be of a schema of the same name, because the server's texts contain it. Pure, O(n log n).
/// Errors: server_refused, with what stands in the way: something outside of the schema depends on what would
/// be dropped, objects that depend on each other in a circle, a rename of what is not there.
[[nodiscard]] Result<std::vector<MigrationStep>> migrate(const SchemaCatalog& live,
                                                         const SchemaCatalog& desired,
                                                         const MigrationOptions& options);

/// Whose end puts a setting back.
enum class SettingScope : std::uint8_t { transaction, session };

/// What every transaction of a migration, and every step outside of one, begins with: a search path under
/// which the server's texts mean what they say, and no checks of function bodies, which may name what comes
/// later. For a step outside of a transaction the scope is `session`; `reset_settings` ends it.
[[nodiscard]] std::vector<std::string> migration_settings(SettingScope scope);
[[nodiscard]] std::vector<std::string> reset_settings();

}  // namespace carbon::postgres
