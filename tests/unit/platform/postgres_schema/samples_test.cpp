// Eight schemas that hold every class of object: loaded into one database, and made in another by a migration
// from an empty schema. Both must read the same, and `pg_dump --schema-only` must not tell them apart.

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "platform/postgres_schema/expression_text.h"
#include "platform/postgres_schema/object_class.h"
#include "tests/support/private_postgres.h"
#include "tests/support/random_schema.h"
#include "tests/support/schema_database.h"

using namespace carbon;
using postgres::migrate;
using postgres::ObjectClass;
using postgres::SchemaCatalog;
using test::SchemaDatabase;

namespace {

test::PrivatePostgres& server() {
  static test::PrivatePostgres server;
  REQUIRE_MESSAGE(server.why_not().empty(), server.why_not());
  return server;
}

std::string text_of(const std::string& path) {
  std::ifstream file(std::string(CARBON_SOURCE_ROOT) + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  REQUIRE_MESSAGE(!text.str().empty(), path);
  return text.str();
}

std::string sample(const std::string& name) {
  return text_of("tests/unit/platform/postgres_schema/samples/" + name + ".sql");
}

/// Two databases, and the roles that some samples grant to.
struct Databases {
  SchemaDatabase loaded{server().endpoint(), "loaded"};
  SchemaDatabase migrated{server().endpoint(), "migrated"};

  Databases() {
    std::vector<std::string> roles;
    for (const std::string& role : test::random_schema_roles())
      roles.push_back("DO $do$ BEGIN " + role + "; EXCEPTION WHEN duplicate_object THEN NULL; END $do$");
    loaded.run(roles);
  }

  void begin(const std::string& schema) {
    for (SchemaDatabase* each : {&loaded, &migrated})
      each->run({"DROP SCHEMA IF EXISTS " + schema + " CASCADE", "CREATE SCHEMA " + schema});
  }
};

/// A line of a dump but for two things that are no difference: storage parameters have no order, and the
/// server itself prints an array's cast otherwise once it has read it, so that a dump of a restored dump has
/// it too.
std::string comparable(const std::string& line) {
  constexpr std::string_view head = "WITH (";
  std::size_t begin = line.find(head);
  if (begin == std::string::npos || line.find(" AS") != std::string::npos)
    return postgres::canonical_expression(line);
  std::istringstream list(line.substr(begin + head.size(), line.rfind(')') - begin - head.size()));
  std::set<std::string> options;
  for (std::string option; std::getline(list >> std::ws, option, ',');) options.insert(option);
  std::string out = line.substr(0, begin + head.size());
  for (const std::string& option : options) out += option + ", ";
  return out + line.substr(line.rfind(')'));
}

/// The first lines in which two dumps differ, or nothing.
std::string first_difference(const std::string& a, const std::string& b) {
  std::istringstream one(a);
  std::istringstream other(b);
  while (true) {
    std::string x, y;
    bool more = static_cast<bool>(std::getline(one, x));
    if (static_cast<bool>(std::getline(other, y)) != more || comparable(x) != comparable(y))
      return x + "\n  " + y;
    if (!more) return "";
  }
}

const postgres::MigrationOptions exclusive{postgres::Unknown::dropped, {}, {}};

const char* const names[] = {"shop",     "types",   "routines", "partitions",
                             "security", "storage", "names",    "reports"};

/// From what is there to what the other database holds: the same catalog, nothing more to do, the same dump.
void check_migration(Databases& databases, const SchemaCatalog& desired) {
  auto steps = migrate(databases.migrated.read(desired.schema), desired, exclusive);
  REQUIRE_MESSAGE(steps, steps.error().message());
  databases.migrated.apply(*steps);
  SchemaCatalog reached = databases.migrated.read(desired.schema);
  CHECK_MESSAGE(same_objects(reached, desired), test::difference(reached, desired));
  CHECK(migrate(reached, desired, exclusive)->empty());
  CHECK(first_difference(databases.migrated.dump(desired.schema), databases.loaded.dump(desired.schema)) ==
        "");
}

}  // namespace

TEST_CASE("from an empty schema to each sample: the same catalog, the same dump, nothing more to do") {
  Databases databases;
  for (const char* name : names) {
    CAPTURE(name);
    databases.begin("app");
    databases.loaded.load(sample(name));
    SchemaCatalog desired = databases.loaded.read("app");
    check_migration(databases, desired);
  }
}

TEST_CASE("from each sample to the next, and back to nothing") {
  Databases databases;
  databases.begin("app");
  for (const char* name : names) {
    CAPTURE(name);
    databases.loaded.run({"DROP SCHEMA app CASCADE", "CREATE SCHEMA app"});
    databases.loaded.load(sample(name));
    SchemaCatalog desired = databases.loaded.read("app");
    databases.migrated.apply(migrate(databases.migrated.read("app"), desired, exclusive).value());
    SchemaCatalog reached = databases.migrated.read("app");
    CHECK_MESSAGE(same_objects(reached, desired), test::difference(reached, desired));
  }
  SchemaCatalog empty;
  empty.schema = "app";
  databases.migrated.apply(migrate(databases.migrated.read("app"), empty, exclusive).value());
  CHECK(databases.migrated.read("app").objects.empty());
}

TEST_CASE("the samples hold every class of object") {
  Databases databases;
  std::vector<bool> seen(postgres::class_count, false);
  for (const char* name : names) {
    databases.begin("app");
    databases.loaded.load(sample(name));
    for (const auto& object : databases.loaded.read("app").objects)
      seen[static_cast<std::size_t>(object.id.object_class)] = true;
  }
  for (std::size_t at = 0; at < seen.size(); ++at)
    CHECK_MESSAGE(seen[at], postgres::traits(static_cast<ObjectClass>(at)).key);
}

TEST_CASE("the 54 tables of the example, from empty") {
  Databases databases;
  databases.begin("market");
  databases.loaded.load(text_of("examples/254carbon/sql/market_data.sql"));
  SchemaCatalog desired = databases.loaded.read("market");
  auto tables = std::count_if(desired.objects.begin(), desired.objects.end(), [](const auto& object) {
    return object.id.object_class == ObjectClass::table;
  });
  CHECK(tables == 54);
  check_migration(databases, desired);
}

TEST_CASE("a catalog survives being stored as a value, and leads to the same steps") {
  Databases databases;
  for (const char* name : names) {
    CAPTURE(name);
    databases.begin("app");
    databases.loaded.load(sample(name));
    SchemaCatalog desired = databases.loaded.read("app");
    auto again = postgres::from_value("app", desired.server_version, to_value(desired),
                                      dependencies_to_value(desired));
    REQUIRE(again);
    CHECK(same_objects(*again, desired));
    SchemaCatalog empty = databases.migrated.read("app");
    auto one = migrate(empty, desired, exclusive).value();
    auto other = migrate(empty, *again, exclusive).value();
    REQUIRE(one.size() == other.size());
    for (std::size_t at = 0; at < one.size(); ++at) CHECK(one[at].sql == other[at].sql);
  }
}
