// What is read of each class, and what is refused.

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "platform/postgres_schema/catalog_queries.h"
#include "tests/support/private_postgres.h"
#include "tests/support/schema_database.h"

using namespace carbon;
using postgres::ObjectClass;
using postgres::ObjectId;
using postgres::SchemaCatalog;
using test::SchemaDatabase;

namespace {

SchemaDatabase& database() {
  static test::PrivatePostgres server;
  REQUIRE_MESSAGE(server.why_not().empty(), server.why_not());
  static SchemaDatabase database(server.endpoint(), "reading");
  return database;
}

SchemaCatalog read(const std::string& script) {
  database().run(
      {"DROP SCHEMA IF EXISTS app CASCADE", "DROP SCHEMA IF EXISTS other CASCADE", "CREATE SCHEMA app"});
  database().load(script);
  return database().read("app");
}

std::string json(const SchemaCatalog& catalog, const ObjectId& id) {
  const postgres::SchemaObject* object = catalog.find(id);
  return object == nullptr ? "(not there)" : to_json(object->properties);
}

std::string refusal(const std::string& script) {
  try {
    read(script);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("columns: type, collation, identity, generated, default") {
  SchemaCatalog catalog =
      read(R"(CREATE TABLE app.t (a numeric(10,2) NOT NULL DEFAULT 1.5, b text COLLATE "C",
      c integer GENERATED ALWAYS AS IDENTITY, d integer GENERATED ALWAYS AS (c * 2) STORED);
      COMMENT ON COLUMN app.t.a IS 'x')");
  CHECK(json(catalog, {ObjectClass::column, "t", "a"}) ==
        R"json({"comment":"x","not_null":true,"type":"numeric(10,2)"})json");
  CHECK(json(catalog, {ObjectClass::column, "t", "b"}) ==
        R"({"collation":"pg_catalog.\"C\"","type":"text"})");
  CHECK(
      json(catalog, {ObjectClass::column, "t", "c"}) ==
      R"({"identity":{"cache":1,"generated":"ALWAYS","increment":1,"max":2147483647,"min":1,"start":1},"not_null":true,"type":"integer"})");
  CHECK(json(catalog, {ObjectClass::column, "t", "d"}) ==
        R"json({"generated":"(c * 2)","type":"integer"})json");
  CHECK(json(catalog, {ObjectClass::column_default, "t", "a"}) == R"({"expression":"1.5"})");
}

TEST_CASE("grants: the owner's own are none, and PUBLIC's default is none") {
  SchemaCatalog catalog = read(R"(CREATE TABLE app.t (a int); GRANT SELECT ON app.t TO PUBLIC;
      CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION app.g() RETURNS int LANGUAGE sql AS 'SELECT 1';
      REVOKE EXECUTE ON FUNCTION app.f() FROM PUBLIC; GRANT EXECUTE ON FUNCTION app.g() TO CURRENT_USER)");
  CHECK(json(catalog, {ObjectClass::table, "", "t"}) == R"({"grants":{"public":{"SELECT":"granted"}}})");
  CHECK(json(catalog, {ObjectClass::function, "", "f()"})
            .find(R"("grants":{"public":{"EXECUTE":"revoked"}})") != std::string::npos);
  CHECK(json(catalog, {ObjectClass::function, "", "g()"}).find("grants") == std::string::npos);
}

TEST_CASE("dependencies: array types, row types and indexes of constraints are what they belong to") {
  SchemaCatalog catalog =
      read(R"(CREATE TYPE app.e AS ENUM ('a'); CREATE TABLE app.t (id int PRIMARY KEY, e app.e[]);
      CREATE TABLE app.u (t app.t, id int REFERENCES app.t); CREATE VIEW app.v AS SELECT e FROM app.t)");
  auto needs = [&](const ObjectId& id, const ObjectId& needed) {
    const auto& all = catalog.find(id)->depends_on;
    return std::find(all.begin(), all.end(), needed) != all.end();
  };
  CHECK(needs({ObjectClass::column, "t", "e"}, {ObjectClass::enumeration, "", "e"}));
  CHECK(needs({ObjectClass::column, "u", "t"}, {ObjectClass::table, "", "t"}));
  CHECK(needs({ObjectClass::constraint, "u", "u_id_fkey"}, {ObjectClass::constraint, "t", "t_pkey"}));
  CHECK(needs({ObjectClass::view, "", "v"}, {ObjectClass::column, "t", "e"}));
}

TEST_CASE("members of an extension are not of the schema") {
  SchemaCatalog catalog = read("CREATE EXTENSION citext SCHEMA app; CREATE TABLE app.t (a app.citext)");
  CHECK(catalog.objects.size() == 2);
  CHECK(json(catalog, {ObjectClass::column, "t", "a"}) == R"({"type":"app.citext"})");
  database().run({"DROP EXTENSION citext CASCADE"});
}

TEST_CASE("what depends on the schema from outside is named") {
  SchemaCatalog catalog =
      read("CREATE TABLE app.t (a int); CREATE SCHEMA other; CREATE VIEW other.v AS SELECT a FROM app.t");
  REQUIRE(catalog.outside_dependents.size() == 1);
  CHECK(catalog.outside_dependents[0].dependent == "view other.v");
  CHECK(catalog.outside_dependents[0].object == ObjectId{ObjectClass::column, "t", "a"});
}

TEST_CASE("a kind of object without a class is refused by name, never left out") {
  for (const auto& each : {
           std::pair{"CREATE TABLE app.t (a int); CREATE RULE r AS ON INSERT TO app.t DO NOTHING",
                     "`rule r of t`"},
           std::pair{"CREATE COLLATION app.c FROM \"C\"", "`collation c`"},
           std::pair{"CREATE TEXT SEARCH CONFIGURATION app.s (COPY = simple)",
                     "`text search configuration s`"},
           std::pair{"CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
                     "`operator ===`"},
           std::pair{"CREATE TYPE app.row AS (a int); CREATE TABLE app.t OF app.row", "`typed table t`"},
           std::pair{"CREATE VIEW app.v AS SELECT 1 AS a; ALTER VIEW app.v ALTER a SET DEFAULT 5",
                     "`default of column a of view v`"},
       }) {
    CAPTURE(each.first);
    CHECK(refusal(each.first).find(each.second) != std::string::npos);
  }
}

TEST_CASE("a schema that does not exist reads as an empty one, and a server that is too old not at all") {
  CHECK(database().read("nowhere").objects.empty());
  Result<SchemaCatalog> old = postgres::read_catalog({}, "app", 110022);
  REQUIRE_FALSE(old);
  CHECK(old.error().message().find("PostgreSQL 11 is too old") != std::string::npos);
}
