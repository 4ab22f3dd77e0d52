#include "cli/views/value_source.h"

#include <doctest/doctest.h>

using namespace carbon;

namespace {
Value text(std::string_view value) { return Value::string(value); }
}  // namespace

TEST_CASE("scalars are written as literals") {
  CHECK(value_source(Value()) == "null");
  CHECK(value_source(Value::boolean(true)) == "true");
  CHECK(value_source(Value::integer(-5)) == "-5");
  CHECK(value_source(Value::floating(2)) == "2.0");
  CHECK(value_source(Value::floating(-0.1)) == "-0.1");
  CHECK(value_source(Value::floating(1e21)) == "1000000000000000000000.0");
  CHECK(value_source(Value::quantity(*Quantity::parse("1536Mi"))) == "1536Mi");
  CHECK(value_source(Value::duration(*Duration::parse("1h30m"))) == "1h30min");
  CHECK(value_source(Value::reference("apps[\"a\"].pw")) == "apps[\"a\"].pw");
}

TEST_CASE("strings are escaped as the language does it, and safe for a terminal") {
  CHECK(value_source(text("a \"b\" \\ c")) == R"("a \"b\" \\ c")");
  CHECK(value_source(text("${x} $y $")) == R"("\${x} $y $")");
  CHECK(value_source(text("1\n2\t3\r")) == R"("1\n2\t3\r")");
  CHECK(value_source(text("\x1b[31m")) == R"("\u{1b}[31m")");
  CHECK(value_source(text("\u202e")) == R"("\u{202e}")");
  CHECK(value_source(text("ž")) == "\"ž\"");
}

TEST_CASE("what has no literal stands in brackets") {
  Value secret = Value::secret({"secret.env", {text("PASSWORD")}});
  CHECK(value_source(secret) == "(secret)");
  CHECK(value_source(Value::unknown_attribute("a", "b")) == "(known after apply)");
  CHECK(value_source(Value::blob("12345")) == "(5 bytes)");
  Value record =
      Value::record({{text("(h)"), text("(h)")}, {text("s"), secret}, {text("b"), Value::blob("x")}});
  CHECK(value_source(record) == R"x({ "(h)" = "(h)", s = (secret), b = (1 bytes) })x");
}

TEST_CASE("collections are in canonical style") {
  CHECK(value_source(Value::list({})) == "[]");
  CHECK(value_source(Value::record({})) == "{}");
  Value small =
      Value::record({{text("a"), Value::integer(1)}, {text("b.c"), Value::list({Value::integer(2)})}});
  CHECK(value_source(small) == R"({ a = 1, "b.c" = [2] })");
  std::string longer(60, 'x');
  Value large = Value::record({{text("a"), text(longer)}, {text("longer"), text(longer)}});
  CHECK(value_source(large) == "{\n  a      = \"" + longer + "\"\n  longer = \"" + longer + "\"\n}");
}

TEST_CASE("a value deeper than a file may be is on one line") {
  Value deep = Value::secret({"secret.env", {text("A")}});
  for (int i = 0; i < 300; ++i) deep = Value::list({std::move(deep)});
  std::string source = value_source(deep);
  CHECK(source.find('\n') == std::string::npos);
  CHECK(source.find("[(secret),]") != std::string::npos);
}
