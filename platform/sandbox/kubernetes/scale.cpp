// The scale subresource: autoscaling/v1 Scale, a view of a workload's replicas (registry/apps/*/storage,
// scale_util.go).
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

#include "base/utc_time.h"
#include "platform/sandbox/kubernetes/api_server.h"
#include "platform/sandbox/kubernetes/kind_rules.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/patches.h"
#include "platform/sandbox/kubernetes/typed_walk.h"
#include "platform/sandbox/kubernetes/validation.h"
#include "platform/sandbox/kubernetes/wire.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view scale_version = "autoscaling/v1";

std::string expression_text(const Value& expression) {
  std::string_view key = text_at(expression, {"key"}), how = text_at(expression, {"operator"});
  std::vector<std::string> values;
  for (const Value& value : items_at(expression, {"values"})) values.emplace_back(value.text());
  std::ranges::sort(values);
  if (how == "Exists") return std::string(key);
  if (how == "DoesNotExist") return fmt::format("!{}", key);
  return fmt::format("{} {} ({})", key, how == "In" ? "in" : "notin", fmt::join(values, ","));
}

/// The value at a path like `.spec.replicas`, as a CustomResourceDefinition writes it.
const Value* find_path(const Value& object, std::string_view path) {
  const Value* place = &object;
  while (place != nullptr && path.starts_with('.')) {
    std::size_t end = std::min(path.find('.', 1), path.size());
    place = at(*place, {path.substr(1, end - 1)});
    path.remove_prefix(end);
  }
  return place;
}

Value with_path(const Value& object, std::string_view path, Value value) {
  std::size_t end = std::min(path.find('.', 1), path.size());
  std::string_view name = path.substr(1, end - 1);
  if (end == path.size()) return with(object, {name}, std::move(value));
  const Value* inner = at(object, {name});
  return with(object, {name},
              with_path(inner == nullptr ? fields({}) : *inner, path.substr(end), std::move(value)));
}

std::int64_t number_at(const Value& object, std::string_view path) {
  const Value* found = find_path(object, path);
  return found != nullptr && found->kind() == ValueKind::integer ? found->as_int() : 0;
}

/// The selector of a workload as text, as labels.Selector writes it.
std::string selector_text(const ResourceInfo& resource, const Value& object) {
  if (resource.custom) {
    const Value* found = find_path(object, resource.scale.selector);
    return found != &object && found != nullptr && found->is_string() ? std::string(found->text())
                                                                      : std::string();
  }
  std::vector<std::string> parts;
  const Value* selector = at(object, {"spec", "selector"});
  if (selector == nullptr) return {};
  const Value* labels = at(*selector, {"matchLabels"});
  bool plain =
      labels == nullptr && at(*selector, {"matchExpressions"}) == nullptr;  // a ReplicationController's
  if (plain) labels = selector;
  if (labels != nullptr) {
    for (const Entry& label : labels->entries())
      parts.push_back(fmt::format("{}={}", label.key.text(), label.value.text()));
  }
  if (!plain) {
    for (const Value& expression : items_at(*selector, {"matchExpressions"}))
      parts.push_back(expression_text(expression));
  }
  std::ranges::sort(parts);
  return fmt::format("{}", fmt::join(parts, ","));
}

Value scale_of(const ResourceInfo& resource, const Value& object) {
  const ScalePaths& paths = resource.scale;
  Value metadata = fields({});
  for (std::string_view name : {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
    if (const Value* value = at(object, {"metadata", name})) metadata = with(metadata, {name}, *value);
  }
  Value spec = fields({});
  // Go's `omitempty`: a Scale of nothing has no replicas.
  if (auto replicas = number_at(object, paths.replicas); replicas != 0)
    spec = with(spec, {"replicas"}, number(replicas));
  Value status = fields({{"replicas", number(number_at(object, paths.status_replicas))}});
  if (std::string selector = selector_text(resource, object); !selector.empty())
    status = with(status, {"selector"}, text(selector));
  return fields({{"apiVersion", text(scale_version)},
                 {"kind", text("Scale")},
                 {"metadata", metadata},
                 {"spec", spec},
                 {"status", status}});
}

ApiResult<std::int64_t> wanted_replicas(const Value& scale, std::string_view name) {
  std::int64_t replicas = int_at(scale, {"spec", "replicas"}).value_or(0);
  if (replicas >= 0) return replicas;
  return refuse(
      invalid("autoscaling", "Scale", name,
              {invalid_value("spec.replicas", number(replicas), "must be greater than or equal to 0")}));
}

}  // namespace

ApiResult<Answer> ApiServer::read_scale(const Route& route) {
  std::optional<Value> live = writer_.load(route.key());
  if (!live) return refuse(not_found(route.resource->group, route.resource->plural, route.name));
  return Answer{scale_of(*route.resource, *live), 200, {}};
}

/// An applied Scale owns `spec.replicas` of the workload. Conflicts name the version that the Scale has.
ApiResult<Value> ApiServer::apply_scale(const Route& route, const Value& live, const Value& config,
                                        const WriteOptions& options, const Occasion& occasion) {
  WriteContext write = context(route, options, occasion);
  Value part = fields({});
  if (const Value* replicas = at(config, {"spec", "replicas"}))
    part = with_path(part, route.resource->scale.replicas, *replicas);
  ManagerEntries shown = managers_of(live);
  for (ManagerEntry& entry : shown) entry.api_version = scale_version;
  Value before = without(live, {"metadata", "managedFields"});
  Value blank = blank_object(write.schema);
  Force force = options.force ? Force::yes : Force::no;
  auto right = apply_config(write.schema, blank, before, part, std::move(shown), write.writer, force);
  if (!right) return refuse(right.error());
  auto applied = apply_config(write.schema, blank, before, part, managers_of(live), write.writer, force);
  if (!applied) return refuse(applied.error());
  return writer_.update(write, live, with_managers(applied->object, std::move(applied->managers)));
}

ApiResult<Answer> ApiServer::write_scale(const Route& route, std::string_view type, const Value& body,
                                         const WriteOptions& options, const Occasion& occasion) {
  const ResourceInfo& resource = *route.resource;
  std::optional<Value> live = writer_.load(route.key());
  if (!live) return refuse(not_found(resource.group, resource.plural, route.name));
  Value before = scale_of(resource, *live);
  ApiResult<Value> wanted = body;
  bool applies = type == "application/apply-patch+yaml";
  const SchemaNode* schema = resources_.schema_of(scale_version, "Scale");
  if (!applies && type.ends_with("patch+json"))
    wanted = patched_object(resource, *schema, type, before, body);
  if (!wanted) return refuse(wanted.error());
  auto replicas = wanted_replicas(*wanted, route.name);
  if (!replicas) return refuse(replicas.error());
  if (std::string why = decode_error(*schema, "Scale", *wanted); !why.empty())
    return refuse(bad_request(why));
  ApiResult<Value> object;
  if (applies) {
    object = apply_scale(route, *live, *wanted, options, occasion);
  } else {
    Value after = with_path(*live, resource.scale.replicas, number(*replicas));
    if (const Value* version = at(*wanted, {"metadata", "resourceVersion"}))
      after = with(after, {"metadata", "resourceVersion"}, *version);
    object = updated(route, *live, std::move(after), options, occasion);
  }
  if (!object) return refuse(object.error());
  return Answer{scale_of(resource, *object), 200, {}};
}

}  // namespace carbon::sandbox
