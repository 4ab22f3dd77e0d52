#include "platform/sandbox/kubernetes/open_api_schemas.h"

#include <fmt/format.h>
#include <array>
#include <optional>
#include <vector>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "stdlib/k8s/schema_text.h"

namespace carbon::sandbox {

namespace {

struct Scalar {
  std::string_view type;
  std::string_view open_api;
  std::string_view format;
};
constexpr std::array<Scalar, 8> open_api_scalars{{
    {"string", "string", ""},
    {"byte", "string", "byte"},
    {"time", "string", "date-time"},
    {"int32", "integer", "int32"},
    {"int64", "integer", "int64"},
    {"double", "number", "double"},
    {"bool", "boolean", ""},
    {"json", "object", ""},
}};

/// Types that have a name of their own in Kubernetes, though they are scalars.
struct Named {
  std::string_view type;
  std::string_view name;
  std::string_view description;
};
constexpr std::array<Named, 2> named{{
    {"quantity", "resource.Quantity", "A number with a unit suffix: 500m, 1Gi, 1e3"},
    {"int_or_string", "intstr.IntOrString", "A number or a text, such as a percentage or the name of a port"},
}};

Value strings(const std::vector<std::string_view>& words) {
  std::vector<Value> items;
  for (std::string_view word : words) items.push_back(text(word));
  return Value::list(std::move(items));
}

Value described(Value schema, std::string_view doc) {
  return doc.empty() ? schema : with(schema, {"description"}, text(doc));
}

/// What a field says of its list beyond the items' type.
Value marked(Value schema, const SchemaField& field) {
  if (!field.default_json.empty()) {
    if (auto value = parse_json(field.default_json)) schema = with(schema, {"default"}, *value);
  }
  if (!field.patch_strategy.empty())
    schema = with(schema, {"x-kubernetes-patch-strategy"}, text(field.patch_strategy));
  if (!field.merge_key.empty())
    schema = with(schema, {"x-kubernetes-patch-merge-key"}, text(field.merge_key));
  return schema;
}

}  // namespace

Value group_version_kind(const ResourceInfo& resource) {
  return fields(
      {{"group", text(resource.group)}, {"version", text(resource.version)}, {"kind", text(resource.kind)}});
}

Value OpenApiSchemas::reference(std::string_view name) {
  Value to = fields({{"$ref", text(fmt::format("#/components/schemas/{}", name))}});
  // Beside a $ref nothing else may stand.
  return fields({{"allOf", Value::list({to})}});
}

Value OpenApiSchemas::type(std::string_view spelled) {
  for (const auto& [name, open_api, format] : open_api_scalars) {
    if (name != spelled) continue;
    Value scalar = fields({{"type", text(open_api)}});
    return format.empty() ? scalar : with(scalar, {"format"}, text(format));
  }
  for (const auto& [name, component, description] : named) {
    if (name != spelled) continue;
    Value one_of = Value::list({fields({{"type", text("string")}}), fields({{"type", text("number")}})});
    schemas_.emplace(component, fields({{"description", text(description)}, {"oneOf", one_of}}));
    return reference(component);
  }
  SchemaTypeText parts = split_schema_type(spelled);
  if (parts.head == "map") {
    return fields({{"type", text("object")}, {"additionalProperties", type(parts.argument)}});
  }
  if (parts.head == "set" || parts.head == "list") {
    Value list = fields({{"type", text("array")}, {"items", type(parts.argument)}});
    std::vector<std::string_view> keys = schema_list_keys(parts.tail);
    std::string_view kind = parts.head == "set" ? "set" : keys.empty() ? "atomic" : "map";
    list = with(list, {"x-kubernetes-list-type"}, text(kind));
    return keys.empty() ? list : with(list, {"x-kubernetes-list-map-keys"}, strings(keys));
  }
  add_record(parts.head);
  return reference(parts.head);
}

void OpenApiSchemas::add_record(std::string_view name) {
  if (!schemas_.emplace(name, Value()).second) return;
  Value schema = fields({{"type", text("object")}});
  if (std::optional<SchemaRecord> record = find_schema(name)) {
    std::vector<std::pair<std::string_view, Value>> properties;
    std::vector<std::string_view> required;
    for (const SchemaField& field : record->fields) {
      properties.emplace_back(field.name, marked(described(type(field.type), field.doc), field));
      if (field.required) required.push_back(field.name);
    }
    if (!properties.empty()) schema = with(schema, {"properties"}, fields(std::move(properties)));
    if (!required.empty()) schema = with(schema, {"required"}, strings(required));
    if (record->atomic) schema = with(schema, {"x-kubernetes-map-type"}, text("atomic"));
    schema = described(std::move(schema), record->doc);
  }
  schemas_.insert_or_assign(std::string(name), std::move(schema));
}

void OpenApiSchemas::add(const ResourceInfo& resource) {
  std::string name = resource.schema_name;
  Value schema;
  if (resource.custom) {
    name = fmt::format("{}.{}.{}", resource.group, resource.version, resource.kind);
    schema = resource.custom_schema.is_fields() ? resource.custom_schema : Value::map({});
    for (std::string_view field : {"apiVersion", "kind"})
      schema = with(schema, {"properties", field}, type("string"));
    schema = with(schema, {"properties", "metadata"}, type("meta.v1.ObjectMeta"));
  } else {
    add_record(name);
    schema = schemas_.at(name);
  }
  schema = with(schema, {"x-kubernetes-group-version-kind"}, Value::list({group_version_kind(resource)}));
  schemas_.insert_or_assign(std::move(name), std::move(schema));
}

Value OpenApiSchemas::components() const {
  std::vector<std::pair<std::string_view, Value>> all(schemas_.begin(), schemas_.end());
  return fields(std::move(all));
}

}  // namespace carbon::sandbox
