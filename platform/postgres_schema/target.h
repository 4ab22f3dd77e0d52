#pragma once

#include <vector>

#include "base/result.h"
#include "platform/postgres_schema/migration.h"
#include "platform/postgres_schema/step_writer.h"

namespace carbon::postgres {

/// The live catalog after the renames, with the statements for these.
struct RenamedCatalog {
  SchemaCatalog catalog;
  FormerNames former;
  std::vector<MigrationStep> steps;
};

/// A rename whose new name is there already, or whose old name is not, has been carried out before. What the
/// server rewrites together with a rename reads as `desired` writes it. Errors: server_refused when both
/// names are there.
[[nodiscard]] Result<RenamedCatalog> rename_objects(const SchemaCatalog& live, const SchemaCatalog& desired,
                                                    const std::vector<Rename>& renames);

/// `desired`, and what is kept of `live`, whose renames have been carried out. Errors: server_refused when
/// something that is kept depends on something that goes.
[[nodiscard]] Result<SchemaCatalog> keep_unknown(const SchemaCatalog& live, const SchemaCatalog& desired,
                                                 const MigrationOptions& options, const FormerNames& former);

}  // namespace carbon::postgres
