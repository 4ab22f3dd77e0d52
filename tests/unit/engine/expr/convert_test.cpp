#include <doctest/doctest.h>

#include "base/value_json.h"
#include "tests/unit/engine/expr/expr_builder.h"

using namespace carbon;

namespace {

Entry entry(std::string_view key, Value value) { return {Value::string(key), std::move(value)}; }

/// Converts and shows the result, or the error's code and message.
std::string shown(const Value& value, const Type& type) {
  Result<Value> converted = convert(value, type, {10, 20});
  if (converted) {
    // Converting twice is the same as once.
    Result<Value> again = convert(*converted, type, {10, 20});
    REQUIRE(again);
    CHECK(encode_value(*again) == encode_value(*converted));
    return to_json(*converted);
  }
  REQUIRE_FALSE(converted.error().diagnostic().labels.empty());
  return to_string(converted.error().code()) + ": " + converted.error().message();
}

struct Types : TypeTable {
  std::string shown(const Value& value, TypeKind kind) { return ::shown(value, *basic(kind)); }
  Type& record(std::vector<FieldType> fields) {
    Type& made = make(TypeKind::record);
    made.fields = std::move(fields);
    return made;
  }
};

Value units(std::string_view text) { return Value::quantity(*Quantity::parse(text)); }

std::string help(const Value& value, const Type& type) {
  Result<Value> converted = convert(value, type, {10, 20});
  REQUIRE_FALSE(converted);
  const auto& helps = converted.error().diagnostic().helps;
  return helps.empty() ? "" : helps.front().text;
}

}  // namespace

TEST_CASE("scalars keep to their kind") {
  Types t;
  CHECK(t.shown(Value::string("x"), TypeKind::string) == "\"x\"");
  CHECK(t.shown(Value::integer(5), TypeKind::string) == "C0201: expected `string`, found a plain number");
  CHECK(t.shown(Value::integer(5), TypeKind::integer) == "5");
  CHECK(t.shown(Value::floating(5), TypeKind::integer).starts_with("C0201"));
  CHECK(t.shown(Value::decimal("5e3"), TypeKind::integer) == "5000");
  CHECK(t.shown(Value::decimal("5.5"), TypeKind::integer).starts_with("C0201"));
  CHECK(t.shown(Value::integer(5), TypeKind::floating) == "5.0");
  CHECK(t.shown(Value::decimal("0.25"), TypeKind::floating) == "0.25");
  CHECK(t.shown(Value::decimal("1e999"), TypeKind::floating).starts_with("C0201"));
  CHECK(t.shown(Value::boolean(true), TypeKind::boolean) == "true");
  CHECK(help(Value::string("true"), *t.basic(TypeKind::boolean)) == "write `true` without quotes");
  CHECK(t.shown(Value::string("ab"), TypeKind::blob) == "\"YWI=\"");
  CHECK(t.shown(Value::integer(80), TypeKind::int_or_string) == "80");
  CHECK(t.shown(Value::string("80%"), TypeKind::int_or_string) == "\"80%\"");
  CHECK(t.shown(Value::boolean(true), TypeKind::int_or_string).starts_with("C0201"));
  CHECK(t.shown(Value(), TypeKind::string) == "C0205: expected `string`, found null");
}

TEST_CASE("units must be written") {
  Types t;
  CHECK(t.shown(units("20Gi"), TypeKind::bytes) == "\"20Gi\"");
  CHECK(t.shown(Value::integer(20), TypeKind::bytes) == "C0201: expected `bytes`, found a plain number");
  CHECK(help(Value::integer(20), *t.basic(TypeKind::bytes)) == "bytes need a unit: write `20Gi` or `20G`");
  CHECK(t.shown(units("1500m"), TypeKind::bytes) == "C0210: `1500m` is no whole number of bytes");
  CHECK(t.shown(units("500m"), TypeKind::cpu) == "\"500m\"");
  CHECK(help(Value::integer(2), *t.basic(TypeKind::cpu)) == "cpu needs a unit: write `2cpu`");
  CHECK(t.shown(Value::integer(2), TypeKind::quantity) == "2");
  CHECK(t.shown(Value::floating(0.5), TypeKind::quantity) == "\"500m\"");
  CHECK(help(Value::string("8Gi"), *t.basic(TypeKind::quantity)) == "write `8Gi` without quotes");
  CHECK(t.shown(Value::duration({5'000'000'000}), TypeKind::duration) == "\"5s\"");
  CHECK(help(Value::integer(5), *t.basic(TypeKind::duration)) ==
        "a duration needs a unit: write `5s` or `5min`");
  CHECK(help(Value::string("1h30m"), *t.basic(TypeKind::duration)) == "write `1h30min` without quotes");
  CHECK(t.shown(units("1Gi"), TypeKind::duration).starts_with("C0201"));
}

TEST_CASE("checked strings say what is wrong with them") {
  Types t;
  const Type& cron = *t.checked(CheckedString::cron);
  CHECK(shown(Value::string("0 2 * * *"), cron) == "\"0 2 * * *\"");
  Result<Value> bad = convert(Value::string("0 2 * *"), cron, {10, 20});
  CHECK(bad.error().message() == "`\"0 2 * *\"` is not a cron schedule");
  CHECK(to_string(bad.error().code()) == "C0209");
  CHECK(bad.error().diagnostic().labels[0].text == "4 fields, expected 5: minute hour day month weekday");
  CHECK(bad.error().diagnostic().labels[0].span == SourceSpan{10, 20});
}

TEST_CASE("facets limit values, lengths and sizes") {
  Types t;
  Type& port = t.make(TypeKind::integer);
  port.facets = {Value::integer(1), Value::integer(9), ""};
  CHECK(shown(Value::integer(9), port) == "9");
  CHECK(shown(Value::integer(0), port) == "C0207: 0 is below the minimum 1");
  CHECK(shown(Value::integer(10), port) == "C0207: 10 is above the maximum 9");
  Type& name = t.make(TypeKind::string);
  name.facets = {Value::integer(2), Value::integer(3), ""};
  CHECK(shown(Value::string("ääb"), name) == "\"ääb\"");
  CHECK(shown(Value::string("ä"), name) == "C0207: 1 characters is below the minimum 2");
  Type& size = t.make(TypeKind::bytes);
  size.facets.min = units("1Gi");
  CHECK(shown(units("512Mi"), size) == "C0207: 512Mi is below the minimum 1Gi");
  Type& count = t.make(TypeKind::quantity);
  count.facets.max = Value::integer(2);
  CHECK(shown(Value::integer(3), count).starts_with("C0207"));
  Type& list = t.make(TypeKind::list);
  list.element = t.basic(TypeKind::integer);
  list.facets.min = Value::integer(1);
  CHECK(shown(Value::list({}), list) == "C0207: 0 items is below the minimum 1");
}

TEST_CASE("patterns are matched by what is given for it") {
  Types t;
  Type& type = t.make(TypeKind::string);
  type.facets.pattern = "a+";
  Patterns patterns{
      [](std::string_view pattern, std::string_view text) { return pattern == "a+" && text == "aa"; },
      [](std::string_view) { return std::string("unclosed `(`"); }};
  CHECK(convert(Value::string("aa"), type, {10, 20}, patterns));
  CHECK(to_string(convert(Value::string("b"), type, {10, 20}, patterns).error().code()) == "C0207");
  CHECK(convert(Value::string("b"), type, {10, 20}));
  Result<Value> regex = convert(Value::string("("), *t.checked(CheckedString::regex), {10, 20}, patterns);
  CHECK(regex.error().diagnostic().labels[0].text == "unclosed `(`");
}

TEST_CASE("enums suggest the nearest name") {
  Types t;
  Type& mode = t.make(TypeKind::union_);
  mode.alternatives = {t.literal("read"), t.literal("write")};
  CHECK(shown(Value::string("read"), mode) == "\"read\"");
  CHECK(shown(Value::string("raed"), mode) == "C0201: expected `\"read\" | \"write\"`, found `\"raed\"`");
  CHECK(help(Value::string("raed"), mode) == "did you mean `\"read\"`?");
  CHECK(shown(Value::integer(1), mode).starts_with("C0201"));
  CHECK(shown(Value::string("x"), *t.literal("y")).starts_with("C0201"));
}

TEST_CASE("lists become sets, records become maps, and never the other way") {
  Types t;
  Value list = Value::list({Value::integer(2), Value::integer(1), Value::integer(2)});
  TypePtr number = t.basic(TypeKind::integer);
  CHECK(shown(list, *t.set(number)) == "[1,2]");
  CHECK(shown(list, *t.list(number)) == "[2,1,2]");
  CHECK(shown(list, *t.list(t.basic(TypeKind::floating))) == "[2.0,1.0,2.0]");
  Value record = Value::record({entry("b", Value::integer(1)), entry("a", Value::integer(2))});
  CHECK(shown(record, *t.map(number)) == R"({"a":2,"b":1})");
  CHECK(convert(record, *t.map(number), {})->kind() == ValueKind::map);
  CHECK(shown(list, *t.map(number)).starts_with("C0201"));
  CHECK(shown(record, *t.set(number)).starts_with("C0201"));
  CHECK(help(Value::string("x"), *t.list(number)) == "put it in brackets: `[…]`");
}

TEST_CASE("an item that does not fit is named by its path") {
  Types t;
  Type& record = t.record({{"ports", t.list(t.basic(TypeKind::integer)), FieldFlag::none, ""}});
  Value bad =
      Value::record({entry("ports", Value::list({Value::integer(1), Value::string("x").with_origin(15)}))});
  Result<Value> converted = convert(bad, record, {10, 20});
  const Diagnostic& diagnostic = converted.error().diagnostic();
  CHECK(diagnostic.notes.at(0) == "in `ports[1]`");
  CHECK(diagnostic.labels[0].span.begin == 15);
  // Written elsewhere: the use is the place, the source is named too.
  bad = Value::record({entry("ports", Value::list({Value::string("x").with_origin(500)}))});
  converted = convert(bad, record, {10, 20});
  CHECK(converted.error().diagnostic().labels[0].span == SourceSpan{10, 20});
  CHECK(converted.error().diagnostic().labels.at(1).span.begin == 500);
}

TEST_CASE("closed records know their fields") {
  Types t;
  TypePtr text = t.basic(TypeKind::string);
  Type& type = t.record({{"host", text, FieldFlag::required, ""},
                         {"port", t.basic(TypeKind::integer), FieldFlag::none, ""},
                         {"version", text, FieldFlag::computed, ""}});
  type.name = "Server";
  Value good = Value::record({entry("port", Value::integer(1)), entry("host", Value::string("a"))});
  CHECK(shown(good, type) == R"({"port":1,"host":"a"})");
  CHECK(shown(Value::record({}), type) == "C0204: the field `host` is required");
  Value misspelt = Value::record({entry("hots", Value::string("a"))});
  CHECK(shown(misspelt, type) == "C0301: `Server` has no field `hots`");
  CHECK(help(misspelt, type) == "did you mean `host`?");
  Value computed = Value::record({entry("host", Value::string("a")), entry("version", Value::string("1"))});
  CHECK(shown(computed, type) == "C0215: `version` is set by the server and cannot be written");
  // A written null means that the field must be absent.
  Value null = Value::record({entry("host", Value::string("a")), entry("port", Value())});
  CHECK(shown(null, type) == R"({"host":"a","port":null})");
  CHECK(shown(Value::record({entry("host", Value())}), type).starts_with("C0205"));
  CHECK(shown(Value::list({}), type) == "C0201: expected `Server`, found a list");
  type.open = t.basic(TypeKind::integer);
  CHECK(shown(Value::record({entry("host", Value::string("a")), entry("x", Value::integer(1))}), type) ==
        R"({"host":"a","x":1})");
  CHECK(shown(Value::record({entry("host", Value::string("a")), entry("x", Value::string("1"))}), type)
            .starts_with("C0201"));
}

TEST_CASE("unions of records are chosen by their tag") {
  Types t;
  TypePtr text = t.basic(TypeKind::string);
  Type& file = t.record(
      {{"kind", t.literal("file"), FieldFlag::required, ""}, {"path", text, FieldFlag::required, ""}});
  Type& env = t.record(
      {{"kind", t.literal("env"), FieldFlag::required, ""}, {"name", text, FieldFlag::required, ""}});
  Type& either = t.make(TypeKind::union_);
  either.alternatives = {&file, &env};
  CHECK(shown(Value::record({entry("kind", Value::string("env")), entry("name", Value::string("X"))}),
              either) == R"({"kind":"env","name":"X"})");
  CHECK(shown(Value::record({entry("kind", Value::string("env")), entry("path", Value::string("X"))}), either)
            .starts_with("C0301"));
  CHECK(shown(Value::record({entry("path", Value::string("X"))}), either).starts_with("C0204"));
  CHECK(shown(Value::record({entry("kind", Value::string("envv"))}), either).starts_with("C0201"));
  CHECK(
      shown(Value::record({entry("kind", Value::unknown_attribute("a", "b"))}), either).starts_with("C0401"));
  CHECK(shown(Value::integer(1), either).starts_with("C0201"));
  Type& scalars = t.make(TypeKind::union_);
  scalars.alternatives = {t.basic(TypeKind::integer), t.basic(TypeKind::boolean)};
  CHECK(shown(Value::boolean(true), scalars) == "true");
  CHECK(shown(Value::string("x"), scalars) == "C0201: expected `int | bool`, found a string");
}

TEST_CASE("keyed lists hold each key once") {
  Types t;
  Type& list = t.make(TypeKind::list);
  list.element = t.basic(TypeKind::json);
  list.keys = {"port", "protocol"};
  auto port = [](std::int64_t number, std::string_view protocol) {
    return Value::record({entry("port", Value::integer(number)), entry("protocol", Value::string(protocol))});
  };
  CHECK(shown(Value::list({port(80, "TCP"), port(80, "UDP")}), list).starts_with("["));
  CHECK(shown(Value::list({port(80, "TCP"), port(80, "TCP")}), list) ==
        "C0213: two items have the key `80, TCP`");
}

TEST_CASE("optional takes null; json takes what JSON can say") {
  Types t;
  CHECK(shown(Value(), *t.optional(t.basic(TypeKind::integer))) == "null");
  CHECK(shown(Value::integer(1), *t.optional(t.basic(TypeKind::floating))) == "1.0");
  Value tree = Value::record({entry("a", Value::list({Value(), units("8Gi"), Value::floating(0.5)}))});
  CHECK(t.shown(tree, TypeKind::json) == R"({"a":[null,"8Gi",0.5]})");
  CHECK(t.shown(Value::list({Value::reference("x")}), TypeKind::json).starts_with("C0201"));
  CHECK(t.shown(Value::blob("x"), TypeKind::json).starts_with("C0201"));
  CHECK(t.shown(Value(), TypeKind::json) == "null");
}

TEST_CASE("references are passed as they are") {
  Types t;
  CHECK(shown(Value::reference("folder"), *t.reference("grafana.Folder")) == "\"folder\"");
  CHECK(shown(Value::string("folder"), *t.reference("grafana.Folder")) ==
        "C0201: expected `grafana.Folder`, found a string");
  CHECK(t.shown(Value::reference("folder"), TypeKind::string).starts_with("C0201"));
}

TEST_CASE("secrets go into secret types and secret-bearing fields only") {
  Types t;
  Value secret = Value::secret({"secret.env", {Value::string("TOKEN")}});
  TypePtr text = t.basic(TypeKind::string);
  CHECK(shown(secret, *t.secret(text)) == "\"(secret)\"");
  CHECK(shown(Value::string("plain"), *t.secret(text)) == "\"plain\"");
  CHECK(shown(Value::integer(1), *t.secret(text)).starts_with("C0201"));
  CHECK(shown(secret, *text) == "C0501: a secret would reach a plain field");
  CHECK(t.shown(Value::list({secret}), TypeKind::json).starts_with("C0501"));
  Type& record =
      t.record({{"data", t.map(text), FieldFlag::sensitive, ""}, {"plain", text, FieldFlag::none, ""}});
  CHECK(shown(Value::record({entry("data", Value::map({entry("k", secret)}))}), record) ==
        R"json({"data":{"k":"(secret)"}})json");
  CHECK(shown(Value::record({entry("plain", secret)}), record).starts_with("C0501"));
}

TEST_CASE("unknowns pass, and what a type still has to check is checked when they close") {
  ExprBuilder p;
  Value unknown = Value::unknown_attribute("a", "b");
  TypeTable& t = p.types;
  CHECK(*convert(unknown, *t.basic(TypeKind::string), {}) == unknown);
  CHECK(*convert(unknown, *t.list(t.basic(TypeKind::floating)), {}) == unknown);
  auto closed = [&](const Type& type, Value now) {
    Result<Value> open = convert(unknown, type, {});
    REQUIRE(open->is_unknown());
    REQUIRE(*convert(*open, type, {}) == *open);
    REQUIRE(open_attributes(*open).size() == 1);
    p.world = {{"a.b", std::move(now)}};
    Result<Value> value = p.close(*open);
    return value ? to_json(*value) : to_string(value.error().code());
  };
  CHECK(closed(*t.basic(TypeKind::floating), Value::integer(1)) == "1.0");
  CHECK(closed(*t.optional(t.basic(TypeKind::floating)), Value()) == "null");
  CHECK(closed(*t.basic(TypeKind::quantity), Value::integer(1)) == "1");
  CHECK(closed(*t.checked(CheckedString::dns_label), Value::string("A")) == "C0209");
  Type& mode = t.make(TypeKind::union_);
  mode.alternatives = {t.literal("r"), t.literal("w")};
  CHECK(closed(mode, Value::string("w")) == "\"w\"");
  CHECK(closed(mode, Value::string("x")) == "C0201");
  Type& small = t.make(TypeKind::integer);
  small.facets.max = Value::integer(5);
  CHECK(closed(small, Value::integer(6)) == "C0207");
}
