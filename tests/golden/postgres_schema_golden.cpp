// tests/golden/postgres_schema: a schema with data and what it shall become, to the statements of the
// migration. They are carried out on a real PostgreSQL; then the schema must be what was desired, a second
// migration empty, and every row of check.sql true.
//
//     before.sql  after.sql   the schema `app` before and after; files begin in an empty schema of that name
//     data.sql                what is in the tables before
//     check.sql               a query whose rows are all `t` when the data are intact
//     options                 a line each: `kept` (not exclusive), `owned PATH`, `rename CLASS PARENT NAME
//     TO` with `-`
//                             for no parent; `refused` when there must be an error instead
//     expected.sql            the statements, each with its summary, its risk and what its query counts

#include <fmt/core.h>

#include <exception>
#include <sstream>

#include "platform/postgres_schema/object_class.h"
#include "tests/support/golden.h"
#include "tests/support/private_postgres.h"
#include "tests/support/schema_database.h"

using namespace carbon;
using test::SchemaDatabase;

namespace {

struct Case {
  postgres::MigrationOptions options{postgres::Unknown::dropped, {}, {}};
  bool refused = false;
};

Case read_case(const testing::GoldenCase& golden) {
  Case out;
  std::istringstream lines(golden.read("options"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    if (verb == "kept") out.options.unknown = postgres::Unknown::kept;
    if (verb == "refused") out.refused = true;
    if (verb == "owned") {
      std::string path;
      words >> path;
      out.options.owned.insert(FieldPath::parse(path).value());
    }
    if (verb == "rename") {
      std::string object_class, parent, name, to;
      words >> object_class >> parent >> name >> to;
      out.options.renames.push_back(
          {{postgres::class_of_key(object_class).value(), parent == "-" ? "" : parent, name}, to});
    }
  }
  return out;
}

std::string counted_words(postgres::Counted counted) {
  switch (counted) {
    case postgres::Counted::nothing: return "";
    case postgres::Counted::lost: return "lost";
    case postgres::Counted::rewritten: return "rewritten or read";
    case postgres::Counted::violating: return "violating";
  }
  return "";
}

std::string printed(const std::vector<postgres::MigrationStep>& steps, SchemaDatabase& database) {
  std::string text;
  for (const postgres::MigrationStep& step : steps) {
    text += fmt::format("-- {}\n", step.summary);
    if (step.risk != postgres::Risk::none || !step.count_sql.empty()) {
      text += fmt::format("--   {}", to_string(step.risk));
      if (!step.count_sql.empty())
        text +=
            fmt::format(", rows {}: {}", counted_words(step.counted), database.query(step.count_sql).at(0));
      text += "\n";
    }
    if (step.outside_transaction) text += "--   outside of a transaction\n";
    text += step.sql + ";\n\n";
  }
  return text;
}

std::string fault_after(const testing::GoldenCase& golden, const Case& settings, SchemaDatabase& live,
                        const postgres::SchemaCatalog& desired, const postgres::SchemaCatalog& target) {
  postgres::SchemaCatalog reached = live.read("app");
  if (!same_objects(reached, target)) return "not what was desired: " + test::difference(reached, target);
  auto second = postgres::migrate(reached, desired, settings.options);
  if (!second) return second.error().message();
  if (!second->empty()) return "a second migration: " + second->front().sql;
  std::string check = golden.read("check.sql");
  if (check.empty()) return "";
  std::vector<std::string> rows = live.query(check);
  if (rows.empty()) return "check.sql has no rows";
  for (const std::string& row : rows)
    if (row != "t") return "the data are not intact: " + row;
  return "";
}

/// Two databases for all cases: making one takes longer than most of them.
struct Databases {
  SchemaDatabase live;
  SchemaDatabase scratch;
};

testing::GoldenOutput run(const testing::GoldenCase& golden, Databases& databases) {
  testing::GoldenOutput output;
  Case settings = read_case(golden);
  SchemaDatabase& live = databases.live;
  SchemaDatabase& scratch = databases.scratch;
  for (SchemaDatabase* each : {&live, &scratch})
    each->run(
        {"DROP SCHEMA IF EXISTS app CASCADE", "DROP SCHEMA IF EXISTS other CASCADE", "CREATE SCHEMA app"});
  live.load(golden.read("before.sql"));
  live.load(golden.read("data.sql"));
  scratch.load(golden.read("after.sql"));
  postgres::SchemaCatalog desired = scratch.read("app");
  postgres::SchemaCatalog before = live.read("app");
  auto steps = postgres::migrate(before, desired, settings.options);
  if (!steps) {
    output.required["expected.sql"] = "-- " + steps.error().message() + "\n";
    if (!settings.refused) output.fault = steps.error().message();
    return output;
  }
  output.required["expected.sql"] = printed(*steps, live);
  auto target = postgres::target_catalog(before, desired, settings.options);
  if (settings.refused) output.fault = "not refused";
  live.apply(*steps);
  if (output.fault.empty()) output.fault = fault_after(golden, settings, live, desired, target.value());
  return output;
}

}  // namespace

int main(int, char** arguments) {
  test::PrivatePostgres server;
  if (!server.why_not().empty()) {
    fmt::print("{}\n", server.why_not());
    return 1;
  }
  Databases databases{{server.endpoint(), "live"}, {server.endpoint(), "scratch"}};
  return testing::run_golden(arguments[1], [&](const testing::GoldenCase& golden) {
    try {
      return run(golden, databases);
    } catch (const std::exception& error) {
      testing::GoldenOutput output;
      output.fault = error.what();
      return output;
    }
  });
}
