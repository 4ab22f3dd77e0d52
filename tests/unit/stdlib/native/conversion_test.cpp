#include <doctest/doctest.h>

#include "base/value_json.h"
#include "tests/unit/stdlib/native/calling.h"

using namespace carbon;

TEST_CASE("string writes canonical text") {
  CHECK(shown("string", {8_v}) == "\"8\"");
  CHECK(shown("string", {0.5_v}) == "\"0.5\"");
  CHECK(shown("string", {Value::boolean(true)}) == "\"true\"");
  CHECK(shown("string", {Value()}) == "C0216");
  CHECK(shown("string", {list({})}) == "C0216");
}

TEST_CASE("int and float") {
  CHECK(shown("int", {"42"_v}) == "42");
  CHECK(shown("int", {"4x"_v}) == "C0216");
  CHECK(shown("int", {""_v}) == "C0216");
  CHECK(shown("int", {2.9_v}) == "2");
  CHECK(shown("int", {Value::floating(-2.9)}) == "-2");
  CHECK(shown("int", {Value::floating(9.3e18)}) == "C0210");
  CHECK(shown("int", {Value::floating(-9223372036854775808.0)}) == "-9223372036854775808");
  CHECK(shown("int", {Value::decimal("2.5")}) == "2");
  CHECK(shown("int", {Value::quantity(*Quantity::parse("2k"))}) == "2000");
  CHECK(shown("int", {Value::quantity(*Quantity::parse("500m"))}) == "C0210");
  CHECK(shown("int", {Value::boolean(true)}) == "C0216");
  CHECK(shown("float", {3_v}) == "3.0");
  CHECK(shown("float", {"2.5"_v}) == "2.5");
  CHECK(shown("float", {"inf"_v}) == "C0216");
  CHECK(shown("float", {Value::decimal("1e999")}) == "C0216");
  CHECK(shown("float", {Value::quantity(*Quantity::parse("500m"))}) == "0.5");
  CHECK(shown("float", {list({})}) == "C0216");
}

TEST_CASE("units as numbers") {
  CHECK(shown("bytes_of", {Value::quantity(*Quantity::parse("1Ki"))}) == "1024");
  CHECK(shown("bytes_of", {Value::quantity(*Quantity::parse("500m"))}) == "C0210");
  CHECK(shown("bytes_of", {1_v}) == "C0216");
  CHECK(shown("seconds", {Value::duration(*Duration::parse("5m"))}) == "300");
  CHECK(shown("seconds", {Value::duration({1})}) == "C0210");
}

TEST_CASE("JSON") {
  CHECK(called("json_encode", {fields({{"b", list({1_v, Value()})}, {"a", "x"_v}})})->text() ==
        R"({"b":[1,null],"a":"x"})");
  CHECK(shown("json_encode", {list({Value::reference("x")})}) == "C0216");
  CHECK(shown("json_encode", {fields({{"a", Value::blob("x")}})}) == "C0216");
  CHECK(shown("json_decode", {R"({"a":[1.10]})"_v}) == R"({"a":[1.10]})");
  CHECK(shown("json_decode", {"7"_v}) == "7");
  CHECK(shown("json_decode", {"{"_v}) == "C0216");
  CHECK(called("json_encode", {fields({{"a", secret()}})})->is_secret());
  CHECK(called("json_encode", {fields({{"a", unknown()}})})->is_unknown());
}

TEST_CASE("YAML is written in block style, and only plain words are plain") {
  Value value = fields({{"a", 1_v},
                        {"list", list({"x"_v, fields({{"k", "v w"_v}, {"l", list({})}}), list({1_v, 2_v})})},
                        {"no", "yes"_v},
                        {"deep", fields({{"er", fields({{"empty", fields({})}})}})},
                        {"text", "a\nb"_v},
                        {"null", Value()}});
  CHECK(called("yaml_encode", {value})->text() == R"(a: 1
list:
  - x
  - k: "v w"
    l: []
  - - 1
    - 2
"no": "yes"
deep:
  er:
    empty: {}
text: "a\nb"
"null": null
)");
  CHECK(called("yaml_encode", {"x"_v})->text() == "x\n");
  CHECK(called("yaml_encode", {"1"_v})->text() == "\"1\"\n");
  CHECK(shown("yaml_encode", {Value::reference("x")}) == "C0216");
  CHECK(shown("yaml_encode", {fields({{"a", secret()}})}) == "C0503");
}

TEST_CASE("bytes as text") {
  CHECK(shown("base64", {"ab"_v}) == "\"YWI=\"");
  CHECK(shown("base64", {Value::blob("ab")}) == "\"YWI=\"");
  CHECK(called("base64", {secret()})->is_secret());
  CHECK(shown("unbase64", {"YWI="_v}) == "\"ab\"");
  CHECK(shown("unbase64", {"Y"_v}) == "C0216");
  CHECK(shown("unbase64", {"/w=="_v}) == "C0216");
  CHECK(shown("hex", {"ab"_v}) == "\"6162\"");
  CHECK(shown("sha256", {""_v}) == "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"");
  CHECK(shown("sha256", {secret()}) == "C0503");
  CHECK(shown("url_encode", {"a b/ü~"_v}) == "\"a%20b%2F%C3%BC~\"");
}
