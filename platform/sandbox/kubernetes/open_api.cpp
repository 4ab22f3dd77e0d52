#include "platform/sandbox/kubernetes/open_api.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>

#include "platform/sandbox/kubernetes/api_server.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/open_api_schemas.h"

namespace carbon::sandbox {

namespace {

/// `api/v1`, `apis/apps/v1`.
std::string version_path(const ResourceInfo& resource) {
  return resource.group.empty() ? fmt::format("api/{}", resource.version)
                                : fmt::format("apis/{}", resource.api_version);
}

Value index_of(const Resources& resources) {
  Value paths = fields({});
  for (const auto& resource : resources.all()) {
    std::string path = version_path(*resource);
    // The hash makes the leaf cacheable for ever; ours never change within a release.
    paths = with(paths, {path},
                 fields({{"serverRelativeURL", text(fmt::format("/openapi/v3/{}?hash=carbon-1", path))}}));
  }
  return fields({{"paths", paths}});
}

Value operation(const ResourceInfo& resource, std::string_view action) {
  return fields({{"responses", fields({})},
                 {"x-kubernetes-action", text(action)},
                 {"x-kubernetes-group-version-kind", group_version_kind(resource)}});
}

Value patch_of(const ResourceInfo& resource) {
  std::vector<Value> parameters;
  for (std::string_view name : {"dryRun", "fieldManager", "fieldValidation", "force"}) {
    parameters.push_back(fields(
        {{"name", text(name)}, {"in", text("query")}, {"schema", fields({{"type", text("string")}})}}));
  }
  return with(operation(resource, "patch"), {"parameters"}, Value::list(std::move(parameters)));
}

}  // namespace

ApiResponse answer_open_api_3(const Resources& resources, const std::vector<std::string>& parts) {
  if (parts.size() == 2) return json_response(200, index_of(resources));
  std::string wanted = fmt::format("{}", fmt::join(std::span(parts).subspan(2), "/"));
  Value paths = fields({});
  OpenApiSchemas schemas;
  for (const auto& resource : resources.all()) {
    if (version_path(*resource) != wanted) continue;
    schemas.add(*resource);
    if (!resource->can("get")) continue;
    std::string_view scope = resource->namespaced ? "namespaces/{namespace}/" : "";
    std::string path = fmt::format("/{}/{}{}/{{name}}", wanted, scope, resource->plural);
    Value operations = fields({{"get", operation(*resource, "get")}});
    if (resource->can("patch")) operations = with(operations, {"patch"}, patch_of(*resource));
    paths = with(paths, {path}, operations);
  }
  if (paths.entries().empty()) return status_response(no_such_resource());
  return json_response(
      200, fields({{"openapi", text("3.0.0")},
                   {"info", fields({{"title", text("Kubernetes")}, {"version", text("v1.35.4+carbon")}})},
                   {"paths", paths},
                   {"components", fields({{"schemas", schemas.components()}})}}));
}

}  // namespace carbon::sandbox
