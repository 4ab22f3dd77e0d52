#include "engine/model/value_edit.h"

#include <doctest/doctest.h>

#include "base/value_json.h"

using namespace carbon;

namespace {

Value json(std::string_view text) { return *parse_json(text); }

/// { data: map<string>, items: list of records keyed by `name`, words: list<string> }
struct EditedSchema {
  TypeTable types;
  TypePtr root;

  static FieldType field(std::string name, TypePtr type) {
    return {std::move(name), type, FieldFlag::none, ""};
  }

  EditedSchema() {
    TypePtr text = types.basic(TypeKind::string);
    Type& item = types.make(TypeKind::record);
    item.fields = {field("name", text), field("image", text)};
    Type& items = types.make(TypeKind::list);
    items.element = &item;
    items.keys = {"name"};
    Type& record = types.make(TypeKind::record);
    record.fields = {field("data", types.map(text)), field("items", &items),
                     field("words", types.list(text))};
    root = &record;
  }
};

std::string with(std::string_view root, std::string_view path, std::string_view wanted) {
  EditedSchema schema;
  Value value = json(wanted);
  return to_json(with_value_at(json(root), *schema.root, *FieldPath::parse(path), &value));
}

std::string without(std::string_view root, std::string_view path) {
  EditedSchema schema;
  return to_json(with_value_at(json(root), *schema.root, *FieldPath::parse(path), nullptr));
}

}  // namespace

TEST_CASE("the value at a path is replaced, and nothing beside it") {
  CHECK(with(R"({"data":{"a":"1","b":"2"}})", "data.a", R"("3")") == R"({"data":{"a":"3","b":"2"}})");
  CHECK(with(R"({"data":{"a.b":"1"}})", R"(data["a.b"])", R"("3")") == R"({"data":{"a.b":"3"}})");
  CHECK(with(R"({"items":[{"name":"x","image":"1"},{"name":"y","image":"1"}]})", R"(items["y"].image)",
             R"("2")") == R"({"items":[{"image":"1","name":"x"},{"image":"2","name":"y"}]})");
  CHECK(with(R"({"words":["a","b"]})", "words[1]", R"("c")") == R"({"words":["a","c"]})");
}

TEST_CASE("what is missing on the way is made") {
  CHECK(with("{}", "data.a", R"("1")") == R"({"data":{"a":"1"}})");
  CHECK(with("{}", R"(items["x"].image)", R"("1")") == R"({"items":[{"name":"x","image":"1"}]})");
  CHECK(with(R"({"items":[{"name":"x"}]})", R"(items["y"])", R"({"name":"y"})") ==
        R"({"items":[{"name":"x"},{"name":"y"}]})");
  CHECK(with(R"({"words":["a"]})", "words[1]", R"("b")") == R"({"words":["a","b"]})");
}

TEST_CASE("what is taken away leaves the rest, and makes nothing") {
  CHECK(without(R"({"data":{"a":"1","b":"2"}})", "data.a") == R"({"data":{"b":"2"}})");
  CHECK(without(R"({"items":[{"name":"x"},{"name":"y"}]})", R"(items["x"])") ==
        R"({"items":[{"name":"y"}]})");
  CHECK(without(R"({"words":["a","b"]})", "words[0]") == R"({"words":["b"]})");
  for (std::string_view path : {"data.a", R"(items["x"].image)", R"(items["x"])", "words[3]", "other.field"})
    CHECK(without("{}", path) == "{}");
}
