#include "platform/connectors/kubernetes/apply_body.h"

#include <algorithm>
#include <optional>

#include "base/value_json.h"
#include "engine/model/typed_path.h"
#include "platform/connectors/kubernetes/json_edit.h"
#include "platform/connectors/kubernetes/live_object.h"

namespace carbon {

namespace {

/// RFC 6901, section 3.
std::string pointer_token(std::string_view name) {
  std::string out = "/";
  for (char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

/// Where a path stands in this very object, or nothing when it is not there.
std::optional<std::string> pointer_to(const Value& object, const Type& schema, const FieldPath& path) {
  std::string pointer;
  const Value* at = &object;
  TypePtr type = &schema;
  for (const FieldStep& step : path.steps) {
    FieldPath one{{step}};
    static const Type unknown;
    const Type& here = type == nullptr ? unknown : plain_type(*type);
    const Value* next = find_at(*at, here, one);
    if (next == nullptr) return std::nullopt;
    if (at->is_sequence()) {
      pointer += "/" + std::to_string(next - at->items().data());
    } else {
      pointer += pointer_token(step.kind == FieldStep::Kind::key ? step.key.front() : step.name);
    }
    type = type == nullptr ? nullptr : step_type(here, step);
    at = next;
  }
  return pointer;
}

}  // namespace

Value apply_body(const WriteRequest& request, const ObjectName& name, const std::string& uid,
                 const std::string& version) {
  const KubernetesApi& api = request.key.type->kubernetes;
  Value desired = without_nulls(request.desired);
  const Value* written = desired.find("metadata");
  Value metadata = with_field(written == nullptr ? Value() : *written, "name", Value::string(name.name));
  if (!name.name_space.empty()) metadata = with_field(metadata, "namespace", Value::string(name.name_space));
  if (!request.token.empty()) {
    const Value* annotations = metadata.find("annotations");
    Value tokened = with_field(annotations == nullptr ? Value() : *annotations, operation_annotation,
                               Value::string(request.token));
    metadata = with_field(metadata, "annotations", std::move(tokened));
  }
  if (!uid.empty()) metadata = with_field(metadata, "uid", Value::string(uid));
  if (!version.empty()) metadata = with_field(metadata, "resourceVersion", Value::string(version));
  std::vector<Entry> body{{Value::string("apiVersion"), Value::string(api.api_version())},
                          {Value::string("kind"), Value::string(api.kind)},
                          {Value::string("metadata"), std::move(metadata)}};
  for (const Entry& entry : desired.is_fields() ? desired.entries() : std::span<const Entry>()) {
    if (entry.key.text() != "metadata") body.push_back(entry);
  }
  return Value::record(std::move(body));
}

std::string removal_patch(const WriteRequest& request, const Value& object, const std::string& version) {
  const Type& schema = *request.key.type->schema;
  std::vector<std::string> pointers;
  for (const FieldPath& path : request.removed) {
    const Value* written = find_at(request.desired, schema, path);
    if (written == nullptr || !written->is_null()) continue;  // dropped: the apply itself has removed it
    if (auto pointer = pointer_to(object, schema, path)) pointers.push_back(std::move(*pointer));
  }
  // Later items of a list first: removing one moves those behind it. Longer numbers are greater ones.
  std::sort(pointers.begin(), pointers.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a > b;
  });
  std::string steps;
  for (const std::string& pointer : pointers)
    steps += ",{\"op\":\"remove\",\"path\":" + json_quote(pointer) + "}";
  if (steps.empty()) return {};
  // A replaced version is checked like any other precondition: 409 when it is stale.
  return "[{\"op\":\"replace\",\"path\":\"/metadata/resourceVersion\",\"value\":" + json_quote(version) +
         "}" + steps + "]";
}

}  // namespace carbon
