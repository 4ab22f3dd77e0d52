#include "dsl/schema/schema.h"

#include <doctest/doctest.h>

#include "base/value_json.h"

using namespace carbon;

namespace {

/// Enough for the tests: no look-around.
Patterns some_patterns() {
  Patterns made;
  made.problem = [](std::string_view pattern) {
    return std::string(pattern.find("(?=") == std::string_view::npos ? "" : "look-ahead");
  };
  return made;
}

struct ReadSchema {
  ResourceTypes types;
  ImportedData data;
  Import import;
  Patterns patterns = some_patterns();
  Result<std::vector<SchemaType>> made;

  explicit ReadSchema(std::vector<std::string> documents, const std::string& other = "null")
      : made(fail(DiagnosticCode::bad_import_data, "")) {
    import.path = "a/one.json";
    import.name = "x";
    std::vector<Value> values;
    for (const std::string& each : documents) values.push_back(parsed(each));
    data[{"a/one.json", DataType::schema}] = Value::list(values);
    data[{"a/two.json", DataType::schema}] = Value::list({parsed(other)});
    made = read_schema({import, data, types, patterns});
  }

  static Value parsed(const std::string& text) {
    Result<Value> value = parse_json(text);
    REQUIRE_MESSAGE(value, text);
    return *value;
  }

  std::string text() const { return made ? to_string(*made->back().type) : made.error().message(); }
};

/// A schema alone, as the type `x.Root`.
std::string type_of(const std::string& schema) { return ReadSchema({schema}).text(); }

std::vector<std::string> gaps_of(const std::string& schema) {
  std::vector<std::string> out;
  ReadSchema read({schema});
  REQUIRE_MESSAGE(read.made, schema);
  for (const SchemaGap& gap : read.made->back().gaps) out.push_back(gap.where + ": " + gap.what);
  return out;
}

std::string definition(const std::string& schema, const std::string& version = "") {
  return R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","spec":{"group":"g.io",)"
         R"("scope":"Namespaced","names":{"kind":"Thing","plural":"things"},"versions":[{"name":"v1","served":true,)"
         R"("storage":true)" +
         version + R"(,"schema":{"openAPIV3Schema":)" + schema + "}}]}}";
}

const FieldType& field_of(const ReadSchema& read, std::string_view name) {
  REQUIRE_MESSAGE(read.made, read.made.error().message());
  const FieldType* field = read.made->front().resource->schema->field(name);
  REQUIRE(field != nullptr);
  return *field;
}

}  // namespace

TEST_CASE("scalars keep their limits") {
  CHECK(type_of(R"({"type":"string"})") == "string");
  CHECK(type_of(R"({"type":"string","minLength":1,"maxLength":9})") == "string(min=1, max=9)");
  CHECK(type_of(R"({"type":"string","pattern":"^a[|]b$"})") == "string(pattern='^a[|]b$')");
  CHECK(type_of(R"({"type":"string","pattern":"^a|b$"})") == "string(pattern='(?s:.*)(?:^a|b$)(?s:.*)')");
  CHECK(type_of(R"({"type":"string","pattern":"a"})") == "string(pattern='(?s:.*)(?:a)(?s:.*)')");
  CHECK(type_of(R"({"type":"integer","minimum":0.5,"maximum":9.5})") == "int(min=1, max=9)");
  CHECK(type_of(R"({"type":"integer","exclusiveMinimum":0,"exclusiveMaximum":9})") == "int(min=1, max=8)");
  CHECK(type_of(R"({"type":"integer","minimum":0,"exclusiveMinimum":true})") == "int(min=1)");
  CHECK(type_of(R"({"type":"integer","minimum":9223372036854775807,"exclusiveMinimum":true})") ==
        "int(min=9223372036854775807)");
  CHECK(type_of(R"({"type":"integer","maximum":1e300})") == "int");
  CHECK(type_of(R"({"type":"number","minimum":0.5})") == "float(min=0.5)");
  CHECK(type_of(R"({"type":"boolean"})") == "bool");
  CHECK(type_of(R"({"enum":["a","b","a"]})") == "\"a\" | \"b\"");
  CHECK(type_of(R"({"const":"a"})") == "\"a\"");
  CHECK(type_of(R"({"type":["string","null"]})") == "string?");
  CHECK(type_of(R"({"enum":["a","b",null]})") == "\"a\" | \"b\"?");
  CHECK(type_of(R"({"type":["integer","string"]})") == "int_or_string");
}

TEST_CASE("collections and records") {
  CHECK(type_of(R"({"type":"array","items":{"type":"integer"},"minItems":1})") == "list<int>(min=1)");
  CHECK(type_of(R"({"type":"array"})") == "list<json>");
  CHECK(type_of(R"({"type":"object","additionalProperties":{"type":"string"}})") == "map<string>");
  CHECK(type_of(R"({"type":"object"})") == "map<json>");
  // The file's own record is called so.
  CHECK(
      type_of(
          R"({"type":"array","items":{"properties":{"a":{"type":"string"}},"additionalProperties":false}})") ==
      "list<{ a : string? }>");
  CHECK(type_of(R"({"properties":{"a":{}}})") == "x.Root");
  ReadSchema record({R"({"properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["b","c"]})"});
  const Type& type = *record.made->front().type;
  CHECK(to_string(*type.field("a")->type) == "string?");
  CHECK(has(type.field("b")->flags, FieldFlag::required));
  CHECK(to_string(*type.field("c")->type) == "json");
  CHECK(type.open != nullptr);
}

TEST_CASE("alternatives that a type can hold") {
  CHECK(type_of(R"({"oneOf":[{"type":"integer"},{"type":"string"}]})") == "int_or_string");
  CHECK(type_of(R"({"anyOf":[{"type":"string"},{"type":"null"}]})") == "string?");
  CHECK(type_of(R"({"oneOf":[{"const":"a"},{"enum":["b","c"]}]})") == "\"a\" | \"b\" | \"c\"");
  ReadSchema tagged({R"({"oneOf":[{"required":["k"],"properties":{"k":{"const":"a"}}},
                            {"required":["k"],"properties":{"k":{"const":"b"},"more":{"type":"string"}}}]})"});
  CHECK(tagged.made->front().type->alternatives.size() == 2);
}

TEST_CASE("what a type cannot say is said, and never dropped") {
  CHECK(gaps_of(R"({"type":"string"})").empty());
  CHECK(gaps_of(R"({"type":"string","title":"t","x-more":1,"description":"d","default":"a"})").empty());
  CHECK(gaps_of(R"({"type":"string","not":{"const":"a"}})") ==
        std::vector<std::string>{"Root: `not` is not checked"});
  CHECK(gaps_of(R"j({"type":"string","pattern":"(?=a)"})j").size() == 1);
  CHECK(gaps_of(R"({"type":"integer","enum":[1,2]})").size() == 1);
  CHECK(gaps_of(R"({"type":"number","exclusiveMinimum":0.5})").size() == 1);
  CHECK(gaps_of(R"({"minimum":1})").size() == 1);
  CHECK(gaps_of(R"({"type":"array","items":[{"type":"string"}]})").size() == 1);
  CHECK(gaps_of(R"({"properties":{"a":{}},"oneOf":[{"required":["a"]},{"required":["b"]}]})").size() == 1);
  CHECK(type_of(R"({"oneOf":[{"type":"boolean"},{"type":"string"}]})") == "json");
  CHECK(gaps_of(R"({"oneOf":[{"type":"boolean"},{"type":"string"}]})").size() == 1);
  // Once for every type that uses it, however often the part is used.
  ReadSchema shared(
      {R"({"$defs":{"A":{"properties":{"b":{"$ref":"#/$defs/B"}}},"B":{"type":"string","not":{}}}})"});
  CHECK(shared.made->at(0).gaps.size() == 1);
  CHECK(shared.made->at(1).gaps.size() == 1);
}

TEST_CASE("references") {
  CHECK(ReadSchema({R"({"$ref":"two.json#/a~1b/0"})"}, R"({"a/b":[{"type":"string"}]})").text() == "string");
  CHECK(
      ReadSchema({R"({"$ref":"./two.json#/x"})"}, R"({"x":{"$ref":"#/y"},"y":{"type":"boolean"}})").text() ==
      "bool");
  CHECK(ReadSchema({R"({"$ref":"../a/two.json"})"}, R"({"type":"integer"})").text() == "int");
  // A part of another file keeps its own references when it is put together with this one's.
  ReadSchema merged({R"({"allOf":[{"$ref":"two.json"},{"properties":{"b":{"type":"string"}}}]})"},
                    R"({"properties":{"a":{"$ref":"#/d"}},"d":{"type":"integer"}})");
  REQUIRE(merged.made);
  CHECK(to_string(*merged.made->back().type->field("a")->type) == "int?");
  CHECK(to_string(*merged.made->back().type->field("b")->type) == "string?");
  // Itself again, from where it begins anew.
  ReadSchema tree({R"({"properties":{"left":{"$ref":"#"},"name":{"type":"string"}}})"});
  REQUIRE(tree.made);
  CHECK(to_string(*tree.made->back().type->field("left")->type) == "json?");
  CHECK(tree.made->back().gaps.size() == 1);
  Value named =
      ReadSchema::parsed(R"([{"a":{"$ref":"two.json#/x"},"b":{"$ref":"../../out"},"d":{"$ref":"#/x"},
    "c":{"$ref":"https://e/x.json"},"enum":[{"$ref":"data.json"}],"e":{"$ref":"/etc/passwd"}}])");
  CHECK(schema_references("a/one.json", named) == std::vector<std::string>{"a/two.json"});
}

TEST_CASE("a property may be called as a keyword is") {
  ReadSchema read(
      {R"({"properties":{"default":{"$ref":"#/d"},"enum":{"$ref":"#/d"},"properties":{"$ref":"#/d"},
                               "$ref":{"$ref":"#/d"},"x":{"default":{"$ref":"nowhere"},"type":"integer"}},
                 "d":{"type":"string"}})"});
  REQUIRE_MESSAGE(read.made, read.made.error().message());
  const Type& type = *read.made->front().type;
  for (const char* name : {"default", "enum", "properties", "$ref"})
    CHECK(to_string(*type.field(name)->type) == "string?");
}

TEST_CASE("one schema that cannot be read leaves the others") {
  ReadSchema read({R"({"$defs":{"A":{"type":"string"},"B":{"type":"strin"},"C":{"$ref":"#/$defs/B"}}})"});
  REQUIRE(read.made);
  CHECK_FALSE(read.made->at(0).error);
  CHECK(read.made->at(1).error);
  CHECK(read.made->at(2).error);
}

TEST_CASE("references that lead nowhere, round or out are refused") {
  for (const char* reference :
       {"#/none", "two.json#/none", "three.json", "#anchor", "../../out.json", "/etc/passwd",
        "file:///etc/passwd", "https://example.com/a.json", "..\\\\two.json"}) {
    CAPTURE(reference);
    ReadSchema read({std::string(R"({"properties":{"a":{"$ref":")") + reference + "\"}}}"});
    CHECK_FALSE(read.made);
  }
  CHECK_FALSE(ReadSchema({R"({"$defs":{"A":{"$ref":"#/$defs/B"},"B":{"$ref":"#/$defs/A"}}})"}).made);
  CHECK_FALSE(ReadSchema({R"({"$defs":{"A":{"allOf":[{"$ref":"#/$defs/A"},{"minLength":1}]}}})"}).made);
  CHECK_FALSE(ReadSchema({R"({"$ref":"two.json"})"}, R"({"$ref":"one.json"})").made);
}

TEST_CASE("a schema that nests without end, or doubles at every level, ends in an error") {
  std::string deep = R"({"type":"string"})";
  for (int i = 0; i < 100; ++i) deep = R"({"type":"array","items":)" + deep + "}";
  CHECK_FALSE(ReadSchema({deep}).made);
  std::string definitions = R"("A0":{"properties":{"a":{"type":"string"}}})";
  for (int i = 1; i < 40; ++i) {
    std::string before = "#/$defs/A" + std::to_string(i - 1);
    definitions += ",\"A" + std::to_string(i) + R"(":{"allOf":[{"$ref":")" + before + R"("},{"$ref":")" +
                   before + "\"}]}";
  }
  ReadSchema doubling({R"({"$defs":{)" + definitions + "}}"});
  REQUIRE(doubling.made);
  CHECK_FALSE(doubling.made->front().error);
  CHECK(doubling.made->back().error);
}

TEST_CASE("a definition is a kind") {
  ReadSchema read({definition(
      R"({"type":"object","required":["spec"],"properties":{"apiVersion":{"type":"string"},"status":{"type":"object"},
          "spec":{"type":"object","required":["a","d"],"properties":{
            "a":{"type":"string","x-kubernetes-validations":[{"rule":"self == oldSelf"}]},
            "d":{"type":"string","default":"x","oneOf":[{"minLength":3}]}}}}})",
      R"(,"subresources":{"status":{}})")});
  REQUIRE_MESSAGE(read.made, read.made.error().message());
  const SchemaType& type = read.made->front();
  CHECK(type.gaps.empty());
  CHECK(type.resource->name == "x.Thing");
  CHECK(type.resource->kubernetes.api_version() == "g.io/v1");
  CHECK(read.types.find("x.Thing") == type.resource);
  CHECK(type.resource->schema->field("apiVersion") == nullptr);
  CHECK(type.resource->schema->fields.front().name == "metadata");
  CHECK(has(field_of(read, "status").flags, FieldFlag::computed));
  CHECK(has(field_of(read, "spec").flags, FieldFlag::required));
  const Type& spec = *field_of(read, "spec").type;
  CHECK(spec.open == nullptr);
  CHECK(has(spec.field("a")->flags, FieldFlag::immutable));
  CHECK(has(spec.field("d")->flags, FieldFlag::server_default));
  CHECK_FALSE(has(spec.field("d")->flags, FieldFlag::required));
}

TEST_CASE("definitions that are none") {
  const std::string good = R"({"type":"object"})";
  CHECK(ReadSchema({definition(good)}).made);
  CHECK_FALSE(ReadSchema({definition(good), definition(good)}).made);
  CHECK_FALSE(ReadSchema({definition(good), R"({"kind":"Namespace"})"}).made);
  CHECK_FALSE(ReadSchema({definition(R"({"type":"string"})")}).made);
  CHECK_FALSE(ReadSchema({definition(R"({"type":"object","properties":{"a":{"$ref":"#"}}})")}).made);
  CHECK_FALSE(ReadSchema({definition(R"({"type":"object","properties":{"a":{"type":"array"}}})")}).made);
  for (auto [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"\"Thing\"", "\"a/b\""},
                                                        {"\"things\"", "\"../x\""},
                                                        {"\"g.io\"", "\"g.io/../v1\""},
                                                        {"\"v1\",\"served\"", "\"v1?\",\"served\""},
                                                        {"Namespaced", "Elsewhere"}}) {
    std::string text = definition(good);
    text.replace(text.find(from), from.size(), to);
    CHECK_FALSE(ReadSchema({text}).made);
  }
}
