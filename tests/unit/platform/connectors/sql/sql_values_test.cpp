#include "platform/connectors/sql/sql_values.h"

#include <doctest/doctest.h>

#include "base/value_json.h"

using namespace carbon;

namespace {

std::string read(std::uint32_t type, std::optional<std::string> text) {
  SqlRows rows;
  rows.columns = {"x"};
  rows.types = {type};
  rows.rows.push_back({std::move(text)});
  auto value = rows_value(rows);
  return value ? to_json(value->items().front().entries().front().value) : to_string(value.error().code());
}

}  // namespace

TEST_CASE("columns are read by their type") {
  CHECK(read(16, "t") == "true");
  CHECK(read(23, "-7") == "-7");
  CHECK(read(1700, "12345678901234567890.5") == "12345678901234567890.5");
  CHECK(read(1700, "NaN") == "\"NaN\"");
  CHECK(read(3802, R"(["a", {"b": null}])") == R"(["a",{"b":null}])");
  CHECK(read(17, "\\x6869") == "\"aGk=\"");
  CHECK(read(25, "7") == "\"7\"");
  CHECK(read(25, std::nullopt) == "null");
  CHECK(read(1009, R"({a,"b,\"c\"",NULL,"NULL",""})") == R"(["a","b,\"c\"",null,"NULL",""])");
  CHECK(read(1007, "{1,2}") == "[1,2]");
  CHECK(read(1009, "{}") == "[]");
}

TEST_CASE("what is not of its type is a bad reply") {
  CHECK(read(23, "x") == "C0706");
  CHECK(read(17, "abc") == "C0706");
  CHECK(read(1009, "{\"a") == "C0706");
  CHECK(read(114, "{") == "C0706");
}

TEST_CASE("parameters are text, NULL is none, lists are arrays") {
  CHECK_FALSE(parameter_text(Value()).has_value());
  CHECK(parameter_text(Value::boolean(true)) == "true");
  CHECK(parameter_text(Value::string("it's")) == "it's");
  CHECK(parameter_text(Value::blob("hi")) == "\\x6869");
  CHECK(parameter_text(Value::quantity(*Quantity::parse("2Ki"))) == "2048");
  CHECK(parameter_text(Value::list({Value::string("a\"b\\"), Value(), Value::integer(1)})) ==
        R"({"a\"b\\",NULL,"1"})");
  CHECK(parameter_text(Value::list({Value::record({})})) == "[{}]");
}
