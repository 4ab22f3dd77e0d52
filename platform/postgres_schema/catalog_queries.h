#pragma once

#include <string_view>

#include "base/result.h"
#include "engine/ports/io.h"
#include "platform/postgres_schema/schema_catalog.h"

namespace carbon::postgres {

/// The oldest server whose catalogs are read: `server_version_num` of PostgreSQL 12.
inline constexpr int oldest_server_version = 120000;

/// The statements that read a whole schema, however large: one REPEATABLE READ, READ ONLY transaction, and a
/// number of statements that does not depend on the schema. Needs no more than CONNECT. `server_version` is
/// the server's `server_version_num`.
[[nodiscard]] SqlRequest catalog_request(std::string_view database, std::string_view schema,
                                         int server_version);

/// Makes the catalog from the reply, which must be ok. A schema that does not exist reads as an empty one.
/// Errors: bad_reply for rows that are not understood; not_yet_supported names every object of a kind that is
/// not modelled, so that nothing is left out in silence; server_refused for a server older than 12.
[[nodiscard]] Result<SchemaCatalog> read_catalog(const SqlReply& reply, std::string_view schema,
                                                 int server_version);

}  // namespace carbon::postgres
