#include "platform/connectors/kubernetes/live_object.h"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>
#include <vector>

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

/// A map of the entries with some left out and others put in: one copy, whatever is changed.
Value edited(const Value& fields, std::initializer_list<std::string_view> without, std::vector<Entry> with) {
  std::vector<Entry> entries;
  entries.reserve(fields.entries().size() + with.size());
  for (const Entry& entry : fields.entries()) {
    bool goes = std::find(without.begin(), without.end(), entry.key.text()) != without.end();
    if (!goes) entries.push_back(entry);
  }
  for (Entry& entry : with) entries.push_back(std::move(entry));
  return Value::map(std::move(entries));
}

Value strip_metadata(const Value& metadata) {
  const Value* annotations = metadata.find("annotations");
  if (annotations == nullptr || annotations->find(operation_annotation) == nullptr)
    return edited(metadata, {"managedFields"}, {});
  if (annotations->entries().size() == 1) return edited(metadata, {"managedFields", "annotations"}, {});
  return edited(metadata, {"managedFields", "annotations"},
                {{Value::string("annotations"), without_field(*annotations, operation_annotation)}});
}

/// A Secret's `stringData` is stored in `data`, and whoever changes it later owns `data` alone, while
/// carbon's entry goes on to name `stringData` (tests/real/recorded/806). Both fields are the same content,
/// so it is the other's.
void share_string_data(LiveObject& live) {
  const FieldStep given = FieldStep::field("stringData");
  const FieldSet* own = live.managed ? live.managed->find(given) : nullptr;
  if (own == nullptr) return;
  FieldSet theirs;
  for (ForeignWriter& writer : live.writers) {
    const FieldSet* data = writer.fields.find(FieldStep::field("data"));
    if (data == nullptr) continue;
    FieldSet shared;
    for (const auto& [step, below] : data->children()) {
      if (own->find(step) != nullptr) shared.insert(FieldPath{{given, step}});
    }
    for (const FieldPath& path : shared.paths()) {
      theirs.insert(path);
      writer.fields.insert(path);
    }
  }
  if (theirs.empty()) return;
  FieldSet kept;
  for (const FieldPath& path : live.managed->paths()) {
    if (!theirs.contains(path)) kept.insert(path);
  }
  live.managed = std::move(kept);
}

}  // namespace

Result<FieldSet> LiveObjectReader::decode(const Value& fields, Decoded& last, bool own) const {
  if (last.fields.is_null() || !(last.fields == fields)) {
    last.set = CARBON_TRY(decode_fields_v1(own ? without_operation(fields) : fields, type_.schema));
    last.fields = fields;
  }
  return last.set;
}

Status LiveObjectReader::read_managers(const Value& metadata, LiveObject& live) {
  const Value* entries = metadata.find("managedFields");
  if (entries == nullptr || entries->is_null()) return {};
  if (!entries->is_sequence()) return malformed(type_, "with managedFields that are no list");
  for (const Value& entry : entries->items()) {
    const Value* fields = entry.find("fieldsV1");
    if (fields == nullptr || fields->is_null()) continue;
    bool own = text_at(entry, {"manager"}) == field_manager && text_at(entry, {"operation"}) == "Apply" &&
               text_at(entry, {"subresource"}).empty();
    FieldSet set = CARBON_TRY(decode(*fields, own ? own_ : others_, own));
    if (own) {
      live.managed = std::move(set);
    } else if (std::string_view by = text_at(entry, {"manager"});
               by != keep_manager && by != exchange_manager) {
      live.writers.push_back({std::string(text_at(entry, {"manager"})),
                              std::string(text_at(entry, {"operation"})),
                              std::string(text_at(entry, {"time"})), std::move(set)});
    }
  }
  return {};
}

Result<LiveObject> LiveObjectReader::read(const Value& json) {
  const Value* metadata = json.find("metadata");
  if (metadata == nullptr || !metadata->is_fields()) return malformed(type_, "without metadata");
  std::string_view kind = text_at(json, {"kind"});
  if (!kind.empty() && kind != type_.kubernetes.kind) return malformed(type_, fmt::format("as a `{}`", kind));
  LiveObject live;
  live.presence = Presence::present;
  live.uid = text_at(*metadata, {"uid"});
  live.version = text_at(*metadata, {"resourceVersion"});
  bool complete = !live.uid.empty() && !live.version.empty() && !text_at(*metadata, {"name"}).empty() &&
                  text_at(*metadata, {"namespace"}).empty() != type_.kubernetes.namespaced;
  if (!complete) return malformed(type_, "without name, namespace, uid or resourceVersion");
  CARBON_CHECK(read_managers(*metadata, live));
  if (type_.kubernetes.group.empty() && type_.kubernetes.kind == "Secret") share_string_data(live);
  live.token = text_at(*metadata, {"annotations", operation_annotation});
  live.object = edited(json, {"apiVersion", "kind", "metadata"},
                       {{Value::string("apiVersion"), Value::string(type_.kubernetes.api_version())},
                        {Value::string("kind"), Value::string(type_.kubernetes.kind)},
                        {Value::string("metadata"), strip_metadata(*metadata)}});
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
