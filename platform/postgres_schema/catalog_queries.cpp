#include "platform/postgres_schema/catalog_queries.h"

#include <fmt/core.h>

#include "platform/postgres_schema/catalog_reader.h"
#include "platform/postgres_schema/catalog_sql.h"

namespace carbon::postgres {

namespace {

/// Everything that the server's printing of expressions depends on.
constexpr std::string_view settings =
    "SELECT set_config('search_path', 'pg_catalog', true), set_config('quote_all_identifiers', 'off', true), "
    "set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true), "
    "set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '1', true), "
    "set_config('bytea_output', 'hex', true), set_config('lc_monetary', 'C', true), set_config('jit', 'off', "
    "true)";

}  // namespace

SqlRequest catalog_request(std::string_view database, std::string_view schema, int server_version) {
  SqlRequest request;
  request.database = std::string(database);
  request.mode = SqlRequest::Mode::read_only;
  request.statements.push_back({"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", {}});
  request.statements.push_back({std::string(settings), {}});
  std::string objects =
      fmt::format("WITH space AS (SELECT oid FROM pg_namespace WHERE nspname = $1){}UNION ALL{}UNION ALL{}",
                  sql::relations, sql::routines, sql::types);
  for (std::string_view query :
       {std::string_view(objects), sql::columns, sql::definitions, sql::dependencies, sql::unmodelled})
    request.statements.push_back({sql::expand(query, server_version), {std::string(schema)}});
  return request;
}

Result<SchemaCatalog> read_catalog(const SqlReply& reply, std::string_view schema, int server_version) {
  if (server_version < oldest_server_version) {
    return fail(Error(DiagnosticCode::server_refused,
                      fmt::format("PostgreSQL {} is too old to read the schema `{}` of it",
                                  server_version / 10000, schema))
                    .help("use PostgreSQL 12 or newer"));
  }
  constexpr std::size_t statements = 7;
  if (reply.results.size() != statements)
    return fail(DiagnosticCode::bad_reply,
                fmt::format("the catalogs of the schema `{}` were not read as a whole", schema));
  CatalogReader reader(schema, server_version);
  for (std::size_t at = 2; at < 5; ++at) CARBON_CHECK(reader.take_objects(reply.results[at]));
  CARBON_CHECK(reader.take_dependencies(reply.results[5]));
  CARBON_CHECK(reader.take_unmodelled(reply.results[6]));
  return std::move(reader).catalog();
}

}  // namespace carbon::postgres
