#include "cli/views/value_diff.h"

#include <doctest/doctest.h>

#include "base/value_json.h"

using namespace carbon;

namespace {

Value json(std::string_view text) { return parse_json(text).value(); }

std::string shown(const Value& before, const Value& after) {
  auto diff = value_diff(before, after, 90);
  if (!diff) return "(one line)";
  std::string out = std::string(diff->language) + "\n";
  for (const DiffLine& line : diff->lines) out += std::string(1, line.sign) + line.text + "\n";
  return out;
}

std::string shown(std::string_view before, std::string_view after) {
  return shown(Value::string(before), Value::string(after));
}

}  // namespace

TEST_CASE("what fits on a line each stays there") {
  CHECK(shown("a", "b") == "(one line)");
  CHECK(shown(json("[1, 2]"), json("[1, 3]")) == "(one line)");
  CHECK(shown(json("{}"), Value::string("{}")) == "(one line)");
}

TEST_CASE("items of a list are told apart by their names") {
  Value before = json(R"([{"name": "first", "port": 80}, {"name": "second", "port": 81}])");
  Value after = json(R"([{"name": "second", "port": 82}, {"name": "third", "port": 83}])");
  CHECK(shown(before, after) ==
        "\n~[\"second\"].port   81 -> 82\n+[\"third\"]   { name = \"third\", port = 83 }\n"
        "-[\"first\"]   { name = \"first\", port = 80 }\n");
}

TEST_CASE("another order is said once") {
  Value before = json(R"([{"name": "first", "port": 80}, {"name": "second", "port": 81}])");
  Value after = json(R"([{"name": "second", "port": 81}, {"name": "first", "port": 80}])");
  CHECK(shown(before, after) == "\n~order: first, second -> second, first\n");
}

TEST_CASE("items without names are told apart by what stayed") {
  Value before = json(R"({"hosts": ["alpha.example.com", "beta.example.com", "gamma.example.com"]})");
  Value after = json(R"({"hosts": ["alpha.example.com", "gamma.example.com", "delta.example.com"]})");
  CHECK(shown(before, after) == "\n-hosts[1]   \"beta.example.com\"\n+hosts[2]   \"delta.example.com\"\n");
}

TEST_CASE("texts that are documents are compared by what they say") {
  CHECK(shown("{\"a\": 1, \"b\": 2}", "{ \"b\": 3,\n \"a\": 1 }") == "json\n~b   2 -> 3\n");
  CHECK(shown("a: 1\nlist: [x]\n", "a: 2\nlist: [x, y]\n") == "yaml\n~a   1 -> 2\n+list[1]   \"y\"\n");
  CHECK(shown("{\"a b\": 1}", "{\"a b\": 2}") == "json\n~[\"a b\"]   1 -> 2\n");
}

TEST_CASE("a document that only looks otherwise is compared by lines") {
  CHECK(shown("a: 1 # one\nb: 2\n", "a: 1 # two\nb: 2\n") == "text\n-a: 1 # one\n+a: 1 # two\n b: 2\n");
}

TEST_CASE("texts have two lines around each change, and say how many they leave out") {
  std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  std::string after = "1\n2\n3\nfour\n5\n6\n7\n8\n9\n";
  CHECK(shown(before, after) == "text\n@1 equal line\n 2\n 3\n-4\n+four\n 5\n 6\n@3 equal lines\n");
}

TEST_CASE("no line of a difference is more than a safe line") {
  auto diff = value_diff(Value::string("a\nb\n"), Value::string("a\n\x1b[31m\xE2\x80\xAEz\n"), 20);
  REQUIRE(diff);
  for (const DiffLine& line : diff->lines) CHECK(line.text.find_first_of("\x1b\n") == std::string::npos);
  CHECK(diff->lines.back().text == "\\x1b[31m\\u{202e}z");
}
