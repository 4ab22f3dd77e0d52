#include "convert/source_text.h"

#include <doctest/doctest.h>

#include "convert/linking.h"

using namespace carbon;

namespace {

Entry field(std::string_view name, Value value) { return {Value::string(name), std::move(value)}; }

}  // namespace

TEST_CASE("small things stand on one line") {
  CHECK(source_text(Value::record({field("a", Value::integer(1)), field("b.c", Value::string("x"))})) ==
        R"({a = 1, "b.c" = "x"})");
  CHECK(source_text(Value::list({})) == "[]");
  CHECK(source_text(Value::record({})) == "{}");
}

TEST_CASE("numbers have a literal of the language") {
  CHECK(source_text(Value::integer(INT64_MIN)) == "(-9223372036854775807 - 1)");
  CHECK(source_text(Value::decimal("1.5e-3")) == "0.0015");
  CHECK(source_text(Value::quantity(*Quantity::parse("145Gi"))) == "145Gi");
  CHECK(source_text(Value::quantity(*Quantity::parse("100n"))) == "0.000000100");
}

TEST_CASE("a text of several lines is a block, and means the same") {
  CHECK(source_text(Value::string("a\nb\n")) == "\"\"\"\na\nb\n\"\"\"");
  CHECK(source_text(Value::string("a\nb\nc")) == "trim(\"\"\"\na\nb\nc\n\"\"\")");
  CHECK(source_text(Value::string("a\n\\b\n")) == "'''\na\n\\b\n'''");
  // What trim would take away, or a block cannot show, stays on one line.
  CHECK(source_text(Value::string(" a\nb\nc")) == R"(" a\nb\nc")");
  CHECK(source_text(Value::string("a\r\nb\r\n")) == R"("a\r\nb\r\n")");
  CHECK(source_text(Value::string("''' ${x}\nb\n")) == "\"''' \\${x}\\nb\\n\"");
}

TEST_CASE("references, spreads and secrets are expressions") {
  Value secret = Value::secret({"base64", {Value::secret({"secret.env", {Value::string("DB")}})}});
  Value written = Value::record({field(spread_key, expression("labels")),
                                 field("name", expression("web.metadata.name")), field("key", secret)});
  CHECK(source_text(written) == R"({...labels, name = web.metadata.name, key = base64(secret.env("DB"))})");
}

TEST_CASE("no line of a broken value begins in column 0 with a word") {
  std::vector<Entry> fields;
  for (std::string_view name : {"resource", "type", "check", "test", "let"})
    fields.push_back(field(name, Value::string("x")));
  CHECK(source_text(Value::record(fields)) ==
        "{\n resource = \"x\"\n type = \"x\"\n check = \"x\"\n test = \"x\"\n let = \"x\"\n}");
}
