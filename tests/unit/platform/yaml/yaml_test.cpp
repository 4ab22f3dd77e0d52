#include "platform/yaml/yaml.h"

#include <doctest/doctest.h>

#include <string>

#include "base/value_json.h"

using namespace carbon;

namespace {

std::string json(std::string_view yaml) {
  Result<Value> value = parse_yaml(yaml);
  return value ? to_json(*value) : "error: " + value.error().message();
}

}  // namespace

TEST_CASE("plain scalars follow the core schema of YAML 1.2, not 1.1") {
  CHECK(json("[yes, on, 1:30, 012, 0o14, 0xC, ~, null, true, FALSE, -7, +7]") ==
        R"(["yes","on","1:30",12,12,12,null,null,true,false,-7,7])");
  CHECK(json("[1.50, -.5, 1e3, 007.5, 1., 2026-11-24, =, -, 1_000]") ==
        R"([1.50,-0.5,1e3,7.5,1,"2026-11-24","=","-","1_000"])");
  CHECK(json("[9223372036854775808, 12345678901234567890123]") ==
        "[9223372036854775808,12345678901234567890123]");
  CHECK(json("[-09223372036854775808, -0099999999999999999999, +0x8000000000000000]") ==
        R"([-9223372036854775808,-99999999999999999999,"+0x8000000000000000"])");
}

TEST_CASE("quoted and tagged scalars are what they say") {
  CHECK(json(R"(['12', "true", '', !!str 12, !!int "3"])") == R"(["12","true","","12",3])");
  CHECK(json("!!binary aGk=") == "\"aGk=\"");
  CHECK(json("!!int x").starts_with("error"));
  CHECK(json("!custom x").starts_with("error"));
  CHECK(json(".inf").starts_with("error"));
}

TEST_CASE("mappings are sorted maps with text keys; a key stands once") {
  CHECK(json("b: 1\na: {c: [x]}\n8080: y\n") == R"({"8080":"y","a":{"c":["x"]},"b":1})");
  CHECK(json("a: 1\na: 2\n") == "error: line 2, column 1: the key `a` is there twice");
  CHECK(json("[a]: 1").starts_with("error"));
  CHECK(json("x: &x {a: 1}\ny: {<<: *x}\n").starts_with("error: line 2, column 5: merge keys"));
}

TEST_CASE("block text keeps its line breaks, anchors are followed") {
  CHECK(json("a: |\n  one\n  two\nb: &t [1]\nc: *t\n") == R"({"a":"one\ntwo\n","b":[1],"c":[1]})");
}

TEST_CASE("documents: none is null, several need the other function") {
  CHECK(json("") == "null");
  CHECK(json("# only a comment\n") == "null");
  CHECK(json("a: 1\n---\nb: 2\n").starts_with("error: more than one"));
  auto all = parse_yaml_documents("---\na: 1\n---\n---\nb: 2\n");
  REQUIRE(all);
  CHECK(all->size() == 2);
}

TEST_CASE("what would take all memory or the stack is refused") {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c <= 'j'; ++c) {
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 9; ++i) bomb += std::string(i == 0 ? "*" : ", *") + static_cast<char>(c - 1);
    bomb += "]\n";
  }
  CHECK(json(bomb).find("more than 1000000 values") != std::string::npos);
  CHECK(json("&a [*a]") == "error: line 1, column 5: an alias of something that holds it");
  CHECK(json("x: &x [1]\ny: &y [*x, *x]\nz: [*y]\n") == R"({"x":[1],"y":[[1],[1]],"z":[[[1],[1]]]})");
  CHECK(json(std::string(200, '[') + std::string(200, ']')).starts_with("error"));
  CHECK(json(std::string(100'000, '[')).starts_with("error"));
  YamlLimits small;
  small.bytes = 10;
  CHECK_FALSE(parse_yaml("a: aaaaaaaaaaaaa", small));
}

TEST_CASE("where no value can begin yaml-cpp would find documents without end") {
  for (std::string text : {",", ",u", "]", "}x", "a: 1\n--- ,\n", "[1 2]\n, 2]\n"}) {
    CAPTURE(text);
    CHECK(json(text).starts_with("error"));
  }
}

TEST_CASE("every escape gives valid text") {
  CHECK(json(R"(["\N", "\_", "\L", "\x85é\Nx"])") ==
        "[\"\xC2\x85\",\"\xC2\xA0\",\"\xE2\x80\xA8\",\"\xC2\x85\xC3\xA9\xC2\x85x\"]");
}

TEST_CASE("a key is the text that is written, of an alias too") {
  CHECK(json("a: &k x\n*k : 1\n") == R"({"a":"x","x":1})");
  CHECK(json("&k 012: *k\n") == R"({"012":12})");
  CHECK(json("? : 1").starts_with("error"));
  CHECK(json("~: 1").starts_with("error"));
  CHECK(json("\"~\": 1") == R"({"~":1})");
}

TEST_CASE("bad text is an error with its place") {
  CHECK(json("a: [1\nb: 2").starts_with("error: line 2"));
  CHECK(json("a: \xff").starts_with("error: byte 3"));
  CHECK(json("\t- x").starts_with("error"));
}

namespace {

/// What kubectl reads, as JSON.
std::string manifests(std::string_view text) {
  Result<std::vector<Value>> documents = parse_manifests(text, 0);
  return documents ? to_json(Value::list(std::move(*documents))) : "error: " + documents.error().message();
}

}  // namespace

TEST_CASE("manifests have the scalars of YAML 1.1 as kubectl takes them") {
  CHECK(manifests("[0644, 0o644, 0x1F, 0b101, 1_000, -010, 08, 0, 00]") ==
        R"([[420,420,31,5,1000,-8,8,0,0]])");
  CHECK(manifests("[yes, No, ON, off, y, N, true]") == "[[true,false,true,false,true,false,true]]");
  CHECK(manifests("['yes', \"0644\", !!str on, yesterday, 1:30, 2026-01-01]") ==
        R"([["yes","0644","on","yesterday","1:30","2026-01-01"]])");
  CHECK(manifests("[0x, 0b2, 0o9, -, +, _1, 0xZ]") == R"([["0x","0b2","0o9","-","+","_1","0xZ"]])");
  CHECK(manifests("{on: 1, 8080: 2, 010: 3, 'off': 4}") == R"([{"8":3,"8080":2,"off":4,"true":1}])");
  CHECK(manifests("{on: 1, yes: 2}").starts_with("error"));
  CHECK(manifests("{a: , b: !!str }") == R"([{"a":null,"b":""}])");
  CHECK(manifests("a: 1\n---\n---\nb: 2\n") == R"([{"a":1},{"b":2}])");
}

TEST_CASE("values of manifests remember where they were written") {
  std::string_view text = "# é\r\na:\r\n  - x\r\n  - {k: \"v\"}\r\n";
  Result<std::vector<Value>> documents = parse_manifests(text, 100);
  REQUIRE(documents);
  const Value& document = documents->front();
  auto at = [&](std::string_view part) { return static_cast<std::uint32_t>(100 + text.find(part)); };
  CHECK(document.origin() == at("a:"));
  CHECK(document.entries()[0].key.origin() == at("a:"));
  const Value& items = document.entries()[0].value;
  CHECK(items.items()[0].origin() == at("x"));
  CHECK(items.items()[1].entries()[0].key.origin() == at("k"));
  CHECK(items.items()[1].entries()[0].value.origin() == at("\"v\""));
}
