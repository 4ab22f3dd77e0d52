#include "stdlib/k8s/schema_text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>

#include "stdlib/k8s/schema_data.h"

using namespace carbon;

namespace {

constexpr std::array<std::string_view, 10> scalars{"string", "byte", "time", "int32",    "int64",
                                                   "double", "bool", "json", "quantity", "int_or_string"};

bool is_known(std::string_view type) {
  SchemaTypeText text = split_schema_type(type);
  if (!text.argument.empty()) {
    bool collection = text.head == "list" || text.head == "set" || text.head == "map";
    return collection && is_known(text.argument);
  }
  return std::ranges::find(scalars, text.head) != scalars.end() || find_schema(text.head).has_value();
}

std::string_view name_at(std::string_view text, std::uint32_t offset) {
  return text.substr(offset, text.find_first_of(" \n", offset) - offset);
}

}  // namespace

TEST_CASE("the index is sorted and every field's type has its schema") {
  SchemaBlob blob = schema_blob();
  CHECK(blob.index.size() > 380);
  std::string_view before;
  for (std::uint32_t offset : blob.index) {
    std::string_view name = name_at(blob.text, offset);
    CHECK(before < name);
    before = name;
    std::optional<SchemaRecord> record = find_schema(name);
    REQUIRE_MESSAGE(record.has_value(), std::string(name));
    CHECK(record->name == name);
    for (const SchemaField& field : record->fields)
      CHECK_MESSAGE(is_known(field.type), (std::string(name) + "." + std::string(field.name)));
  }
}

TEST_CASE("a field line gives all that it says") {
  std::optional<SchemaRecord> port = find_schema("core.v1.ContainerPort");
  REQUIRE(port.has_value());
  auto field = [&](std::string_view name) {
    return *std::ranges::find(port->fields, name, &SchemaField::name);
  };
  CHECK(field("containerPort").required);
  CHECK(field("containerPort").type == "int32");
  CHECK(field("protocol").default_json == "\"TCP\"");
  CHECK(field("protocol").doc.starts_with("Protocol for port"));

  std::optional<SchemaRecord> pod = find_schema("core.v1.PodSpec");
  auto volumes = std::ranges::find(pod->fields, std::string_view("volumes"), &SchemaField::name);
  CHECK(volumes->patch_strategy == "merge,retainKeys");
  CHECK(volumes->merge_key == "name");
  CHECK(find_schema("meta.v1.LabelSelector")->atomic);
  CHECK_FALSE(find_schema("core.v1.PodSpec")->atomic);
  CHECK_FALSE(find_schema("core.v1.Pod "));
  CHECK_FALSE(find_schema(""));
}

TEST_CASE("type texts come apart") {
  SchemaTypeText list = split_schema_type("list<map<string>>(a,b)");
  CHECK(list.head == "list");
  CHECK(list.argument == "map<string>");
  CHECK(schema_list_keys(list.tail) == std::vector<std::string_view>{"a", "b"});
  CHECK(split_schema_type("map<string>*").tail == "*");
  CHECK(split_schema_type("core.v1.ObjectReference+").head == "core.v1.ObjectReference");
  CHECK(split_schema_type("core.v1.ObjectReference+").tail == "+");
  CHECK(split_schema_type("string").tail.empty());
  CHECK(schema_list_keys("").empty());
}
