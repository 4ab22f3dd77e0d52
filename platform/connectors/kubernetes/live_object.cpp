#include "platform/connectors/kubernetes/live_object.h"

#include <fmt/core.h>

#include "platform/connectors/kubernetes/fields_v1.h"
#include "platform/connectors/kubernetes/json_edit.h"

namespace carbon {

namespace {

tl::unexpected<Error> malformed(const ResourceType& type, std::string_view what) {
  return fail(DiagnosticCode::bad_reply,
              fmt::format("a {} came from the server {}", type.kubernetes.kind, what));
}

/// FieldsV1 without the operation annotation and without the nodes that this leaves empty.
Value without_operation(const Value& fields) {
  static const std::string own = "f:" + std::string(operation_annotation);
  const Value* metadata = fields.find("f:metadata");
  const Value* annotations = metadata == nullptr ? nullptr : metadata->find("f:annotations");
  if (annotations == nullptr || annotations->find(own) == nullptr) return fields;
  Value others = without_field(*annotations, own);
  bool only_node = others.entries().size() == 1 && others.find(".") != nullptr;
  Value left = others.entries().empty() || only_node ? without_field(*metadata, "f:annotations")
                                                     : with_field(*metadata, "f:annotations", others);
  return left.entries().empty() ? without_field(fields, "f:metadata")
                                : with_field(fields, "f:metadata", std::move(left));
}

Status read_managers(const Value& metadata, const ResourceType& type, LiveObject& live) {
  const Value* entries = metadata.find("managedFields");
  if (entries == nullptr || entries->is_null()) return {};
  if (!entries->is_sequence()) return malformed(type, "with managedFields that are no list");
  for (const Value& entry : entries->items()) {
    const Value* fields = entry.find("fieldsV1");
    if (fields == nullptr || fields->is_null()) continue;
    bool own = text_at(entry, {"manager"}) == field_manager && text_at(entry, {"operation"}) == "Apply" &&
               text_at(entry, {"subresource"}).empty();
    Value kept = own ? without_operation(*fields) : *fields;
    FieldSet set = CARBON_TRY(decode_fields_v1(kept, type.schema));
    if (own) {
      live.managed = std::move(set);
    } else {
      live.writers.push_back({std::string(text_at(entry, {"manager"})),
                              std::string(text_at(entry, {"operation"})),
                              std::string(text_at(entry, {"time"})), std::move(set)});
    }
  }
  return {};
}

Value strip_metadata(const Value& metadata) {
  Value out = without_field(metadata, "managedFields");
  const Value* annotations = out.find("annotations");
  if (annotations == nullptr || annotations->find(operation_annotation) == nullptr) return out;
  Value others = without_field(*annotations, operation_annotation);
  return others.entries().empty() ? without_field(out, "annotations")
                                  : with_field(out, "annotations", std::move(others));
}

}  // namespace

Result<LiveObject> read_live_object(const Value& json, const ResourceType& type) {
  const Value* metadata = json.find("metadata");
  if (metadata == nullptr || !metadata->is_fields()) return malformed(type, "without metadata");
  std::string_view kind = text_at(json, {"kind"});
  if (!kind.empty() && kind != type.kubernetes.kind) return malformed(type, fmt::format("as a `{}`", kind));
  LiveObject live;
  live.presence = Presence::present;
  live.uid = text_at(*metadata, {"uid"});
  live.version = text_at(*metadata, {"resourceVersion"});
  bool complete = !live.uid.empty() && !live.version.empty() && !text_at(*metadata, {"name"}).empty() &&
                  text_at(*metadata, {"namespace"}).empty() != type.kubernetes.namespaced;
  if (!complete) return malformed(type, "without name, namespace, uid or resourceVersion");
  CARBON_CHECK(read_managers(*metadata, type, live));
  live.token = text_at(*metadata, {"annotations", operation_annotation});
  live.object = with_field(json, "metadata", strip_metadata(*metadata));
  live.object = with_field(live.object, "apiVersion", Value::string(type.kubernetes.api_version()));
  live.object = with_field(live.object, "kind", Value::string(type.kubernetes.kind));
  return live;
}

Value preview_object(const Value& json) {
  const Value* metadata = json.find("metadata");
  if (metadata == nullptr) return json;
  Value stripped = strip_metadata(*metadata);
  for (std::string_view name : {"uid", "resourceVersion", "creationTimestamp", "generation"})
    stripped = without_field(stripped, name);
  return with_field(json, "metadata", std::move(stripped));
}

}  // namespace carbon
