#include <doctest/doctest.h>

#include "base/value_json.h"
#include "platform/postgres_schema/schema_catalog.h"

using namespace carbon;
using namespace carbon::postgres;

namespace {

SchemaCatalog catalog() {
  auto properties = [](std::string_view json) { return parse_json(json).value(); };
  SchemaCatalog out;
  out.schema = "app";
  out.objects = {
      {{ObjectClass::sequence, "", "s"}, properties(R"({"start": 1})"), {}, 0},
      {{ObjectClass::table, "", "orders"}, properties("{}"), {}, 0},
      {{ObjectClass::column, "orders", "a.b"},
       properties(R"({"type": "text"})"),
       {{ObjectClass::table, "", "orders"}},
       3},
      {{ObjectClass::column_default, "orders", "a.b"},
       properties(R"({"expression": "'x'"})"),
       {{ObjectClass::column, "orders", "a.b"}},
       0},
      {{ObjectClass::sequence_owner, "", "s"},
       properties(R"({"table": "orders", "column": "a.b"})"),
       {{ObjectClass::sequence, "", "s"}},
       0},
  };
  return out;
}

}  // namespace

TEST_CASE("a tree by names: defaults stand in their columns, owners in their sequences") {
  CHECK(to_json(to_value(catalog())) ==
        R"({"sequences":{"s":{"owned_by":{"column":"a.b","table":"orders"},"start":1}},)"
        R"("tables":{"orders":{"columns":{"a.b":{"default":"'x'","type":"text"}}}}})");
  CHECK(path_of({ObjectClass::column_default, "orders", "a.b"}).text() ==
        "tables.orders.columns[\"a.b\"].default");
}

TEST_CASE("the tree and the dependencies give the catalog back") {
  SchemaCatalog before = catalog();
  SchemaCatalog after = from_value("app", 0, to_value(before), dependencies_to_value(before)).value();
  CHECK(same_objects(before, after));
  REQUIRE(after.objects.size() == before.objects.size());
  for (std::size_t at = 0; at < before.objects.size(); ++at) {
    CHECK(after.objects[at].depends_on == before.objects[at].depends_on);
    CHECK(after.objects[at].position == before.objects[at].position);
  }
}

TEST_CASE("what is no tree is refused") {
  for (const char* json : {"[]", R"({"tables": {"t": 1}})", R"({"what": {}})"})
    CHECK_FALSE(from_value("app", 0, parse_json(json).value(), Value::list({})));
  CHECK_FALSE(from_value("app", 0, Value::map({}),
                         parse_json(R"([{"object": ["table", "", "t"], "on": []}])").value()));
}
