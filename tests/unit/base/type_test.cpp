#include "base/type.h"

#include <doctest/doctest.h>

using namespace carbon;

TEST_CASE("types are written as users write them") {
  TypeTable types;
  TypePtr text = types.basic(TypeKind::string);
  CHECK(to_string(*types.list(types.optional(text))) == "list<string?>");
  CHECK(to_string(*types.map(types.set(types.basic(TypeKind::integer)))) == "map<set<int>>");
  CHECK(to_string(*types.secret(text)) == "secret<string>");
  CHECK(to_string(*types.checked(CheckedString::dns_label)) == "dns_label");
  CHECK(to_string(*types.reference("grafana.Folder")) == "grafana.Folder");
  CHECK(to_string(*types.basic(TypeKind::int_or_string)) == "int_or_string");
}

TEST_CASE("facets, unions and records") {
  TypeTable types;
  Type& port = types.make(TypeKind::integer);
  port.facets = {Value::integer(1), Value::integer(9), ""};
  CHECK(to_string(port) == "int(min=1, max=9)");
  Type& name = types.make(TypeKind::string);
  name.facets.pattern = "[a-z]+";
  CHECK(to_string(name) == "string(pattern='[a-z]+')");
  Type& size = types.make(TypeKind::bytes);
  size.facets.min = Value::quantity(*Quantity::parse("1Gi"));
  CHECK(to_string(size) == "bytes(min=1Gi)");
  Type& mode = types.make(TypeKind::union_);
  mode.alternatives = {types.literal("ro"), types.literal("rw")};
  CHECK(to_string(mode) == R"("ro" | "rw")");
  Type& record = types.make(TypeKind::record);
  CHECK(to_string(record) == "{}");
  record.fields = {{"host", types.basic(TypeKind::string), FieldFlag::none, ""}};
  record.open = types.basic(TypeKind::json);
  CHECK(to_string(record) == "{ host : string, * : json }");
  record.name = "Server";
  CHECK(to_string(record) == "Server");
  CHECK(record.field("host") == &record.fields[0]);
  CHECK(record.field("port") == nullptr);
}

TEST_CASE("every built-in type is found by its name") {
  TypeTable types;
  for (std::string_view name :
       {"string", "int", "float", "bool", "json", "blob", "bytes", "cpu", "quantity", "duration", "cron",
        "cidr", "ip", "url", "dns_name", "dns_label", "semver", "regex"}) {
    CAPTURE(name);
    TypePtr found = find_basic(types, name);
    REQUIRE(found != nullptr);
    CHECK(to_string(*found) == name);
  }
  CHECK(find_basic(types, "any") == nullptr);
  CHECK(find_basic(types, "") == nullptr);
}

TEST_CASE("flags are a set") {
  FieldFlag flags = FieldFlag::identity | FieldFlag::immutable;
  CHECK(has(flags, FieldFlag::identity));
  CHECK_FALSE(has(flags, FieldFlag::computed));
}
