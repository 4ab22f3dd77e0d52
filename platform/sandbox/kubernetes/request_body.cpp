// What stands in a request's body: media types, strict decoding.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/api_server.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/patches.h"
#include "platform/sandbox/kubernetes/protobuf_body.h"
#include "platform/sandbox/kubernetes/wire.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view apply_type = "application/apply-patch+yaml";
constexpr std::array<std::string_view, 4> patch_types{apply_type, "application/json-patch+json",
                                                      "application/merge-patch+json",
                                                      "application/strategic-merge-patch+json"};

std::string_view type_of(const ApiRequest& request) {
  std::string_view type = std::string_view(request.content_type).substr(0, request.content_type.find(';'));
  return type.empty() ? "application/json" : type;
}

ApiStatus malformed(const ResourceInfo& resource, std::string_view body, std::string_view type,
                    std::string_view why) {
  if (type == apply_type || type == "application/yaml") {
    return bad_request(
        "error decoding YAML: error converting YAML to JSON: yaml: did not find expected node content");
  }
  if (type == "application/strategic-merge-patch+json" && !body.empty())
    return bad_request(fmt::format("invalid character '{}' looking for beginning of value", body.front()));
  if (std::ranges::find(patch_types, type) != patch_types.end()) {
    return bad_request(fmt::format("error decoding patch: {}", why));
  }
  constexpr std::size_t shown = 30;
  return bad_request(
      fmt::format("the object provided is unrecognized (must be of type {}): couldn't get version/kind; json "
                  "parse error: unexpected "
                  "end of JSON input ({} ...)",
                  resource.kind, body.substr(0, shown)));
}

std::string cannot_be(const ResourceInfo& resource, std::string_view why) {
  return fmt::format("{} in version \"{}\" cannot be handled as a {}: {}", resource.kind, resource.version,
                     resource.kind, why);
}

}  // namespace

ApiResult<void> check_media_type(const ApiRequest& request) {
  std::string_view type = type_of(request);
  bool patches = request.method == "PATCH";
  if (patches && std::ranges::find(patch_types, type) == patch_types.end()) {
    ApiStatus status = unsupported_media_type("415: Unsupported Media Type");
    status.has_details = true;
    return refuse(std::move(status));
  }
  if (patches || type == "application/json" || type == "application/yaml" || is_protobuf(type)) return {};
  return refuse(unsupported_media_type(
      "the body of the request was in an unknown format - accepted media types include: application/json, "
      "application/yaml, application/vnd.kubernetes.protobuf"));
}

ApiResult<Value> ApiServer::read_body(const ApiRequest& request, const Route& route) {
  std::string_view type = type_of(request);
  bool applies = type == apply_type;
  if (is_protobuf(type)) {
    return read_protobuf(request.body, [this](std::string_view version, std::string_view kind) {
      return resources_.schema_of(version, kind);
    });
  }
  Result<Value> json =
      request.body.empty() && applies ? Result<Value>(Value::map({})) : parse_json(request.body);
  if (!json && (applies || type == "application/yaml") && yaml_) {
    if (std::optional<Value> read = yaml_(request.body)) json = *std::move(read);
  }
  if (!json || (!json->is_fields() && type != "application/json-patch+json")) {
    return refuse(malformed(*route.resource, request.body, type,
                            json
                                ? "json: cannot unmarshal array into Go value of type map[string]interface {}"
                                : json.error().message()));
  }
  return *std::move(json);
}

ApiResult<Value> ApiServer::decode_body(const ApiRequest& request, const Route& route, WriteOptions& options,
                                        std::vector<std::string>& warnings) {
  std::string_view type = type_of(request);
  if (options.manager.empty()) options.manager = request.user_agent.substr(0, request.user_agent.find('/'));
  auto body = read_body(request, route);
  bool applies = type == apply_type;
  if (!body) return body;
  if (request.method == "PATCH" && !applies) {
    if (options.validation == "Ignore") return body;
    std::string_view about = type == "application/json-patch+json" ? "json patch " : "";
    for (const std::string& path : duplicate_fields(request.body))
      warnings.push_back(fmt::format("{}duplicate field \"{}\"", about, path));
    if (options.validation != "Strict" || warnings.empty()) return body;
    return refuse(
        unfit_patch(type, *body, {}, fmt::format("strict decoding error: {}", fmt::join(warnings, ", "))));
  }
  std::string_view text = is_protobuf(type) ? std::string_view("{}") : std::string_view(request.body);
  if (auto right = check_fields(route, *body, text, options, applies, warnings); !right)
    return refuse(right.error());
  return body;
}

/// Unknown and double fields: refused, warned of or ignored, as fieldValidation says. Unknown fields of an
/// applied configuration are found by its own walk.
ApiResult<void> ApiServer::check_fields(const Route& route, const Value& body, std::string_view json,
                                        const WriteOptions& options, bool applies,
                                        std::vector<std::string>& warnings) {
  const ResourceInfo& resource = *route.resource;
  bool strict = options.validation == "Strict";
  std::vector<std::string> twice =
      options.validation == "Ignore" ? std::vector<std::string>() : duplicate_fields(json);
  if (applies) {
    if (!strict || twice.empty()) return {};
    std::string key = twice[0].substr(twice[0].rfind('.') == std::string::npos ? 0 : twice[0].rfind('.') + 1);
    return refuse(
        bad_request(fmt::format("error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal "
                                "errors:\n  line 1: key \"{}\" already "
                                "set in map",
                                key)));
  }
  if (route.subresource == "scale") return {};
  std::string_view kind = text_at(body, {"kind"});
  std::string_view version = text_at(body, {"apiVersion"});
  bool mismatch =
      (!kind.empty() && kind != resource.kind) || (!version.empty() && version != resource.api_version);
  if (mismatch) {
    return refuse(
        bad_request(fmt::format("the object provided ({}, Kind={}) does not match the resource ({}, Kind={})",
                                version, kind, resource.api_version, resource.kind)));
  }
  const SchemaNode& schema = resources_.schema(*route.resource);
  if (std::string why = decode_error(schema, resource.kind, body); !why.empty()) {
    return refuse(bad_request(cannot_be(resource, why)));
  }
  std::vector<std::string> found =
      options.validation == "Ignore" ? std::vector<std::string>() : unknown_fields(schema, body);
  for (const std::string& path : twice) found.push_back(fmt::format("duplicate field \"{}\"", path));
  if (strict && !found.empty()) {
    return refuse(
        bad_request(cannot_be(resource, fmt::format("strict decoding error: {}", fmt::join(found, ", ")))));
  }
  warnings = std::move(found);
  return {};
}

}  // namespace carbon::sandbox
