#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/ports/connector.h"
#include "engine/ports/io.h"
#include "platform/postgres_schema/migration.h"

namespace carbon {

using NamedRenames = std::vector<std::pair<std::string, std::string>>;

/// The renames that are still to be done: what they name is there, and is not wanted under that name.
[[nodiscard]] NamedRenames applicable_renames(const NamedRenames& renames,
                                              const postgres::SchemaCatalog& live,
                                              const postgres::SchemaCatalog& wanted);
/// Their objects in `live`, which has them. Errors: sql_failed for a path that is none.
[[nodiscard]] Result<std::vector<postgres::Rename>> renames_of(const NamedRenames& renames,
                                                               const postgres::SchemaCatalog& live);

/// The tree with what is renamed under its new name.
[[nodiscard]] Value renamed_tree(Value tree, const NamedRenames& renames);
/// The paths of the nulls in a tree.
[[nodiscard]] std::vector<FieldPath> removals_in(const Value& tree);
/// The paths below the field `objects`, without that.
[[nodiscard]] std::vector<FieldPath> below_objects(const std::vector<FieldPath>& paths);

/// `how` of a DerivedSchema. `dropped` are paths of what is to go, by the names after the renames.
[[nodiscard]] Value how_value(const postgres::SchemaCatalog& wanted, const NamedRenames& renames,
                              const std::vector<FieldPath>& dropped, std::string_view role);

[[nodiscard]] WriteStep write_step(const postgres::MigrationStep& step);
/// `1200 rows are rewritten`; empty for nothing.
[[nodiscard]] std::string count_text(postgres::Counted counted, std::string_view number);

/// Errors: stale_plan for a statement that was not reviewed; data_bearing_delete for one that loses data
/// where nothing was.
[[nodiscard]] Status as_reviewed(const WriteRequest& request,
                                 const std::vector<postgres::MigrationStep>& steps);

/// Neighbours that allow it in one transaction, the others alone. Each statement carries the token.
[[nodiscard]] std::vector<SqlRequest> schema_requests(const std::vector<postgres::MigrationStep>& steps,
                                                      const std::string& role, const std::string& database,
                                                      const std::string& token);

/// Notes on the error who holds locks in the schema.
Task<void> name_blockers(Io* io, const SqlEndpoint* endpoint, const WriteRequest* request, Error* error);

}  // namespace carbon
