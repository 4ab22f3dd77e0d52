// How long it takes to read and compare a schema of 1,000 tables with 20 columns each, on a private
// PostgreSQL:
//
//     postgres-schema-size [TABLES]
//
// Prints the number of statements, the time of the server (best of five) and of carbon's own processor. Not a
// test.

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>

#include "platform/postgres_schema/catalog_queries.h"
#include "tests/support/private_postgres.h"
#include "tests/support/schema_database.h"

using namespace carbon;
using test::SchemaDatabase;

namespace {

/// Milliseconds of this process's processor: what others do on the machine does not count.
template <class Work>
double processor_time(const Work& work) {
  std::clock_t begin = std::clock();
  work();
  return 1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

template <class Work>
double best_of_five(const Work& work) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    auto begin = std::chrono::steady_clock::now();
    work();
    std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    best = std::min(best, took.count());
  }
  return best;
}

void fill(SchemaDatabase& database, int tables) {
  std::vector<std::string> statements = {"CREATE SCHEMA app"};
  for (int table = 0; table < tables; ++table) {
    std::string columns = "id bigint PRIMARY KEY, parent bigint";
    for (int column = 2; column < 20; ++column)
      columns += fmt::format(", c{} {}", column,
                             column % 3 == 0 ? "numeric(10,2) NOT NULL DEFAULT 0" : "varchar(40)");
    statements.push_back(fmt::format("CREATE TABLE app.t{} ({}, CHECK (c3 >= 0))", table, columns));
    statements.push_back(fmt::format("CREATE INDEX ON app.t{} (c2) WHERE c3 > 1", table));
    statements.push_back(fmt::format("COMMENT ON COLUMN app.t{}.c2 IS 'what it holds'", table));
    if (table > 0)
      statements.push_back(
          fmt::format("ALTER TABLE app.t{} ADD FOREIGN KEY (parent) REFERENCES app.t{}", table, table / 2));
    if (table % 10 == 0)
      statements.push_back(fmt::format("CREATE VIEW app.v{0} AS SELECT id, c2 FROM app.t{0}", table));
  }
  database.run(statements);
  static_cast<void>(database.query("SELECT count(*) FROM pg_class"));
}

}  // namespace

int main(int count, char** arguments) {
  int tables = count > 1 ? std::atoi(arguments[1]) : 1000;
  test::PrivatePostgres server;
  if (!server.why_not().empty()) {
    fmt::print("{}\n", server.why_not());
    return 1;
  }
  SchemaDatabase database(server.endpoint(), "large");
  fill(database, tables);
  int version = server_version(database);
  SqlRequest request = postgres::catalog_request("large", "app", version);
  SqlReply reply;
  double asked = best_of_five([&] { reply = database.reply(request); });
  if (!reply.ok) {
    fmt::print("{}\n", reply.message);
    return 1;
  }
  postgres::SchemaCatalog catalog;
  double read = processor_time([&] { catalog = postgres::read_catalog(reply, "app", version).value(); });
  postgres::SchemaCatalog empty;
  empty.schema = "app";
  std::size_t steps = 0;
  std::size_t made = 0;
  double compared = processor_time([&] { steps = postgres::migrate(catalog, catalog, {}).value().size(); });
  double created = processor_time([&] { made = postgres::migrate(empty, catalog, {}).value().size(); });
  fmt::print(
      "{} tables, {} objects: {} statements, {:.0f} ms with the server, {:.0f} ms to read the replies, "
      "{:.0f} ms to "
      "compare ({} steps), {:.0f} ms from empty ({} steps)\n",
      tables, catalog.objects.size(), request.statements.size(), asked, read, compared, steps, created, made);
  return 0;
}
