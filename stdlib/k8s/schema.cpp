#include "stdlib/k8s/schema.h"

#include <algorithm>
#include <array>
#include <utility>

#include "stdlib/k8s/schema_text.h"

namespace carbon {

namespace {

constexpr std::string_view package = "k8s.";

// An integer keeps its 64 bits whatever its format: the server refuses what is out of its range, with the
// field's name. A time stays text, since the server keeps its spelling.
constexpr std::array<std::pair<std::string_view, TypeKind>, 10> scalars{{
    {"string", TypeKind::string},
    {"byte", TypeKind::string},
    {"time", TypeKind::string},
    {"int32", TypeKind::integer},
    {"int64", TypeKind::integer},
    {"double", TypeKind::floating},
    {"bool", TypeKind::boolean},
    {"json", TypeKind::json},
    {"quantity", TypeKind::quantity},
    {"int_or_string", TypeKind::int_or_string},
}};

// Deleting one destroys what no manifest can bring back: volumes, or all objects of a namespace or kind.
constexpr std::array<std::string_view, 5> data_bearing_kinds{
    "CustomResourceDefinition", "Namespace", "PersistentVolume", "PersistentVolumeClaim", "StatefulSet"};

/// What OpenAPI calls a string and the API server judges more strictly (apis/batch/validation).
struct CheckedField {
  std::string_view record;
  std::string_view field;
  std::string_view type;
};
constexpr std::array<CheckedField, 1> checked_fields{{{"batch.v1.CronJobSpec", "schedule", "cron"}}};

TypePtr checked_type(const TypeTable& types, std::string_view record, std::string_view field) {
  for (const CheckedField& checked : checked_fields) {
    if (checked.record == record && checked.field == field) return find_basic(types, checked.type);
  }
  return nullptr;
}

FieldPath metadata_path(std::string field) {
  return FieldPath{}.then(FieldStep::field("metadata")).then(FieldStep::field(std::move(field)));
}

void drop_field(Type& record, std::string_view name) {
  std::erase_if(record.fields, [&](const FieldType& field) { return field.name == name; });
}

/// A cluster-scoped object that says `namespace` is a mistake to report, not a field to ignore.
void drop_namespace(Type& record, TypeTable& types) {
  auto metadata = std::ranges::find(record.fields, std::string_view("metadata"), &FieldType::name);
  Type& without = types.make(TypeKind::record);
  without = *metadata->type;
  drop_field(without, "namespace");
  metadata->type = &without;
}

}  // namespace

TypePtr KubernetesSchema::schema(std::string_view name) {
  if (auto found = made_.find(name); found != made_.end()) return found->second;
  std::optional<SchemaRecord> text = find_schema(name);
  // The key must be the embedded text's own view: it outlives the caller's.
  return text ? shared(text->name) : nullptr;
}

TypePtr KubernetesSchema::shared(std::string_view type_text) {
  if (auto found = made_.find(type_text); found != made_.end()) return found->second;
  TypePtr type = make(type_text, {});
  made_.emplace(type_text, type);
  return type;
}

TypePtr KubernetesSchema::make(std::string_view type_text, const FieldMarks& marks) {
  for (const auto& [name, kind] : scalars) {
    if (name == type_text) return types_.basic(kind);
  }
  SchemaTypeText text = split_schema_type(type_text);
  if (text.head == "list") return make_list(text.argument, text.tail, marks);
  if (text.head == "set") return types_.set(shared(text.argument));
  if (text.head == "map") {
    Type& map = types_.make(TypeKind::map);
    map.element = marks.empty() ? shared(text.argument) : make(text.argument, marks);
    map.atomic = text.tail == "*";
    return &map;
  }
  Type* record = make_record(text.head, marks);
  // Cannot happen: a test proves that every name in the embedded text has its block.
  if (record == nullptr) return types_.basic(TypeKind::json);
  if (text.tail == "+") record->atomic = false;
  return record;
}

TypePtr KubernetesSchema::make_list(std::string_view item, std::string_view tail, const FieldMarks& marks) {
  Type& list = types_.make(TypeKind::list);
  list.element = marks.empty() ? shared(item) : make(item, marks);
  for (std::string_view key : schema_list_keys(tail)) list.keys.emplace_back(key);
  list.atomic = list.keys.empty();
  return &list;
}

Type* KubernetesSchema::make_record(std::string_view name, const FieldMarks& marks) {
  std::optional<SchemaRecord> text = find_schema(name);
  if (!text) return nullptr;
  ++schemas_made_;
  Type& record = types_.make(TypeKind::record);
  record.name = text->name;
  record.atomic = text->atomic;
  record.fields.reserve(text->fields.size());
  for (const SchemaField& field : text->fields) {
    FieldFlag flags = marks.flags(field.name);
    FieldMarks inside = marks.inside(field.name);
    TypePtr type = inside.empty() ? shared(field.type) : make(field.type, inside);
    if (TypePtr checked = checked_type(types_, text->name, field.name)) type = checked;
    if (has(flags, FieldFlag::sensitive)) type = secret_text(type);
    if (field.required) flags = flags | FieldFlag::required;
    record.fields.push_back({std::string(field.name), type, flags, std::string(field.doc)});
  }
  return &record;
}

/// A text that bears a secret has a secret's type, so that reading `s.data["password"]` cannot leak into a
/// plain field (C0501); plain text may still be written there.
TypePtr KubernetesSchema::secret_text(TypePtr type) {
  if (type->kind == TypeKind::map) return types_.map(secret_text(type->element));
  return types_.secret(type);
}

std::unique_ptr<ResourceType> KubernetesSchema::load(const KubernetesKind& kind) {
  Type* record = make_record(kind.schema, FieldMarks::of(kind.kind));
  if (record == nullptr) return nullptr;
  drop_field(*record, "apiVersion");
  drop_field(*record, "kind");
  if (!kind.namespaced) drop_namespace(*record, types_);

  auto type = std::make_unique<ResourceType>();
  type->name = std::string(package) + std::string(kind.kind);
  record->name = type->name;
  type->transport = Transport::kubernetes;
  type->schema = record;
  type->provider_type = "k8s.Cluster";
  type->kubernetes = {std::string(kind.group), std::string(kind.version), std::string(kind.kind),
                      std::string(kind.plural), kind.namespaced};
  type->data_bearing = std::ranges::find(data_bearing_kinds, kind.kind) != data_bearing_kinds.end();
  if (std::optional<SchemaRecord> text = find_schema(kind.schema)) type->doc = text->doc;
  type->identity.push_back(metadata_path("name"));
  if (kind.namespaced) type->identity.insert(type->identity.begin(), metadata_path("namespace"));
  return type;
}

namespace {

std::unique_ptr<ResourceType> load_named(std::string_view name, KubernetesSchema& schema, TypeTable& types) {
  if (!name.starts_with(package)) return nullptr;
  std::string_view kind_name = name.substr(package.size());
  if (kind_name == "Cluster") return kubernetes_cluster_type(types);
  if (kind_name == "GeneratedSecret") return schema.load_generated_secret();
  if (kind_name == "Manifests") return schema.load_manifests();
  const KubernetesKind* kind = find_kubernetes_kind(kind_name);
  return kind == nullptr ? nullptr : schema.load(*kind);
}

}  // namespace

void add_kubernetes_types(ResourceTypes& types) {
  std::vector<std::string> names{"k8s.Cluster", "k8s.GeneratedSecret", "k8s.Manifests"};
  for (const KubernetesKind& kind : kubernetes_kinds()) {
    if (kind.declarable) names.push_back(std::string(package) + std::string(kind.kind));
  }
  std::sort(names.begin(), names.end());
  auto schema = std::make_shared<KubernetesSchema>(types.types());
  types.add_loader(
      "k8s", [schema](std::string_view name, TypeTable& table) { return load_named(name, *schema, table); },
      std::move(names));
}

}  // namespace carbon
