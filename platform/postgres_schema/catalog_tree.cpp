#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "base/value_document.h"
#include "platform/postgres_schema/object_class.h"
#include "platform/postgres_schema/schema_catalog.h"

namespace carbon::postgres {

namespace {

using document::field;
using document::text;

/// A tree that can still grow.
struct Node {
  std::map<std::string, Node, std::less<>> children;
  Value value;

  [[nodiscard]] Value finished() const {
    if (children.empty()) return value.is_null() ? Value::map({}) : value;
    std::vector<Entry> entries;
    if (value.is_fields()) entries.assign(value.entries().begin(), value.entries().end());
    for (const auto& [name, child] : children) entries.push_back(field(name, child.finished()));
    return Value::map(std::move(entries));
  }
};

Value id_value(const ObjectId& id) {
  return Value::list({text(traits(id.object_class).key), text(id.parent), text(id.name)});
}

Error bad_tree(std::string_view what) {
  return Error(DiagnosticCode::bad_reply,
               fmt::format("a stored schema holds {} that is not understood", what));
}

Result<ObjectId> id_of(const Value& value) {
  bool texts =
      value.kind() == ValueKind::list && value.items().size() == 3 &&
      std::all_of(value.items().begin(), value.items().end(), [](const Value& v) { return v.is_string(); });
  if (!texts) return fail(bad_tree("a name"));
  std::optional<ObjectClass> object_class = class_of_key(value.items()[0].text());
  if (!object_class) return fail(bad_tree("a class"));
  return ObjectId{*object_class, std::string(value.items()[1].text()), std::string(value.items()[2].text())};
}

/// Takes a tree apart again.
class TreeReader {
 public:
  explicit TreeReader(std::vector<SchemaObject>& out) : out_(out) {}

  /// The groups inside of `fields`, and what remains of it as properties of `owner`.
  [[nodiscard]] Result<Value> take_fields(const Value& fields, std::string_view owner_group,
                                          const std::string& owner) {
    std::vector<Entry> rest;
    for (const Entry& entry : fields.entries()) {
      std::optional<ObjectClass> member = class_of_group(entry.key.text(), owner_group);
      bool group = member && entry.value.is_fields();
      if (!group) {
        rest.push_back(entry);
        continue;
      }
      for (const Entry& object : entry.value.entries()) CARBON_CHECK(take(*member, owner, object));
    }
    return Value::map(std::move(rest));
  }

 private:
  static std::optional<ObjectClass> class_of_group(std::string_view group, std::string_view within) {
    for (std::size_t at = 0; at < class_count; ++at) {
      const ClassTraits& of = traits(static_cast<ObjectClass>(at));
      if (of.group == group && of.within == within && of.leaf.empty()) return static_cast<ObjectClass>(at);
    }
    return std::nullopt;
  }

  [[nodiscard]] Status take(ObjectClass object_class, const std::string& parent, const Entry& entry) {
    if (!entry.value.is_fields()) return fail(bad_tree("an object"));
    ObjectId id{object_class, parent, std::string(entry.key.text())};
    const ClassTraits& of = traits(object_class);
    Value own = entry.value;
    if (of.within.empty()) own = CARBON_TRY(take_fields(entry.value, of.group, id.name));
    std::vector<Entry> rest;
    for (const Entry& each : own.entries()) {
      if (object_class == ObjectClass::column && each.key.text() == "default") {
        out_.push_back({{ObjectClass::column_default, parent, id.name},
                        Value::map({field("expression", each.value)}),
                        {},
                        0});
      } else if (object_class == ObjectClass::sequence && each.key.text() == "owned_by") {
        out_.push_back({{ObjectClass::sequence_owner, "", id.name}, each.value, {}, 0});
      } else {
        rest.push_back(each);
      }
    }
    out_.push_back({std::move(id), Value::map(std::move(rest)), {}, 0});
    return {};
  }

  std::vector<SchemaObject>& out_;
};

}  // namespace

FieldPath path_of(const ObjectId& id) {
  const ClassTraits& of = traits(id.object_class);
  FieldPath path;
  if (!of.within.empty()) {
    path.steps.push_back(FieldStep::field(std::string(of.within)));
    path.steps.push_back(FieldStep::field(id.parent));
  }
  path.steps.push_back(FieldStep::field(std::string(of.group)));
  path.steps.push_back(FieldStep::field(id.name));
  if (!of.leaf.empty()) path.steps.push_back(FieldStep::field(std::string(of.leaf)));
  return path;
}

Value to_value(const SchemaCatalog& catalog) {
  Node root;
  root.value = Value::map({});
  for (const SchemaObject& object : catalog.objects) {
    Node* node = &root;
    for (const FieldStep& step : path_of(object.id).steps) node = &node->children[step.name];
    bool is_default = object.id.object_class == ObjectClass::column_default;
    node->value = is_default ? *object.properties.find("expression") : object.properties;
  }
  return root.finished();
}

Value dependencies_to_value(const SchemaCatalog& catalog) {
  std::vector<Value> rows;
  for (const SchemaObject& object : catalog.objects) {
    if (object.depends_on.empty()) continue;  // everything that has a position depends on its table
    rows.push_back(Value::map({field("object", id_value(object.id)),
                               field("on", document::list(object.depends_on, id_value)),
                               field("position", Value::integer(object.position))}));
  }
  return Value::list(std::move(rows));
}

Result<SchemaCatalog> from_value(std::string_view schema, int server_version, const Value& tree,
                                 const Value& dependencies) {
  SchemaCatalog catalog;
  catalog.schema = std::string(schema);
  catalog.server_version = server_version;
  if (!tree.is_fields() || !dependencies.is_sequence()) return fail(bad_tree("a tree"));
  Value rest = CARBON_TRY(TreeReader(catalog.objects).take_fields(tree, "", ""));
  if (!rest.entries().empty()) return fail(bad_tree(fmt::format("`{}`", rest.entries()[0].key.text())));
  std::sort(catalog.objects.begin(), catalog.objects.end(),
            [](const SchemaObject& a, const SchemaObject& b) { return a.id < b.id; });
  for (const Value& row : dependencies.items()) {
    const Value* object = row.find("object");
    const Value* on = row.find("on");
    const Value* position = row.find("position");
    if (object == nullptr || on == nullptr || !on->is_sequence() || position == nullptr ||
        position->kind() != ValueKind::integer)
      return fail(bad_tree("a dependency"));
    ObjectId id = CARBON_TRY(id_of(*object));
    const SchemaObject* found = catalog.find(id);
    if (found == nullptr) return fail(bad_tree("a dependency of nothing"));
    SchemaObject& dependent = catalog.objects[static_cast<std::size_t>(found - catalog.objects.data())];
    dependent.position = static_cast<int>(position->as_int());
    for (const Value& each : on->items()) dependent.depends_on.push_back(CARBON_TRY(id_of(each)));
  }
  return catalog;
}

}  // namespace carbon::postgres
