#include "dsl/syntax/literal.h"

#include <doctest/doctest.h>

#include "tests/unit/dsl/support.h"

using namespace carbon;
using testing::Parsed;

namespace {

std::string text_of(const std::string& literal) {
  Parsed parsed("let a = " + literal + "\n");
  REQUIRE(parsed.sink().all().empty());
  std::optional<std::string> value = constant_string(parsed.value());
  REQUIRE(value.has_value());
  return *value;
}

/// `1 h|30 m|`
std::string parts_of(const std::string& literal) {
  Parsed parsed("let a = " + literal + "\n");
  REQUIRE(parsed.sink().all().empty());
  std::string out;
  for (const NumberPart& part : number_parts(parsed.value())) {
    out += part.digits + ' ' + std::string(part.unit) + '|';
  }
  return out;
}

}  // namespace

TEST_CASE("plain and raw strings") {
  CHECK(text_of(R"("")").empty());
  CHECK(text_of(R"("a\n\t\r\"\\\${x}")") == "a\n\t\r\"\\${x}");
  CHECK(text_of(R"("\u{e9}\u{1F600}")") == "é😀");
  CHECK(text_of(R"("costs $5 and $")") == "costs $5 and $");
  CHECK(text_of("''").empty());
  CHECK(text_of(R"('a\n${x}')") == "a\\n${x}");
}

TEST_CASE("a string with an expression is parts, neighbouring text is one of them") {
  Parsed parsed(R"(let a = "x\n${b.c}${d} y")");
  std::vector<StringPart> parts = string_parts(parsed.value());
  REQUIRE(parts.size() == 4);
  CHECK(parts[0].text == "x\n");
  CHECK(parts[1].expression.is(NodeKind::postfix));
  CHECK(parts[2].expression.text() == "d");
  CHECK(parts[3].text == " y");
  CHECK_FALSE(constant_string(parsed.value()).has_value());
}

TEST_CASE("multi-line text loses the indent of its closing quotes and keeps its last newline") {
  CHECK(text_of("\"\"\"\n    one\n      two\n\n    three\n    \"\"\"") == "one\n  two\n\nthree\n");
  CHECK(text_of("\"\"\"sql\nSELECT 1\n\"\"\"") == "SELECT 1\n");
  CHECK(text_of("\"\"\"\n  \"\"\"").empty());
  CHECK(text_of("\"\"\"\n  a \"b\" \"\"\n  \"\"\"") == "a \"b\" \"\"\n");
  CHECK(text_of("\"\"\"\r\n  a\r\n  b\r\n  \"\"\"") == "a\nb\n");
}

TEST_CASE("what an escape makes is not taken for indent or line end") {
  CHECK(text_of("\"\"\"\n  \\n  a\n  \"\"\"") == "\n  a\n");
  CHECK(text_of("\"\"\"\n  \\u{20}a\n  \"\"\"") == " a\n");
}

TEST_CASE("raw multi-line text has the same dedent and nothing else") {
  CHECK(text_of("'''\n  a\\n${x}\n    b\n  '''") == "a\\n${x}\n  b\n");
  CHECK(text_of("'''yaml\nk: 'v'\n'''") == "k: 'v'\n");
}

TEST_CASE("indent is dropped on the lines behind an expression, too") {
  Parsed parsed("let a = \"\"\"\n    ${x} one\n      ${y}\n    \"\"\"\n");
  REQUIRE(parsed.sink().all().empty());
  std::vector<StringPart> parts = string_parts(parsed.value());
  REQUIRE(parts.size() == 4);
  CHECK(parts[0].expression.text() == "x");
  CHECK(parts[1].text == " one\n  ");
  CHECK(parts[2].expression.text() == "y");
  CHECK(parts[3].text == "\n");
}

TEST_CASE("the tag of multi-line text") {
  CHECK(language_tag(Parsed("let a = \"\"\"sql\n  \"\"\"\n").value()) == "sql");
  CHECK(language_tag(Parsed("let a = '''yaml\n  '''\n").value()) == "yaml");
  CHECK(language_tag(Parsed("let a = \"\"\"\n  \"\"\"\n").value()).empty());
}

TEST_CASE("numbers fall into digits and units") {
  CHECK(parts_of("0") == "0 |");
  CHECK(parts_of("1_000") == "1000 |");
  CHECK(parts_of("1.5") == "1.5 |");
  CHECK(parts_of("50Gi") == "50 Gi|");
  CHECK(parts_of("1h30m") == "1 h|30 m|");
  CHECK(parts_of("2vcpu") == "2 vcpu|");
  CHECK(parts_of("1_0.2_5Gi") == "10.25 Gi|");
}

TEST_CASE("escapes that do not exist have no value") {
  CHECK(escape_value("\\q").empty());
  CHECK(escape_value("\\").empty());
  CHECK(escape_value("\\u{}").empty());
  CHECK(escape_value("\\u{12").empty());
  CHECK(escape_value("\\u{110000}").empty());
  CHECK(escape_value("\\u{D800}").empty());
  CHECK(escape_value("\\u{41}") == "A");
}
