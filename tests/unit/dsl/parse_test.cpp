#include "dsl/parse/parse.h"

#include <doctest/doctest.h>

#include <set>

#include "dsl/parse/fault.h"
#include "tests/support/lossless.h"
#include "tests/unit/dsl/support.h"

using namespace carbon;
using testing::Parsed;

namespace {

/// Codes and messages, one a line.
std::string messages(const Parsed& parsed) {
  std::string out;
  for (const Diagnostic& diagnostic : parsed.sink().all()) {
    out += to_string(diagnostic.code) + ' ' + diagnostic.message + '\n';
  }
  return out;
}

std::string repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

struct Insistence {
  const char* source;
  const char* message;
};

/// Every point of dsl/parse/expected.def, with what it says.
constexpr Insistence insistences[] = {
    {"1", "C0102 expected a declaration, found `1`\n"},
    {"let a = 1 let b = 2", "C0102 expected a new line after the declaration, found `let`\n"},
    {"platform p { = }", "C0102 expected a field or a setting, found `=`\n"},
    {"platform p { a = 1 b }", "C0102 expected a new line or `,`, found `b`\n"},
    {"let = 1", "C0102 expected a name, found `=`\n"},
    {"let a = b.", "C0102 expected a field name after `.`, found the end of the file\n"},
    {"let a =\n", "C0102 expected an expression, found the end of the line\n"},
    {"let a = ()", "C0102 expected an expression, found `)`\n"},
    {"let a = 1 + )", "C0102 expected an expression after the operator, found `)`\n"},
    {"let a = if b then ]", "C0102 expected an expression, found `]`\n"},
    {"let a = [1, :]", "C0102 expected an element or `]`, found `:`\n"},
    {"let a = f(1, :)", "C0102 expected an argument or `)`, found `:`\n"},
    {"fn f(x : int, 1) : int = 1", "C0102 expected a parameter or `)`, found `1`\n"},
    {"type A = 1", "C0102 expected a type, found `1`\n"},
    {"input a = 1", "C0102 expected `:` and a type, found `=`\n"},
    {"type A : int", "C0102 expected `=` or `via`, found `:`\n"},
    {"let a 1", "C0102 expected `=`, found `1`\n"},
    {"platform p { \"a\" : int }", "C0102 expected `=` after the key, found `:`\n"},
    {"import name", "C0102 expected a path in quotes, found `name`\n"},
    {"test name {}", "C0102 expected the test's name in quotes, found `name`\n"},
    {"platform p", "C0102 expected `{`, found the end of the file\n"},
    {"fn f : int = 1", "C0102 expected `(`, found `:`\n"},
    {"check a == b", "C0102 expected `else` and a message, found the end of the file\n"},
    {"moved -> b", "C0102 expected an address, found `->`\n"},
    {"moved a b", "C0102 expected `->`, found `b`\n"},
    {"removed a", "C0102 expected `keep` or `destroy`, found the end of the file\n"},
    {"let a = [for x of y : x]", "C0102 expected `in`, found `of`\n"},
    {"let a = [for x in y]", "C0102 expected `:` after the repetition, found `]`\n"},
    {"let a = { for x in y : x }", "C0102 expected a key in `[ ]`, found `x`\n"},
    {"let a = if b : c", "C0102 expected `then`, found `:`\n"},
    {"let a = if b then c", "C0102 expected `else`, found the end of the file\n"},
    {"let a = \"\"\" b\n\"\"\"", "C0102 expected a new line behind the opening quotes, found `b`\n"},
    {"let a = 1h2", "C0102 expected a unit, found `2`\n"},
    {"let a = { [b = 1 }", "C0102 expected `]`, found `=`\n"},
    {"let a = [1 2]", "C0102 expected `,` or `]`, found `2`\n"},
    {"let a = b[1 2]", "C0102 expected `]`, found `2`\n"},
    {"let a = (1 2)", "C0102 expected `)`, found `2`\n"},
    {"let a = f(1 2)", "C0102 expected `,` or `)`, found `2`\n"},
    {"let a = \"${b c}\"", "C0102 expected `}`, found `c`\n"},
    {"type A = list<B {", "C0102 expected `,` or `>`, found `{`\n"},
    {"let a = \"b", "C0101 unclosed `\"`\n"},
    {"let a = 'b", "C0101 unclosed `'`\n"},
    {"let a = \"\"\"\nb", "C0101 unclosed `\"\"\"`\n"},
    {"let a = '''\nb", "C0101 unclosed `'''`\n"},
};

}  // namespace

TEST_CASE("every point at which the grammar insists has its message") {
  for (const Insistence& point : insistences) {
    Parsed parsed(point.source);
    CAPTURE(point.source);
    CHECK(messages(parsed) == point.message);
    CHECK(testing::lossless_fault(parsed.tree()).empty());
  }
}

TEST_CASE("the table of points is complete") {
  std::string all;
  for (const Insistence& point : insistences) all += point.message;
#define CARBON_EXPECTED(name, where, text, help)                                            \
  if (Expected::name != Expected::less_nesting && Expected::name < Expected::close_quote) { \
    CAPTURE(#name);                                                                         \
    CHECK(all.find("expected " text ", found") != std::string::npos);                       \
  }
#include "dsl/parse/expected.def"
#undef CARBON_EXPECTED
}

TEST_CASE("brackets and blocks may be nested 255 deep but not 300") {
  auto errors = [](const std::string& open, const std::string& close, int depth) {
    return messages(Parsed("let a = " + repeat(open, depth) + "1" + repeat(close, depth) + "\nlet b = 1\n"));
  };
  const std::pair<const char*, const char*> nestings[] = {
      {"[", "]"},  {"(", ")"},      {"{ a = ", " }"},         {"f(", ")"},
      {"x[", "]"}, {"\"${", "}\""}, {"if a then b else ", ""}};
  for (const auto& nesting : nestings) {
    const char* open = nesting.first;
    const char* close = nesting.second;
    CAPTURE(open);
    CHECK(errors(open, close, 255).empty());
    CHECK(errors(open, close, 300) == "C0104 nested deeper than 256 levels\n");
  }
  CHECK(messages(Parsed("type T = " + repeat("list<", 255) + "int" + repeat(">", 255))).empty());
  CHECK(messages(Parsed("type T = " + repeat("{ a : ", 300) + "int" + repeat(" }", 300))) ==
        "C0104 nested deeper than 256 levels\n");
  CHECK(messages(Parsed(repeat("component A { ", 300) + repeat("}", 300))) ==
        "C0104 nested deeper than 256 levels\n");
}

TEST_CASE("a hundred thousand open brackets cost neither the stack nor much time") {
  for (const char* open : {"[", "(", "{ a = ", "\"${", "f(", "- ", "not ", "{", "component A {\n", "list<"}) {
    CAPTURE(open);
    Parsed parsed("let a = " + repeat(open, 100'000) + "\nlet b = 1\n");
    CHECK(parsed.sink().has_errors());
    CHECK(parsed.sink().error_count() <= max_syntax_errors);
    CHECK(testing::lossless_fault(parsed.tree()).empty());
  }
}

TEST_CASE("one broken item costs nothing around it") {
  Parsed parsed("resource r : T {\n  a = 1\n  b = = 2, c = 3\n  d = { e = , f = 4 }\n}\nlet g = 5\n");
  CHECK(parsed.sink().error_count() == 2);
  NodeRef body = parsed.declaration().child(NodeKind::body);
  CHECK(body.children(NodeKind::field).count() == 3);
  CHECK(body.children_with_trivia().count() == 4);
  CHECK(body.children().at(2).value().children().at(0).word() == "f");
  CHECK(parsed.tree().root().children(NodeKind::let).count() == 1);
}

TEST_CASE("a declaration keyword in column 0 ends whatever is open, but not inside multi-line text") {
  Parsed open("let a = [1, (2\nlet b = 3\n");
  CHECK(messages(open) == "C0101 unclosed `(`\n");
  CHECK(open.tree().root().children(NodeKind::let).count() == 1);
  Parsed text("let a = \"\"\"\nlet b = 3\n\"\"\"\nlet c = '''\nlet d = 4\n'''\n");
  CHECK(messages(text).empty());
  CHECK(text.tree().root().children(NodeKind::let).count() == 2);
}

TEST_CASE("no more than twenty errors are reported, and the rest is one skipped node") {
  Parsed parsed(repeat("let = 1\n", 50) + "let good = 1\n");
  CHECK(parsed.sink().error_count() == max_syntax_errors);
  CHECK(testing::lossless_fault(parsed.tree()).empty());
  const SyntaxNode& last = parsed.tree().nodes().back();
  CHECK(last.kind == NodeKind::skipped);
  CHECK(last.end == parsed.tree().nodes().front().end);
}

TEST_CASE("giving up between two declarations starts behind the whole of the last one") {
  Parsed parsed(repeat("let = 1\n", 19) + "let = 2\nlet good = { a = [1] }\n)\n");
  CHECK(parsed.sink().error_count() == max_syntax_errors);
  CHECK(testing::lossless_fault(parsed.tree()).empty());
  CHECK(parsed.tree().root().children(NodeKind::let).count() == 1);
}

TEST_CASE("a fix for the byte order mark is safe") {
  Parsed parsed("\xEF\xBB\xBFlet a = 1\n");
  REQUIRE(parsed.sink().all().size() == 1);
  const Diagnostic& diagnostic = parsed.sink().all().front();
  REQUIRE(diagnostic.helps.size() == 1);
  REQUIRE(diagnostic.helps[0].fix.has_value());
  CHECK(diagnostic.helps[0].fix->safety == FixSafety::safe);
  CHECK(parsed.declaration().word() == "a");
}
