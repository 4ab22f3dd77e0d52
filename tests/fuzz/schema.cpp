// A schema file from anywhere is refused with its place, or becomes types that can be shown, compared, kept
// in a plan and given values, within the limits.

#include "dsl/schema/schema.h"

#include "base/diagnostic_text.h"
#include "engine/expr/evaluate.h"
#include "engine/model/type_code.h"
#include "platform/yaml/yaml.h"
#include "stdlib/native/builtins.h"
#include "tests/fuzz/target.h"

namespace carbon::fuzz {

namespace {

const FunctionTable& functions() {
  static const FunctionTable made = [] {
    FunctionTable table;
    add_builtins(table);
    return table;
  }();
  return made;
}

void check_kind(const ResourceType& kind) {
  demand(kind.schema != nullptr && kind.schema->kind == TypeKind::record, "a kind without fields", kind.name);
  demand(kind.schema->field("metadata") != nullptr && !kind.identity.empty(), "a kind without names",
         kind.name);
  demand(kind.name.find_first_of("/ \n`\"") == std::string::npos, "a kind with an odd name", kind.name);
  Value encoded = encode_type(kind);
  TypeTable types;
  ExprArena expressions;
  auto decoded = decode_type(encoded, types, expressions);
  demand(decoded && encode_type(**decoded) == encoded, "a kind is another one in a plan", kind.name);
}

void check_type(const Type& type, std::string_view input) {
  (void)to_string(type);
  for (const Value& value :
       {Value(), Value::integer(7), Value::string("a"), Value::list({Value::string("a")}),
        Value::record({{Value::string("name"), Value::string("a")}})}) {
    Result<Value> converted = convert(value, type, {}, functions().patterns());
    if (!converted) continue;
    Result<Value> again = convert(*converted, type, {}, functions().patterns());
    demand(again && *again == *converted, "a value of the type is none when given again", input);
  }
}

}  // namespace

void check_schema(std::string_view input) {
  YamlLimits limits;
  limits.bytes = 1 << 17;
  limits.nodes = 20'000;
  Result<std::vector<Value>> documents = parse_yaml_documents(input, limits);
  if (!documents) return;
  Import import;
  import.kind = ImportKind::schema;
  import.path = "schemas/one.yaml";
  import.name = "x";
  ImportedData data;
  for (const char* path : {"schemas/one.yaml", "schemas/two.yaml"})
    data[{path, DataType::schema}] = Value::list(*documents);
  (void)schema_references(import.path, Value::list(*documents));
  ResourceTypes types;
  Result<std::vector<SchemaType>> made = read_schema({import, data, types, functions().patterns()});
  if (!made) return demand(!made.error().message().empty(), "an error without a message", input);
  demand(!made->empty(), "no types and no error", input);
  for (const SchemaType& type : *made) {
    demand((type.type == nullptr) != (type.resource == nullptr), "neither a type nor a kind, or both", input);
    if (type.resource != nullptr) check_kind(*type.resource);
    check_type(type.type != nullptr ? *type.type : *type.resource->schema, input);
  }
}

}  // namespace carbon::fuzz
