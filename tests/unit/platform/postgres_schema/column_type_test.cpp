#include "platform/postgres_schema/column_type.h"

#include <doctest/doctest.h>

using namespace carbon::postgres;

namespace {

TypeChange change(std::string_view from, std::string_view to) {
  return type_change(from, to, "\"c\"", Retyping::other_type);
}

}  // namespace

TEST_CASE("what only widens costs nothing, or a rewrite") {
  CHECK(change("character varying(10)", "character varying(20)").risk == Risk::none);
  CHECK(change("character varying(10)", "text").risk == Risk::none);
  CHECK(change("numeric(10,2)", "numeric(12,2)").risk == Risk::none);
  CHECK(change("numeric(10,2)", "numeric").risk == Risk::none);
  CHECK(change("timestamp(3) with time zone", "timestamp with time zone").risk == Risk::none);
  CHECK(change("numeric(10,2)", "numeric(14,4)").risk == Risk::blocking);
  CHECK(change("smallint", "bigint").risk == Risk::blocking);
  CHECK(change("integer", "numeric").risk == Risk::blocking);
  CHECK(change("date", "timestamp without time zone").risk == Risk::blocking);
  CHECK(change("uuid", "text").risk == Risk::blocking);
}

TEST_CASE("what narrows says which rows") {
  CHECK(change("bigint", "smallint").where == "\"c\" > 32767 OR \"c\" < -32767 - 1");
  CHECK(change("text", "character varying(5)").where == "length(\"c\"::text) > 5");
  CHECK(change("numeric(10,2)", "numeric(8,2)").where == "abs(round(\"c\", 2)) >= 1e6");
  CHECK(change("numeric(10,2)", "numeric(8,2)").counted == Counted::violating);
  CHECK(change("numeric(10,4)", "numeric(8,2)").risk == Risk::lossy);
  CHECK(change("numeric(10,4)", "numeric(8,2)").counted == Counted::lost);
  CHECK(change("timestamp with time zone", "date").where == "\"c\" <> \"c\"::date");
  CHECK(change("double precision", "integer").risk == Risk::lossy);
}

TEST_CASE("a cast is written where no assignment does it") {
  CHECK(change("text", "integer").using_expression == "\"c\"::integer");
  CHECK(change("bytea", "uuid").using_expression == "\"c\"::text::uuid");
  CHECK(change("integer", "text").using_expression.empty());
  CHECK(type_change("app.e", "app.e", "\"c\"", Retyping::made_anew).using_expression == "\"c\"::text::app.e");
}

TEST_CASE("foreign keys hold between types of one family") {
  CHECK(comparable_types("integer", "bigint"));
  CHECK(comparable_types("text", "character varying(5)"));
  CHECK_FALSE(comparable_types("integer", "text"));
  CHECK_FALSE(comparable_types("app.a", "app.b"));
}
