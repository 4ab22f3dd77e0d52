#include "platform/postgres_schema/expression_text.h"

#include <doctest/doctest.h>

using namespace carbon::postgres;

TEST_CASE("a cast of a whole array goes to its items") {
  CHECK(canonical_expression(
            "((k)::text = ANY ((ARRAY['a'::character varying, 'b,]'::character varying])::text[]))") ==
        "((k)::text = ANY (ARRAY[('a'::character varying)::text, ('b,]'::character varying)::text]))");
  CHECK(canonical_expression("(ARRAY[f(a, b), (ARRAY[c])::text[]])::app.\"t;\"[]") ==
        "ARRAY[(f(a, b))::app.\"t;\", (ARRAY[(c)::text])::app.\"t;\"]");
  CHECK(canonical_expression("(ARRAY[a])::timestamp(3) with time zone[]") ==
        "ARRAY[(a)::timestamp(3) with time zone]");
}

TEST_CASE("VALUES in brackets") {
  CHECK(canonical_expression("FROM (VALUES (1)) \"(VALUES \"") == "FROM ( VALUES (1)) \"(VALUES \"");
}

TEST_CASE("other texts stay as they are") {
  for (const char* text : {"(ARRAY[a])", "'(ARRAY[a])::text[]'", "\"(ARRAY[a])::text[]\"", "(ARRAY[a])::text",
                           "(ARRAY[", "E'\\'(ARRAY[a])::text[]'", ""})
    CHECK(canonical_expression(text) == text);
}

TEST_CASE("columns of statistics are in one order") {
  CHECK(canonical_statistics("CREATE STATISTICS a.s (ndistinct) ON \"Z\", b, (f(x, y)) FROM a.t") ==
        "CREATE STATISTICS a.s (ndistinct) ON \"Z\", (f(x, y)), b FROM a.t");
}

TEST_CASE("tokens end where the server's do") {
  std::vector<SqlToken> tokens = sql_tokens("a.\"b\"\"c\"::x('it''s', E'\\'', 1.5)");
  REQUIRE(tokens.size() == 14);
  CHECK(tokens[2].name() == "b\"c");
  CHECK(tokens[3].text == "::");
  CHECK(tokens[6].text == "'it''s'");
  CHECK(tokens[8].text == "E'\\''");
}
