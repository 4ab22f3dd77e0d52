#include <doctest/doctest.h>

#include "tests/unit/stdlib/native/calling.h"

using namespace carbon;

TEST_CASE("len counts code points") {
  CHECK(shown("len", {"häuser"_v}) == "6");
  CHECK(shown("len", {""_v}) == "0");
  CHECK(shown("len", {list({})}) == "C0216");
}

TEST_CASE("lower, upper and trim") {
  CHECK(shown("lower", {"PrÖd-1"_v}) == "\"prÖd-1\"");
  CHECK(shown("upper", {"eü"_v}) == "\"Eü\"");
  CHECK(shown("trim", {" \t a b\r\n"_v}) == "\"a b\"");
  CHECK(shown("trim", {" \n"_v}) == "\"\"");
}

TEST_CASE("split and join") {
  CHECK(shown("split", {"a,b,,c"_v, ","_v}) == R"(["a","b","","c"])");
  CHECK(shown("split", {""_v, ","_v}) == R"([""])");
  CHECK(shown("split", {"a"_v, ""_v}) == "C0216");
  CHECK(shown("join", {list({"a"_v, "b"_v}), ", "_v}) == "\"a, b\"");
  CHECK(shown("join", {list({}), ","_v}) == "\"\"");
  CHECK(shown("join", {list({1_v}), ","_v}) == "C0216");
}

TEST_CASE("replace replaces all, from the left") {
  CHECK(shown("replace", {"a.b.c"_v, "."_v, "-"_v}) == "\"a-b-c\"");
  CHECK(shown("replace", {"aaa"_v, "aa"_v, "b"_v}) == "\"ba\"");
  CHECK(shown("replace", {"a"_v, ""_v, "b"_v}) == "C0216");
}

TEST_CASE("parts of text") {
  CHECK(shown("starts_with", {"prod-eu"_v, "prod"_v}) == "true");
  CHECK(shown("ends_with", {"a.sql"_v, ".sql"_v}) == "true");
  CHECK(shown("ends_with", {"a"_v, "ba"_v}) == "false");
  CHECK(shown("contains", {"abc"_v, "b"_v}) == "true");
  CHECK(shown("contains", {"abc"_v, "d"_v}) == "false");
}

TEST_CASE("names from titles and identifiers") {
  CHECK(shown("slug", {"Trino: queries (p95)"_v}) == "\"trino-queries-p95\"");
  CHECK(shown("slug", {"  A b "_v}) == "\"a-b\"");
  CHECK(shown("slug", {"—"_v}) == "\"\"");
  CHECK(shown("kebab", {"DataSource_x"_v}) == "\"data-source-x\"");
}

TEST_CASE("indent moves every line that is not empty") {
  CHECK(shown("indent", {"a\n\nb"_v, 2_v}) == R"("  a\n\n  b")");
  CHECK(shown("indent", {"a\n"_v, 2_v}) == R"("  a\n")");
  CHECK(shown("indent", {"a"_v, Value::integer(-1)}) == "C0216");
}

TEST_CASE("patterns match the whole text") {
  CHECK(shown("matches", {"pg-15"_v, "pg-[0-9]+"_v}) == "true");
  CHECK(shown("matches", {"pg-15x"_v, "pg-[0-9]+"_v}) == "false");
  CHECK(shown("matches", {"x"_v, "("_v}) == "C0216");
  CHECK(shown("capture", {"pg-15"_v, "(.*)-([0-9]+)"_v}) == R"(["pg","15"])");
  CHECK(shown("capture", {"pg"_v, "[a-z]+"_v}) == R"(["pg"])");
  CHECK(shown("capture", {"b"_v, "(a)?b"_v}) == R"([""])");
  CHECK(shown("capture", {"xx"_v, "a"_v}) == "null");
  CHECK(shown("capture", {"x"_v, "["_v}) == "C0216");
}

TEST_CASE("the table matches patterns for facets") {
  const Patterns& patterns = builtins().patterns();
  CHECK(patterns.matches("[a-z]+", "abc"));
  CHECK_FALSE(patterns.matches("[a-z]+", "abc1"));
  CHECK_FALSE(patterns.matches("(", "("));
  CHECK(patterns.problem("[a-z]+").empty());
  CHECK(patterns.problem("(") == "missing ): (");
}
