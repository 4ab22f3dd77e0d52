#include "platform/postgres_schema/identifier.h"

#include <doctest/doctest.h>

using namespace carbon::postgres;

TEST_CASE("a quote inside is doubled, nothing else changes") {
  CHECK(quote_identifier("a\"b;--\\'") == "\"a\"\"b;--\\'\"");
  CHECK(quote_qualified("s", "t\"") == "\"s\".\"t\"\"\"");
}

TEST_CASE("a literal means its text whatever standard_conforming_strings says") {
  CHECK(quote_literal("it's") == "'it''s'");
  CHECK(quote_literal("a\\b'") == "E'a\\\\b'''");
}
