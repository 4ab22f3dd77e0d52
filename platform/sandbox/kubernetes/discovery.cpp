#include "platform/sandbox/kubernetes/discovery.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/api_server.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/open_api.h"

namespace carbon::sandbox {

namespace {

Value list_of(const std::vector<std::string>& words) {
  std::vector<Value> items;
  for (const std::string& word : words) items.push_back(text(word));
  return Value::list(std::move(items));
}

Value version_info() {
  return fields({{"major", text("1")},
                 {"minor", text("35")},
                 {"emulationMajor", text("1")},
                 {"emulationMinor", text("35")},
                 {"minCompatibilityMajor", text("1")},
                 {"minCompatibilityMinor", text("34")},
                 {"gitVersion", text("v1.35.4+carbon")},
                 {"gitCommit", text("")},
                 {"gitTreeState", text("")},
                 {"buildDate", text("1970-01-01T00:00:00Z")},
                 {"goVersion", text("none")},
                 {"compiler", text("gc")},
                 {"platform", text("linux/amd64")}});
}

using Groups = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Groups with their versions, the preferred first.
Groups groups_of(const Resources& resources) {
  Groups groups;
  for (const auto& resource : resources.all()) {
    std::vector<std::string>& versions = groups[resource->group];
    if (std::ranges::find(versions, resource->version) == versions.end())
      versions.push_back(resource->version);
  }
  for (auto& [group, versions] : groups) std::ranges::sort(versions, std::greater{});
  return groups;
}

std::string group_version(std::string_view group, std::string_view version) {
  return group.empty() ? std::string(version) : fmt::format("{}/{}", group, version);
}

Value group_info(const std::string& group, const std::vector<std::string>& versions) {
  std::vector<Value> list;
  for (const std::string& version : versions) {
    list.push_back(
        fields({{"groupVersion", text(group_version(group, version))}, {"version", text(version)}}));
  }
  return fields({{"name", text(group)}, {"versions", Value::list(list)}, {"preferredVersion", list.front()}});
}

Value group_list(const Resources& resources) {
  std::vector<Value> items;
  for (const auto& [group, versions] : groups_of(resources)) {
    if (!group.empty()) items.push_back(group_info(group, versions));
  }
  return fields({{"kind", text("APIGroupList")},
                 {"apiVersion", text("v1")},
                 {"groups", Value::list(std::move(items))}});
}

Value core_versions() {
  return fields({{"kind", text("APIVersions")},
                 {"versions", Value::list({text("v1")})},
                 {"serverAddressByClientCIDRs", Value::list({})}});
}

Value resource_entry(const ResourceInfo& resource) {
  Value entry = fields({{"name", text(resource.plural)},
                        {"singularName", text(resource.singular)},
                        {"namespaced", Value::boolean(resource.namespaced)},
                        {"kind", text(resource.kind)},
                        {"verbs", list_of(resource.verbs)}});
  if (!resource.short_names.empty()) entry = with(entry, {"shortNames"}, list_of(resource.short_names));
  if (!resource.categories.empty()) entry = with(entry, {"categories"}, list_of(resource.categories));
  return entry;
}

Value subresource_entry(const ResourceInfo& resource, const SubresourceInfo& sub) {
  Value entry = fields({{"name", text(fmt::format("{}/{}", resource.plural, sub.name))},
                        {"singularName", text("")},
                        {"namespaced", Value::boolean(resource.namespaced)},
                        {"kind", text(sub.kind)},
                        {"verbs", list_of(sub.verbs)}});
  if (sub.group == resource.group && sub.version == resource.version) return entry;
  return with(with(entry, {"group"}, text(sub.group)), {"version"}, text(sub.version));
}

std::optional<Value> resource_list(const Resources& resources, std::string_view group,
                                   std::string_view version) {
  std::map<std::string, Value> entries;
  for (const auto& resource : resources.all()) {
    if (resource->group != group || resource->version != version) continue;
    entries[resource->plural] = resource_entry(*resource);
    for (const SubresourceInfo& sub : resource->subresources) {
      entries[fmt::format("{}/{}", resource->plural, sub.name)] = subresource_entry(*resource, sub);
    }
  }
  if (entries.empty()) return std::nullopt;
  std::vector<Value> items;
  for (auto& [name, entry] : entries) items.push_back(std::move(entry));
  Value list = fields({{"kind", text("APIResourceList")},
                       {"groupVersion", text(group_version(group, version))},
                       {"resources", Value::list(std::move(items))}});
  // The core group's list really has no apiVersion (recorded/930).
  return group.empty() ? list : with(list, {"apiVersion"}, text("v1"));
}

/// The core group's own kinds have no version here (recorded/933).
Value kind_reference(std::string_view group, std::string_view version, std::string_view kind) {
  if (group.empty()) version = "";
  return fields({{"group", text(group)}, {"version", text(version)}, {"kind", text(kind)}});
}

Value aggregated_resource(const ResourceInfo& resource) {
  Value entry = fields({{"resource", text(resource.plural)},
                        {"responseKind", kind_reference(resource.group, resource.version, resource.kind)},
                        {"scope", text(resource.namespaced ? "Namespaced" : "Cluster")},
                        {"singularResource", text(resource.singular)},
                        {"verbs", list_of(resource.verbs)}});
  if (!resource.short_names.empty()) entry = with(entry, {"shortNames"}, list_of(resource.short_names));
  if (!resource.categories.empty()) entry = with(entry, {"categories"}, list_of(resource.categories));
  std::vector<Value> subs;
  for (const SubresourceInfo& sub : resource.subresources) {
    subs.push_back(fields({{"subresource", text(sub.name)},
                           {"responseKind", kind_reference(sub.group, sub.version, sub.kind)},
                           {"verbs", list_of(sub.verbs)}}));
  }
  return subs.empty() ? entry : with(entry, {"subresources"}, Value::list(std::move(subs)));
}

/// KEP-3352: all groups in one answer. `core` says which half: /api or /apis.
enum class Half : std::uint8_t { core, named };

Value aggregated(const Resources& resources, Half half, std::string_view version_name) {
  std::vector<Value> groups;
  for (const auto& [group, versions] : groups_of(resources)) {
    if (group.empty() != (half == Half::core)) continue;
    std::vector<Value> list;
    for (const std::string& version : versions) {
      std::vector<Value> entries;
      std::map<std::string, Value> by_name;
      for (const auto& resource : resources.all()) {
        bool here = resource->group == group && resource->version == version;
        if (here) by_name[resource->plural] = aggregated_resource(*resource);
      }
      for (auto& [name, entry] : by_name) entries.push_back(std::move(entry));
      list.push_back(fields(
          {{"version", text(version)}, {"freshness", text("Current")}, {"resources", Value::list(entries)}}));
    }
    Value metadata = group.empty() ? fields({}) : fields({{"name", text(group)}});
    groups.push_back(fields({{"metadata", metadata}, {"versions", Value::list(std::move(list))}}));
  }
  return fields({{"kind", text("APIGroupDiscoveryList")},
                 {"apiVersion", text(fmt::format("apidiscovery.k8s.io/{}", version_name))},
                 {"metadata", fields({})},
                 {"items", Value::list(std::move(groups))}});
}

ApiResponse discovery_root(const Resources& resources, const ApiRequest& request, Half half) {
  ApiResponse response;
  for (std::string_view version : {"v2", "v2beta1"}) {
    if (request.accept.find(fmt::format("v={};as=APIGroupDiscoveryList", version)) == std::string::npos)
      continue;
    response = json_response(200, aggregated(resources, half, version));
    response.content_type =
        fmt::format("application/json;g=apidiscovery.k8s.io;v={};as=APIGroupDiscoveryList", version);
    break;
  }
  if (response.body.empty())
    response = json_response(200, half == Half::core ? core_versions() : group_list(resources));
  response.headers.emplace_back("Vary", "Accept");
  return response;
}

ApiResponse plain(std::string body) {
  ApiResponse response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(body);
  return response;
}

/// No bytes at all count as an empty document for every kubectl; JSON here breaks them
/// (research/kubernetes.md 4.1).
ApiResponse open_api_2() {
  ApiResponse response;
  response.content_type = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
  return response;
}

std::optional<ApiResponse> group_answer(const Resources& resources, const std::vector<std::string>& parts) {
  if (parts.size() == 2) {
    Groups groups = groups_of(resources);
    auto found = groups.find(parts[1]);
    if (found == groups.end()) return std::nullopt;
    Value info = group_info(found->first, found->second);
    return json_response(200, with(with(info, {"kind"}, text("APIGroup")), {"apiVersion"}, text("v1")));
  }
  auto list = resource_list(resources, parts[1], parts[2]);
  return list ? std::optional(json_response(200, *list)) : std::nullopt;
}

}  // namespace

std::optional<ApiResponse> answer_non_resource(const Resources& resources, const ApiRequest& request) {
  std::vector<std::string> parts = path_segments(request.path);
  std::string first = parts.empty() ? "" : parts[0];
  if (first == "version") return json_response(200, version_info());
  if (first == "healthz" || first == "livez" || first == "readyz") return plain("ok");
  if (first == "openapi") {
    if (parts.size() == 2 && parts[1] == "v2") return open_api_2();
    if (parts.size() >= 2 && parts[1] == "v3") return answer_open_api_3(resources, parts);
    return status_response(no_such_resource());
  }
  if (first == "api" && parts.size() == 1) return discovery_root(resources, request, Half::core);
  if (first == "apis" && parts.size() == 1) return discovery_root(resources, request, Half::named);
  if (first == "api" && parts.size() == 2) {
    auto list = resource_list(resources, "", parts[1]);
    return json_response(200, list ? *list : no_such_resource().to_value());
  }
  if (first == "apis" && parts.size() <= 3) {
    auto answer = group_answer(resources, parts);
    if (answer) return answer;
  }
  return std::nullopt;
}

}  // namespace carbon::sandbox
