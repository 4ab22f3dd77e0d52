#include "platform/connectors/kubernetes/apply_body.h"

#include <fmt/format.h>

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

namespace {

/// The fields that the user set to null, and that the object still has. What was dropped from the text is not
/// among them: an apply removes it.
std::vector<FieldPath> nulls_left(const WriteRequest& request, const Value& object) {
  const Type& schema = *request.key.type->schema;
  std::vector<FieldPath> left;
  for (const FieldPath& path : request.removed) {
    const Value* written = find_at(request.desired, schema, path);
    bool is_null = written != nullptr && written->is_null();
    if (is_null && pointer_to(object, schema, path)) left.push_back(path);
  }
  return left;
}

std::string removals(const std::vector<FieldPath>& paths, const Value& object, const Type& schema) {
  std::vector<std::string> pointers;
  for (const FieldPath& path : paths) pointers.push_back(pointer_to(object, schema, path).value_or(""));
  // Later items of a list first: removing one moves those behind it. Longer numbers are greater ones.
  std::sort(pointers.begin(), pointers.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a > b;
  });
  std::string steps;
  for (const std::string& pointer : pointers)
    steps += ",{\"op\":\"remove\",\"path\":" + json_quote(pointer) + "}";
  return steps;
}

/// A replaced version is checked like any other precondition: 409 when it is stale.
std::string patch_of_version(const std::string& version, const std::string& steps) {
  return "[{\"op\":\"replace\",\"path\":\"/metadata/resourceVersion\",\"value\":" + json_quote(version) +
         "}" + steps + "]";
}

FieldPath parent_of(FieldPath path) {
  path.steps.pop_back();
  return path;
}

}  // namespace

std::string removal_patch(const WriteRequest& request, const Value& object, const std::string& version) {
  std::string steps = removals(nulls_left(request, object), object, *request.key.type->schema);
  return steps.empty() ? std::string() : patch_of_version(version, steps);
}

std::string exchange_patch(const WriteRequest& request, const Value& object, const std::string& version) {
  const Type& schema = *request.key.type->schema;
  std::vector<FieldPath> nulls = nulls_left(request, object);
  std::string steps;
  for (const FieldPath& path : request.changed) {
    const Value* wanted = find_at(request.desired, schema, path);
    bool beside = wanted != nullptr && !wanted->is_null() && !path.steps.empty() &&
                  path.steps.back().kind != FieldStep::Kind::index &&
                  std::any_of(nulls.begin(), nulls.end(),
                              [&](const FieldPath& null) { return parent_of(null) == parent_of(path); });
    auto parent = beside ? pointer_to(object, schema, parent_of(path)) : std::nullopt;
    if (!parent) continue;
    const FieldStep& last = path.steps.back();
    std::string pointer =
        *parent + pointer_token(last.kind == FieldStep::Kind::key ? last.key.front() : last.name);
    steps += fmt::format(R"(,{{"op":"add","path":{},"value":{}}})", json_quote(pointer), to_json(*wanted));
  }
  return steps.empty() ? std::string() : patch_of_version(version, steps + removals(nulls, object, schema));
}

std::string forget_manager_patch(const Value& object, std::string_view manager) {
  const Value* fields = find_field(object, {"metadata", "managedFields"});
  if (fields == nullptr || !fields->is_sequence()) return {};
  for (std::size_t i = 0; i < fields->items().size(); ++i) {
    if (text_at(fields->items()[i], {"manager"}) != manager) continue;
    std::string path = fmt::format("/metadata/managedFields/{}", i);
    return fmt::format(
        R"([{{"op":"test","path":"{0}/manager","value":"{1}"}},{{"op":"remove","path":"{0}"}}])", path,
        manager);
  }
  return {};
}

}  // namespace carbon
