#include <doctest/doctest.h>

#include "tests/unit/stdlib/native/calling.h"

using namespace carbon;

TEST_CASE("count, keys and values") {
  CHECK(shown("count", {list({1_v, 2_v})}) == "2");
  CHECK(shown("count", {fields({{"a", 1_v}})}) == "1");
  CHECK(shown("count", {"ab"_v}) == "C0216");
  CHECK(shown("keys", {fields({{"b", 1_v}, {"a", 2_v}})}) == R"(["b","a"])");
  CHECK(shown("values", {fields({{"b", 1_v}, {"a", 2_v}})}) == "[1,2]");
}

TEST_CASE("get gives null for what is not there") {
  CHECK(shown("get", {fields({{"a", 1_v}}), "a"_v}) == "1");
  CHECK(shown("get", {fields({{"a", 1_v}}), "b"_v}) == "null");
  CHECK(shown("get", {list({"x"_v}), 0_v}) == "\"x\"");
  CHECK(shown("get", {list({"x"_v}), 1_v}) == "null");
  CHECK(shown("get", {list({"x"_v}), Value::integer(-1)}) == "null");
  CHECK(shown("get", {Value(), "a"_v}) == "null");
  CHECK(shown("get", {list({}), "a"_v}) == "C0216");
  CHECK(shown("get", {fields({}), list({})}) == "C0216");
  CHECK(shown("get", {1_v, 1_v}) == "C0216");
}

TEST_CASE("range is half open and bounded") {
  CHECK(shown("range", {3_v}) == "[0,1,2]");
  CHECK(shown("range", {2_v, 4_v}) == "[2,3]");
  CHECK(shown("range", {4_v, 2_v}) == "[]");
  CHECK(shown("range", {1000001_v}) == "C0420");
  CHECK(shown("range", {Value::integer(INT64_MIN), Value::integer(INT64_MAX)}) == "C0420");
  CHECK(shown("range", {}) == "C0216");
}

TEST_CASE("flatten, zip and merge") {
  CHECK(shown("flatten", {list({list({1_v}), list({}), list({list({2_v})})})}) == "[1,[2]]");
  CHECK(shown("flatten", {list({1_v})}) == "C0216");
  CHECK(shown("zip", {list({1_v, 2_v}), list({"a"_v, "b"_v})}) == R"([[1,"a"],[2,"b"]])");
  CHECK(shown("zip", {list({1_v}), list({})}) == "C0216");
  CHECK(shown("merge", {fields({{"a", 1_v}, {"c", 1_v}}), fields({{"a", 2_v}}), fields({{"b", 3_v}})}) ==
        R"({"a":2,"c":1,"b":3})");
  CHECK(shown("merge", {fields({{"b", 1_v}}), Value::map({{"a"_v, 2_v}})}) == R"({"a":2,"b":1})");
}

TEST_CASE("first, last and index_by") {
  CHECK(shown("first", {list({1_v, 2_v})}) == "1");
  CHECK(shown("last", {list({1_v, 2_v})}) == "2");
  CHECK(shown("first", {list({})}) == "null");
  CHECK(shown("last", {list({})}) == "null");
  Value a = fields({{"name", "a"_v}, {"x", 1_v}});
  Value b = fields({{"name", "b"_v}});
  CHECK(shown("index_by", {list({b, a}), "name"_v}) == R"({"a":{"name":"a","x":1},"b":{"name":"b"}})");
  CHECK(shown("index_by", {list({a, a}), "name"_v}) == "C0404");
  CHECK(shown("index_by", {list({a, b}), "x"_v}) == "C0216");
  CHECK(shown("index_by", {list({fields({{"name", secret()}})}), "name"_v}) == "C0503");
}

TEST_CASE("sort and unique") {
  CHECK(shown("sort", {list({3_v, 1_v, 2_v})}) == "[1,2,3]");
  CHECK(shown("sort", {list({"b"_v, "B"_v})}) == R"(["B","b"])");
  CHECK(shown("sort", {list({1_v, "a"_v})}) == "C0216");
  CHECK(shown("sort", {list({list({})})}) == "C0216");
  CHECK(shown("unique", {list({2_v, 1_v, 2_v, "a"_v, 1_v})}) == R"([2,1,"a"])");
}

TEST_CASE("sum, min and max") {
  CHECK(shown("sum", {list({1_v, 2_v})}) == "3");
  CHECK(shown("sum", {list({})}) == "0");
  CHECK(shown("sum", {list({Value::integer(INT64_MAX), 1_v})}) == "C0210");
  CHECK(shown("sum", {list({"a"_v})}) == "C0216");
  CHECK(shown("sum", {list({1_v, 0.5_v})}) == "C0208");
  CHECK(shown("sum", {list({Value::duration({5}), Value::duration({6})})}) == "\"11ns\"");
  CHECK(shown("min", {list({3_v, 1_v})}) == "1");
  CHECK(shown("max", {3_v, 1_v, 2_v}) == "3");
  CHECK(shown("max", {"a"_v, "b"_v}) == "\"b\"");
  CHECK(shown("min", {list({})}) == "C0216");
  CHECK(shown("min", {1_v, "a"_v}) == "C0216");
}

TEST_CASE("any and all") {
  Value yes = Value::boolean(true);
  Value no = Value::boolean(false);
  CHECK(shown("any", {list({no, yes})}) == "true");
  CHECK(shown("any", {list({})}) == "false");
  CHECK(shown("all", {list({yes, no})}) == "false");
  CHECK(shown("all", {list({})}) == "true");
  CHECK(shown("all", {list({1_v})}) == "C0201");
}

TEST_CASE("unknown and secret leaves do not hide the shape") {
  Value map = fields({{"a", unknown()}, {"b", secret()}});
  CHECK(shown("count", {map}) == "2");
  CHECK(shown("keys", {map}) == R"(["a","b"])");
  CHECK(shown("get", {map, "c"_v}) == "null");
  CHECK(called("get", {map, "b"_v})->is_secret());
  CHECK(called("first", {list({unknown(), 1_v})})->is_unknown());
  CHECK(called("merge", {map, fields({{"a", 1_v}})})->find("a")->as_int() == 1);
  // A whole unknown hides everything, and so does a set that might shrink.
  CHECK(called("count", {unknown()})->term().function == "count");
  CHECK(called("count", {Value::set({unknown(), 1_v})})->is_unknown());
  CHECK(called("flatten", {list({unknown()})})->is_unknown());
  CHECK(called("index_by", {list({fields({{"n", unknown()}})}), "n"_v})->is_unknown());
  CHECK(called("sort", {list({unknown(), 1_v})})->is_unknown());
  CHECK(shown("count", {secret()}) == "C0503");
  CHECK(shown("sort", {list({secret()})}) == "C0503");
}
