#include "base/value.h"

#include <doctest/doctest.h>

#include "base/value_json.h"

using namespace carbon;

namespace {
Entry entry(std::string_view key, Value value) { return {Value::string(key), std::move(value)}; }
}  // namespace

TEST_CASE("short and long strings are the same kind of value") {
  std::string longer(40, 'x');
  CHECK(Value::string("sixteen bytes ok").text() == "sixteen bytes ok");
  CHECK(Value::string(longer).text() == longer);
  Value copy = Value::string(longer);
  Value moved = std::move(copy);
  CHECK(copy.is_null());
  CHECK(moved.text() == longer);
}

TEST_CASE("maps are sorted and the last of equal keys wins; records keep written order") {
  Value map = Value::map(
      {entry("b", Value::integer(1)), entry("a", Value::integer(2)), entry("b", Value::integer(3))});
  CHECK(to_json(map) == R"({"a":2,"b":3})");
  Value record = Value::record(
      {entry("b", Value::integer(1)), entry("a", Value::integer(2)), entry("b", Value::integer(3))});
  CHECK(to_json(record) == R"({"b":3,"a":2})");
  CHECK(map == record);
}

TEST_CASE("quantities compare by value, not by spelling") {
  CHECK(Value::quantity(*Quantity::parse("1024Mi")) == Value::quantity(*Quantity::parse("1Gi")));
  CHECK(Quantity::parse("0.5")->text() == "500m");
  CHECK(Quantity::parse("1.5Gi")->text() == "1536Mi");
  CHECK(Quantity::parse("1e3")->nanos() == Quantity::parse("1k")->nanos());
  CHECK_FALSE(Quantity::parse("1mi"));
  CHECK_FALSE(Quantity::parse(""));
  CHECK_FALSE(Quantity::parse("99999999999999999999999Ei"));
}

TEST_CASE("durations read Go's spelling and carbon's") {
  CHECK(Duration::parse("720h0m0s")->text() == "30d");
  CHECK(Duration::parse("1h30m")->go_text() == "1h30m0s");
  CHECK(Duration::parse("1.5s")->nanoseconds == 1'500'000'000);
  CHECK_FALSE(Duration::parse("5"));
}

TEST_CASE("JSON numbers never pass through double") {
  Value value = *parse_json(R"([9007199254740993, 1.10, 123456789012345678901234567890])");
  CHECK(to_json(value) == "[9007199254740993,1.10,123456789012345678901234567890]");
  CHECK(value.items()[1] == Value::floating(1.1));
}

TEST_CASE("bad JSON is an error, never a guess") {
  for (std::string_view text : {"", "{", "[1,]", "01", "1.", "{\"a\":1} x", "nul", "\"\xff\"", "-"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_json(text));
  }
  CHECK_FALSE(parse_json(std::string(1000, '[') + std::string(1000, ']')));
}

TEST_CASE("every kind survives encode and decode") {
  Value all = Value::record({
      entry("null", {}),
      entry("int", Value::integer(-5)),
      entry("float", Value::floating(0.1)),
      entry("decimal", Value::decimal("1.10")),
      entry("quantity", Value::quantity(*Quantity::parse("8Gi"))),
      entry("duration", Value::duration({5})),
      entry("blob", Value::blob(std::string("\0\xff", 2))),
      entry("set", Value::set({Value::string("b"), Value::string("a")})),
      entry("map", Value::map({entry("$float", Value::string("x"))})),
      entry("record", Value::record({entry("$map", Value::string("x"))})),
      entry("ref", Value::reference("a.b")),
      entry("secret", Value::secret({"secret.env", {Value::string("TOKEN")}})),
      entry("unknown", Value::unknown_attribute("main", "status.host")),
  });
  Result<Value> back = decode_value(encode_value(all));
  REQUIRE(back);
  CHECK(*back == all);
  CHECK(back->find("quantity")->as_quantity().family() == SuffixFamily::binary);
  CHECK(encode_value(*back) == encode_value(all));
}

TEST_CASE("a secret shows only that it is one") {
  Value secret = Value::secret({"secret.env", {Value::string("TOKEN")}});
  CHECK(to_json(secret) == "\"(secret)\"");
  CHECK(Value::list({secret}).contains_secret());
  CHECK_FALSE(Value::list({secret}).contains_unknown());
}

TEST_CASE("records of many fields hold each once, too") {
  std::vector<Entry> entries;
  for (int i = 0; i < 100; ++i) entries.push_back(entry("k" + std::to_string(i % 80), Value::integer(i)));
  Value record = Value::record(std::move(entries));
  REQUIRE(record.entries().size() == 80);
  CHECK(record.entries()[0].key.text() == "k0");
  CHECK(record.find("k0")->as_int() == 80);
  CHECK(record.find("k19")->as_int() == 99);
  CHECK(record.find("k20")->as_int() == 20);
  CHECK(record.entries()[79].key.text() == "k79");
}

TEST_CASE("a JSON document may be one scalar") {
  CHECK(parse_json(" 7 ")->as_int() == 7);
  CHECK(to_json(*parse_json("-1.50")) == "-1.50");
  CHECK(parse_json("\"x\"")->text() == "x");
  CHECK(parse_json("true")->as_bool());
  CHECK(parse_json("null")->is_null());
  for (std::string_view text : {"7 8", "7,", "7x", "true false", "\"a\" 1", "07", "--7"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_json(text));
  }
}

TEST_CASE("a text in JSON holds nothing that a terminal obeys, and no bytes that are no text") {
  CHECK(json_quote("a\"\\\n\t") == R"("a\"\\\n\u0009")");
  CHECK(json_quote("\x1b[31m\x7f") == R"("\u001b[31m\u007f")");
  CHECK(json_quote("é\xFF") == R"("é\ufffd")");
  CHECK(parse_json(json_quote("\x1b\x7f"))->text() == "\x1b\x7f");
}
