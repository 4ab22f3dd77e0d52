#pragma once

#include "base/result.h"
#include "base/task.h"
#include "platform/connectors/postgres/schema_source.h"
#include "platform/connectors/postgres/scratch_server.h"
#include "platform/postgres_schema/schema_catalog.h"

namespace carbon {

/// The catalog that a schema's files make. They are loaded into a database of their own, by a role that is no
/// superuser, may reach neither files nor programs, and is dropped afterwards with all that it made; a role
/// that they name is made for as long. What is known of equal files is not loaded again. `target_version` is
/// the `server_version_num` of the server that the schema is for. Errors: sql_failed with the file and what
/// the scratch server said of it, and for another major version than the target's; sandbox_failed.
[[nodiscard]] Task<Result<postgres::SchemaCatalog>> load_schema(ScratchServer* scratch,
                                                                const SchemaSource* source,
                                                                int target_version);

}  // namespace carbon
