#include "dsl/format/fidelity.h"

#include <doctest/doctest.h>

#include "tests/unit/dsl/support.h"

using carbon::testing::Parsed;

namespace {

std::string fault(std::string before, std::string after) {
  Parsed a(std::move(before));
  Parsed b(std::move(after));
  REQUIRE_FALSE(a.sink().has_errors());
  REQUIRE_FALSE(b.sink().has_errors());
  return carbon::format_fault(a.tree(), b.tree());
}

}  // namespace

TEST_CASE("white space, quotes and the place of multi-line text mean nothing") {
  CHECK(fault("let a=[1,\n 2]", "let a = [\n  1,\n  2,\n]\n").empty());
  CHECK(fault("let a = 'x'", "let a = \"x\"\n").empty());
  CHECK(fault("let a = \"\"\"\n    x\n     y\n    \"\"\"", "let a = \"\"\"\n  x\n   y\n  \"\"\"\n").empty());
  CHECK(fault("let a = b not   in c", "let a = b not in c").empty());
}

TEST_CASE("imports and settings may change places") {
  CHECK(fault("import \"b\"\nimport \"a\"\n", "import \"a\"\nimport \"b\"\n").empty());
  CHECK(fault("resource r : T { a = 1, timeout 1m }", "resource r : T { timeout 1m, a = 1 }").empty());
}

TEST_CASE("what means something else is found") {
  CHECK_FALSE(fault("let a = 1 + 2", "let a = 1 - 2").empty());
  CHECK_FALSE(fault("let a = (1)", "let a = 1").empty());
  CHECK_FALSE(fault("let a = \"x \"", "let a = \"x\"").empty());
  CHECK_FALSE(fault("let a = \"${x}y\"", "let a = \"x${y}\"").empty());
  CHECK_FALSE(fault("let a = \"\"\"\n  x\n\n  \"\"\"", "let a = \"\"\"\n  x\n  \"\"\"").empty());
  CHECK_FALSE(fault("let a = 1\nlet b = 2\n", "let b = 2\nlet a = 1\n").empty());
  CHECK_FALSE(fault("import \"a\"\nimport \"b\"\n", "import \"a\"\n").empty());
}

TEST_CASE("fields, settings of one word, statements and what a `let` is before keep their order") {
  CHECK_FALSE(fault("resource r : T { a = 1, b = 2 }", "resource r : T { b = 2, a = 1 }").empty());
  CHECK_FALSE(fault("resource r : T { after a, after b }", "resource r : T { after b, after a }").empty());
  CHECK_FALSE(
      fault("type T via sql { read { exec a, take b } }", "type T via sql { read { take b, exec a } }")
          .empty());
  CHECK_FALSE(
      fault("resource r : T { timeout x, let x = 1m }", "resource r : T { let x = 1m, timeout x }").empty());
  CHECK_FALSE(fault("let a = { b 1, c 2 }", "let a = { c 2, b 1 }").empty());
}

TEST_CASE("comments survive once, and docs stay with what they describe") {
  CHECK(fault("# c  \nlet a = 1 # d", "# c\nlet a = 1 # d\n").empty());
  CHECK_FALSE(fault("# c\nlet a = 1\n", "let a = 1\n").empty());
  CHECK_FALSE(fault("# c\nlet a = 1\n", "# c\n# c\nlet a = 1\n").empty());
  CHECK_FALSE(fault("## d\nlet a = 1\nlet b = 2\n", "let a = 1\n## d\nlet b = 2\n").empty());
  CHECK_FALSE(fault("## d\nlet a = 1\n", "## d\n\nlet a = 1\n").empty());
}
