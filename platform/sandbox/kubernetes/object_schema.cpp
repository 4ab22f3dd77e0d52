#include "platform/sandbox/kubernetes/object_schema.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "stdlib/k8s/schema_text.h"

namespace carbon::sandbox {

namespace {

constexpr std::array<std::pair<std::string_view, NodeKind>, 10> scalars{{
    {"string", NodeKind::string},
    {"byte", NodeKind::bytes},
    {"time", NodeKind::time},
    {"int32", NodeKind::integer},
    {"int64", NodeKind::integer},
    {"double", NodeKind::number},
    {"bool", NodeKind::boolean},
    {"json", NodeKind::json},
    {"quantity", NodeKind::quantity},
    {"int_or_string", NodeKind::int_or_string},
}};

struct ShapeRow {
  std::string_view schema;
  std::string_view marks;
};

constexpr ShapeRow shapes[] = {
#define SHAPE(schema, marks) {schema, marks},
#include "platform/sandbox/kubernetes/wire_shape.def"
#undef SHAPE
};

constexpr std::array<std::pair<std::string_view, WireRule>, 6> signs{{
    {"[]", WireRule::null_list},
    {"!", WireRule::always_record},
    {"0", WireRule::drop_zero},
    {"=", WireRule::always_zero},
    {"t", WireRule::null_time},
    {"q", WireRule::zero_quantity},
}};

/// The mark of a field in a row: `name=`. The name must match as a whole word, so that `t` is not read as the
/// sign of `por`.
WireRule wire_rule(std::string_view marks, std::string_view field) {
  while (!marks.empty()) {
    std::size_t end = std::min(marks.find(' '), marks.size());
    std::string_view word = marks.substr(0, end);
    marks.remove_prefix(std::min(end + 1, marks.size()));
    if (!word.starts_with(field)) continue;
    for (const auto& [sign, rule] : signs) {
      if (word.substr(field.size()) == sign) return rule;
    }
  }
  return WireRule::as_sent;
}

std::string_view marks_of(std::string_view schema) {
  const auto* found =
      std::lower_bound(std::begin(shapes), std::end(shapes), schema,
                       [](const ShapeRow& row, std::string_view name) { return row.schema < name; });
  return found != std::end(shapes) && found->schema == schema ? found->marks : std::string_view();
}

void sort_fields(SchemaNode& node) { std::ranges::sort(node.fields, {}, &SchemaEntry::name); }

}  // namespace

const SchemaEntry* SchemaNode::field(std::string_view wanted) const {
  auto found = std::ranges::lower_bound(fields, wanted, {},
                                        [](const SchemaEntry& f) { return std::string_view(f.name); });
  return found != fields.end() && found->name == wanted ? &*found : nullptr;
}

const SchemaNode* SchemaNode::child(std::string_view wanted) const {
  if (const SchemaEntry* entry = field(wanted)) return entry->node;
  return kind == NodeKind::map || kind == NodeKind::record ? element : nullptr;
}

SchemaNode& SchemaTable::make(NodeKind kind) {
  nodes_.emplace_back().kind = kind;
  return nodes_.back();
}

const SchemaNode& SchemaTable::record(std::string_view name) { return *type(name); }

const SchemaNode* SchemaTable::type(std::string_view text) {
  if (auto found = made_.find(text); found != made_.end()) return found->second;
  for (const auto& [name, kind] : scalars) {
    if (name == text) return made_.emplace(text, &make(kind)).first->second;
  }
  SchemaTypeText parts = split_schema_type(text);
  if (parts.head == "list") return made_.emplace(text, list(parts.argument, parts.tail)).first->second;
  if (parts.head == "set" || parts.head == "map") {
    SchemaNode& node = make(parts.head == "set" ? NodeKind::set : NodeKind::map);
    node.element = type(parts.argument);
    node.atomic = parts.tail == "*";
    return made_.emplace(text, &node).first->second;
  }
  std::optional<SchemaRecord> block = find_schema(parts.head);
  SchemaNode& node = make(block ? NodeKind::record : NodeKind::json);
  made_.emplace(text, &node);
  if (!block) return &node;
  node.name = block->name;
  node.atomic = block->atomic && parts.tail != "+";
  std::string_view marks = marks_of(block->name);
  for (const SchemaField& field : block->fields) {
    SchemaEntry entry{
        std::string(field.name), type(field.type), field.required, wire_rule(marks, field.name), {}, {}, {}};
    if (!field.default_json.empty()) {
      if (auto value = parse_json(field.default_json)) entry.default_value = *value;
    }
    entry.replace_list = field.patch_strategy.find("merge") == std::string_view::npos;
    entry.merge_key = field.merge_key;
    node.fields.push_back(std::move(entry));
  }
  sort_fields(node);
  return &node;
}

const SchemaNode* SchemaTable::list(std::string_view item, std::string_view tail) {
  SchemaNode& node = make(NodeKind::list);
  node.element = type(item);
  for (std::string_view key : schema_list_keys(tail)) node.keys.emplace_back(key);
  std::ranges::sort(node.keys);
  node.atomic = node.keys.empty();
  return &node;
}

const SchemaNode& SchemaTable::custom(const Value& open_api_schema) {
  SchemaNode& node = make(NodeKind::record);
  custom_record(node, open_api_schema);
  std::erase_if(node.fields, [](const SchemaEntry& f) {
    return f.name == "apiVersion" || f.name == "kind" || f.name == "metadata";
  });
  for (std::string_view name : {"apiVersion", "kind"})
    node.fields.push_back({std::string(name), type("string"), false, {}, {}, {}, {}});
  node.fields.push_back({"metadata", type("meta.v1.ObjectMeta"), false, WireRule::always_record, {}, {}, {}});
  sort_fields(node);
  node.atomic = false;
  return node;
}

void SchemaTable::custom_list(SchemaNode& node, const Value& schema) {
  std::string_view list_type = text_at(schema, {"x-kubernetes-list-type"});
  const Value* items = at(schema, {"items"});
  node.kind = list_type == "set" ? NodeKind::set : NodeKind::list;
  node.element = items == nullptr ? type("json") : from_json_schema(*items);
  if (list_type == "map") {
    for (const Value& key : items_at(schema, {"x-kubernetes-list-map-keys"}))
      if (key.is_string()) node.keys.emplace_back(key.text());
    std::ranges::sort(node.keys);
  }
  node.atomic = node.kind == NodeKind::list && node.keys.empty();
}

void SchemaTable::custom_record(SchemaNode& node, const Value& schema) {
  node.kind = NodeKind::record;
  node.limits = schema;
  node.atomic = text_at(schema, {"x-kubernetes-map-type"}) == "atomic";
  node.preserve_unknown = bool_at(schema, {"x-kubernetes-preserve-unknown-fields"});
  if (node.preserve_unknown) node.element = type("json");
  std::vector<Value> required = items_at(schema, {"required"});
  if (const Value* properties = at(schema, {"properties"});
      properties != nullptr && properties->is_fields()) {
    for (const Entry& property : properties->entries()) {
      SchemaEntry entry{
          std::string(property.key.text()), from_json_schema(property.value), false, {}, {}, {}, {}};
      entry.required = std::ranges::find(required, property.key) != required.end();
      if (const Value* value = property.value.find("default")) entry.default_value = *value;
      node.fields.push_back(std::move(entry));
    }
  }
  sort_fields(node);
}

const SchemaNode* SchemaTable::from_json_schema(const Value& schema) {
  static constexpr std::array<std::pair<std::string_view, NodeKind>, 4> names{{
      {"string", NodeKind::string},
      {"integer", NodeKind::integer},
      {"number", NodeKind::number},
      {"boolean", NodeKind::boolean},
  }};
  if (bool_at(schema, {"x-kubernetes-int-or-string"})) return type("int_or_string");
  std::string_view name = text_at(schema, {"type"});
  SchemaNode& node = make(NodeKind::json);
  node.limits = schema;
  for (const auto& [type_name, kind] : names) {
    if (type_name == name) node.kind = kind;
  }
  if (name == "array") custom_list(node, schema);
  if (name != "object") return &node;
  const Value* others = at(schema, {"additionalProperties"});
  if (others != nullptr && at(schema, {"properties"}) == nullptr) {
    node.kind = NodeKind::map;
    node.element = others->is_fields() ? from_json_schema(*others) : type("json");
    node.atomic = text_at(schema, {"x-kubernetes-map-type"}) == "atomic";
  } else {
    custom_record(node, schema);
  }
  return &node;
}

}  // namespace carbon::sandbox
