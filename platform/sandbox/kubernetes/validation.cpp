#include "platform/sandbox/kubernetes/validation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/custom_validation.h"
#include "platform/sandbox/kubernetes/kind_validation.h"
#include "platform/sandbox/kubernetes/name_syntax.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

void check_labels(const Value& object, std::string_view under, std::vector<StatusCause>& causes) {
  const Value* labels = at(object, {"metadata", "labels"});
  if (labels != nullptr && labels->is_fields()) {
    std::string field = fmt::format("{}metadata.labels", under);
    for (const Entry& label : labels->entries()) {
      if (std::string why = qualified_name_error(label.key.text()); !why.empty()) {
        causes.push_back(invalid_value(field, label.key, why));
      }
      if (std::string why = label_value_error(label.value.text()); !why.empty()) {
        causes.push_back(invalid_value(field, label.value, why));
      }
    }
  }
  const Value* annotations = at(object, {"metadata", "annotations"});
  if (annotations == nullptr || !annotations->is_fields()) return;
  for (const Entry& annotation : annotations->entries()) {
    std::string lower(annotation.key.text());
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (std::string why = qualified_name_error(lower); !why.empty()) {
      causes.push_back(invalid_value(fmt::format("{}metadata.annotations", under), annotation.key, why));
    }
  }
}

void check_owners(const Value& object, std::vector<StatusCause>& causes) {
  std::vector<Value> owners = items_at(object, {"metadata", "ownerReferences"});
  for (std::size_t i = 0; i < owners.size(); ++i) {
    for (std::string_view name : {"apiVersion", "kind", "name", "uid"}) {
      if (!text_at(owners[i], {name}).empty()) continue;
      std::string field = fmt::format("metadata.ownerReferences[{}].{}", i, name);
      std::string_view detail = name == "apiVersion" ? "version must not be empty" : "must not be empty";
      causes.push_back(invalid_value(field, text(""), detail));
    }
  }
}

void check_metadata(const ResourceInfo& resource, const Value& object, std::vector<StatusCause>& causes) {
  std::string_view name = text_at(object, {"metadata", "name"});
  if (name.empty()) {
    causes.push_back(required_value("metadata.name", "name or generateName is required"));
  } else if (std::string why = name_error(resource.names, name); !why.empty()) {
    causes.push_back(invalid_value("metadata.name", text(name), why));
  }
  check_labels(object, {}, causes);
  check_owners(object, causes);
  std::vector<Value> finalizers = items_at(object, {"metadata", "finalizers"});
  for (std::size_t i = 0; i < finalizers.size(); ++i) {
    std::string_view finalizer = finalizers[i].text();
    std::string field = fmt::format("metadata.finalizers[{}]", i);
    bool standard = finalizer == "foregroundDeletion" || finalizer == "orphan" || finalizer == "kubernetes";
    if (std::string why = qualified_name_error(finalizer); !why.empty()) {
      causes.push_back(invalid_value("metadata.finalizers", finalizers[i], why));
    } else if (!standard && finalizer.find('/') == std::string_view::npos && !resource.custom &&
               resource.storage != "customresourcedefinitions.apiextensions.k8s.io") {
      causes.push_back(invalid_value(field, finalizers[i],
                                     "name is neither a standard finalizer name nor is it fully qualified"));
    }
  }
}

bool is_missing(const Value* value) {
  if (value == nullptr || value->is_null()) return true;
  if (value->is_string()) return value->text().empty();
  return value->is_sequence() && value->items().empty();
}

/// Required fields of the schema. Numbers, booleans and objects have a zero value that may be meant.
void check_required(const SchemaNode& schema, const Value& value, const std::string& path,
                    std::vector<StatusCause>& causes) {
  if (value.is_sequence() && schema.is_list()) {
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      check_required(*schema.element, value.items()[i], fmt::format("{}[{}]", path, i), causes);
    }
  }
  if (!value.is_fields()) return;
  for (const SchemaEntry& field : schema.fields) {
    if (path.empty() && (field.name == "status" || field.name == "metadata")) continue;
    const Value* sent = value.find(field.name);
    std::string below = path.empty() ? field.name : fmt::format("{}.{}", path, field.name);
    bool text_or_list = field.node->kind == NodeKind::string || field.node->is_list();
    if (field.required && text_or_list && is_missing(sent) && !may_be_empty(schema.name, field.name)) {
      causes.push_back(required_value(below));
    } else if (sent != nullptr) {
      check_required(*field.node, *sent, below, causes);
    }
  }
  if (schema.element == nullptr || schema.kind != NodeKind::map) return;
  for (const Entry& entry : value.entries()) {
    check_required(*schema.element, entry.value, fmt::format("{}[{}]", path, entry.key.text()), causes);
  }
}

void check_object(const ResourceInfo& resource, const SchemaNode& schema, const Value& object,
                  std::vector<StatusCause>& causes) {
  check_metadata(resource, object, causes);
  if (resource.custom) {
    check_custom(schema, object, causes);
    return;
  }
  check_required(schema, object, {}, causes);
  check_kind(resource, object, causes);
}

/// metadata.* that no update changes. Told twice: the generic code and each kind's own both look
/// (recorded/404).
void check_metadata_update(const Value& before, const Value& after, std::vector<StatusCause>& causes) {
  std::string_view uid = text_at(after, {"metadata", "uid"});
  if (uid != text_at(before, {"metadata", "uid"})) {
    causes.push_back(invalid_value("metadata.uid", text(uid), "field is immutable"));
  }
  if (at(before, {"metadata", "deletionTimestamp"}) == nullptr) return;
  std::vector<Value> old = items_at(before, {"metadata", "finalizers"});
  std::vector<std::string> added;
  for (const Value& finalizer : items_at(after, {"metadata", "finalizers"})) {
    if (std::ranges::find(old, finalizer) == old.end()) added.push_back(json_quote(finalizer.text()));
  }
  if (added.empty()) return;
  causes.push_back(
      forbidden_value("metadata.finalizers", fmt::format("no new finalizers can be added if the object is "
                                                         "being deleted, found new finalizers []string{{{}}}",
                                                         fmt::join(added, ", "))));
}

}  // namespace

StatusCause required_value(std::string field, std::string_view detail) {
  std::string message = detail.empty() ? "Required value" : fmt::format("Required value: {}", detail);
  return {"FieldValueRequired", std::move(message), std::move(field)};
}

StatusCause invalid_value(std::string field, const Value& value, std::string_view detail) {
  return {"FieldValueInvalid", fmt::format("Invalid value: {}: {}", to_json(value), detail),
          std::move(field)};
}

StatusCause forbidden_value(std::string field, std::string_view detail) {
  return {"FieldValueForbidden", fmt::format("Forbidden: {}", detail), std::move(field)};
}

StatusCause not_supported(std::string field, std::string_view value,
                          const std::vector<std::string>& supported) {
  std::vector<std::string> quoted;
  for (const std::string& one : supported) quoted.push_back(json_quote(one));
  return {
      "FieldValueNotSupported",
      fmt::format("Unsupported value: {}: supported values: {}", json_quote(value), fmt::join(quoted, ", ")),
      std::move(field)};
}

std::vector<StatusCause> create_causes(const ResourceInfo& resource, const SchemaNode& schema,
                                       const Value& object) {
  std::vector<StatusCause> causes;
  check_object(resource, schema, object, causes);
  return causes;
}

std::vector<StatusCause> update_causes(const ResourceInfo& resource, const SchemaNode& schema,
                                       const Value& before, const Value& after) {
  std::vector<StatusCause> causes;
  check_metadata_update(before, after, causes);
  if (!resource.custom) check_metadata_update(before, after, causes);
  if (causes.empty()) check_object(resource, schema, after, causes);
  check_immutable(resource, before, after, causes);
  return causes;
}

}  // namespace carbon::sandbox
