// Requests to answers: paths, options, bodies, media types. What is written is decided in object_writes.cpp.
#include "platform/sandbox/kubernetes/api_server.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <utility>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/access_reviews.h"
#include "platform/sandbox/kubernetes/discovery.h"
#include "platform/sandbox/kubernetes/kind_rules.h"
#include "platform/sandbox/kubernetes/listing.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/validation.h"

namespace carbon::sandbox {

namespace {

constexpr std::size_t largest_body = 3145728;
constexpr std::string_view apply_type = "application/apply-patch+yaml";

std::string option(const ApiRequest& request, std::string_view name) {
  auto found = request.query.find(std::string(name));
  return found == request.query.end() ? std::string() : found->second;
}

/// The media type without its parameters.
std::string_view media_type(const ApiRequest& request) {
  std::string_view type = request.content_type;
  type = type.substr(0, type.find(';'));
  return type.empty() ? "application/json" : type;
}

bool is_true(std::string_view text) { return text == "true" || text == "1"; }

ApiStatus without_details(ApiStatus status) {
  status.has_details = true;
  return status;
}

bool acceptable(std::string_view accept) {
  if (accept.empty()) return true;
  return std::ranges::any_of(
      std::array{"json", "*/*", "application/*", "yaml", "protobuf", "text/plain"},
      [&](std::string_view type) { return accept.find(type) != std::string_view::npos; });
}

ApiStatus not_acceptable() {
  ApiStatus status = without_details(
      bad_request("406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, "
                  "application/vnd.kubernetes.protobuf"));
  status.code = 406;
  status.reason = "NotAcceptable";
  return status;
}

ApiStatus invalid_options(std::string_view kind, StatusCause cause) {
  return invalid("meta.k8s.io", kind, "", {std::move(cause)});
}

WriteOptions options_of(const ApiRequest& request) {
  WriteOptions options;
  options.manager = option(request, "fieldManager");
  options.validation = option(request, "fieldValidation");
  options.dry_run = option(request, "dryRun") == "All";
  options.force = is_true(option(request, "force"));
  options.user = &request.user;
  return options;
}

/// Errors: 422 as PatchOptions' validation words them.
ApiResult<void> check_options(const ApiRequest& request, const WriteOptions& options) {
  bool applies = request.method == "PATCH" && media_type(request) == apply_type;
  std::string_view kind = request.method == "PATCH"  ? "PatchOptions"
                          : request.method == "POST" ? "CreateOptions"
                                                     : "UpdateOptions";
  if (applies && options.manager.empty()) {
    return refuse(invalid_options(kind, required_value("fieldManager", "is required for apply patch")));
  }
  if (!applies && request.query.contains("force") && request.method == "PATCH") {
    return refuse(
        invalid_options(kind, forbidden_value("force", "may not be specified for non-apply patch")));
  }
  if (options.manager.size() > 128) {
    return refuse(invalid_options(
        kind, {"FieldValueTooLong", "Too long: may not be more than 128 bytes", "fieldManager"}));
  }
  std::string dry_run = option(request, "dryRun");
  if (!dry_run.empty() && dry_run != "All")
    return refuse(invalid_options(kind, not_supported("dryRun", dry_run, {"All"})));
  return {};
}

std::string warning_header(std::string_view text) { return fmt::format("299 - {}", json_quote(text)); }

}  // namespace

ApiResponse json_response(int code, const Value& body) {
  ApiResponse response;
  response.status = code;
  response.body = to_json(body);
  return response;
}

ApiResponse status_response(const ApiStatus& status) {
  ApiResponse response = json_response(status.code, status.to_value());
  if (status.retry_after_seconds)
    response.headers.emplace_back("Retry-After", std::to_string(*status.retry_after_seconds));
  return response;
}

Value ApiServer::whole(const ResourceInfo& resource, const Value& bare) const {
  return with(with(bare, {"apiVersion"}, text(resource.api_version)), {"kind"}, text(resource.kind));
}

void ApiServer::load_definitions() {
  store_->visit("customresourcedefinitions.apiextensions.k8s.io", {}, nullptr,
                [&](const StoreKey& key, std::int64_t) {
                  if (std::optional<Value> definition = writer_.load(key))
                    resources_.add_definition(*definition);
                  return true;
                });
}

/// `/api/v1/…` and `/apis/GROUP/VERSION/…`; errors are 404s, of which an unknown group's is plain text.
ApiResult<Route> ApiServer::route(std::string_view path) {
  std::vector<std::string> parts = path_segments(path);
  bool core = !parts.empty() && parts[0] == "api";
  bool named = parts.size() > 2 && parts[0] == "apis";
  std::size_t at = core ? 2 : 3;
  if ((!core && !named) || parts.size() <= at) return refuse(no_such_resource());
  std::string group = core ? "" : parts[1];
  if (!resources_.has_group(group)) {
    ApiStatus unknown = no_such_resource();
    unknown.message.clear();  // told as plain text
    return refuse(std::move(unknown));
  }
  const std::string& version = parts[at - 1];
  Route found;
  bool in_namespace = parts[at] == "namespaces" && parts.size() > at + 2 && parts[at + 2] != "status" &&
                      parts[at + 2] != "finalize";
  if (in_namespace) {
    found.namespace_name = parts[at + 1];
    at += 2;
  }
  found.resource = resources_.by_path(group, version, parts[at]);
  if (found.resource == nullptr || (in_namespace && !found.resource->namespaced))
    return refuse(no_such_resource());
  if (parts.size() > at + 1) found.name = parts[at + 1];
  if (parts.size() > at + 2) found.subresource = parts[at + 2];
  bool known = found.subresource.empty() || found.resource->subresource(found.subresource) != nullptr;
  bool placed = !found.resource->namespaced || !found.namespace_name.empty() || found.name.empty();
  if (!known || !placed || parts.size() > at + 3) return refuse(no_such_resource());
  return found;
}

ApiResponse ApiServer::handle(const ApiRequest& request, const Occasion& occasion) {
  auto user = acting_user(request);
  if (!user) return status_response(user.error());
  if (request.acts_as) {
    ApiRequest acted = request;
    acted.user = *std::move(user);
    acted.acts_as.reset();
    return handle(acted, occasion);
  }
  if (auto allowed = check_access(request); !allowed) return status_response(allowed.error());
  return answer(request, occasion);
}

ApiResponse ApiServer::answer(const ApiRequest& request, const Occasion& occasion) {
  if (request.body.size() > largest_body) {
    ApiStatus status = bad_request(fmt::format("Request entity too large: limit is {}", largest_body));
    status.code = 413;
    status.reason = "RequestEntityTooLarge";
    return status_response(status);
  }
  if (request.method == "GET") {
    if (auto found = answer_non_resource(resources_, request)) return *std::move(found);
  }
  if (is_review(request)) return answer_review(request, authorizer_, occasion);
  auto found = route(request.path);
  if (!found && found.error().message.empty()) {
    ApiResponse response;
    response.status = 404;
    response.content_type = "text/plain; charset=utf-8";
    response.body = "404 page not found\n";
    return response;
  }
  if (!found) return status_response(found.error());
  if (!acceptable(request.accept)) return status_response(not_acceptable());
  ApiResponse response = answer_resource(request, *found, occasion);
  if (found->resource->storage == "endpoints") {
    response.headers.emplace_back(
        "Warning",
        warning_header("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"));
  }
  return response;
}

ApiResponse ApiServer::answer_resource(const ApiRequest& request, const Route& route,
                                       const Occasion& occasion) {
  const ResourceInfo& resource = *route.resource;
  if (!resource.stored_elsewhere.empty()) return status_response(not_modelled(resource.stored_elsewhere));
  if (request.method == "GET") return read(request, route);
  if (request.method == "DELETE") return answer_delete(request, route, occasion);
  bool collection = route.name.empty();
  bool creates = request.method == "POST" && collection && resource.can("create");
  bool changes =
      (request.method == "PUT" || request.method == "PATCH") && !collection && resource.can("update");
  bool sub = request.method == "POST" && !route.subresource.empty();
  if (sub && route.subresource == "eviction") return answer_eviction(request, route, occasion);
  if (sub && route.subresource == "token") return answer_token(request, route, occasion);
  if (sub) return status_response(not_modelled(fmt::format("{}/{}", resource.storage, route.subresource)));
  if (!creates && !changes) return status_response(method_not_allowed());
  return write(request, route, occasion);
}

ApiResponse ApiServer::read(const ApiRequest& request, const Route& route) {
  ResourceInfo& resource = *route.resource;
  if (!resource.can("get") && !resource.can("list")) return status_response(method_not_allowed());
  if (!route.name.empty()) {
    if (route.subresource == "scale") {
      auto scale = read_scale(route);
      return scale ? json_response(scale->code, scale->object) : status_response(scale.error());
    }
    if (!route.subresource.empty() && route.subresource != "status") {
      return status_response(not_modelled(fmt::format("{}/{}", resource.storage, route.subresource)));
    }
    std::optional<StoredObject> stored = store_->get(route.key());
    if (!stored) return status_response(not_found(resource.group, resource.plural, route.name));
    ApiResponse response;
    response.body = fmt::format("{{\"apiVersion\":{},\"kind\":{},{}", json_quote(resource.api_version),
                                json_quote(resource.kind), std::string_view(stored->json).substr(1));
    return response;
  }
  ApiResponse response;
  bool table_only = request.accept.find("as=Table") != std::string::npos &&
                    request.accept.find(", application/json") == std::string::npos &&
                    request.accept.find(",application/json") == std::string::npos;
  if (table_only) return status_response(not_modelled("Tables without another accepted form"));
  if (is_true(option(request, "watch"))) {
    auto watch = watch_start(*store_, resource, route.namespace_name, request);
    if (!watch) return status_response(watch.error());
    response.body = watch_beginning(*store_, resource, request, *watch);
    // A watch of a version that is gone ends after the error.
    if (watch->timeout_seconds > 0) response.watch = *std::move(watch);
    return response;
  }
  auto list = list_objects(*store_, resource, route.namespace_name, request, counts_);
  if (!list) return status_response(list.error());
  response.body = *std::move(list);
  if (request.accept.find("as=PartialObjectMetadataList") != std::string::npos) {
    response.content_type = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
  }
  return response;
}

ApiResponse ApiServer::write(const ApiRequest& request, const Route& route, const Occasion& occasion) {
  WriteOptions options = options_of(request);
  if (auto right = check_media_type(request); !right) return status_response(right.error());
  if (auto right = check_options(request, options); !right) return status_response(right.error());
  std::vector<std::string> warnings;
  auto body = decode_body(request, route, options, warnings);
  if (!body) return status_response(body.error());
  ApiResult<Answer> done;
  if (route.subresource == "scale") {
    done = write_scale(route, media_type(request), *body, options, occasion);
  } else if (!route.subresource.empty() && route.subresource != "status" && route.subresource != "finalize") {
    return status_response(not_modelled(fmt::format("{}/{}", route.resource->storage, route.subresource)));
  } else if (request.method == "POST") {
    done = create(route, *std::move(body), options, occasion);
  } else if (request.method == "PUT") {
    done = replace(route, *std::move(body), options, occasion);
  } else if (media_type(request) == apply_type) {
    done = apply(route, *std::move(body), options, occasion);
  } else {
    done = patch(route, media_type(request), *body, options, occasion);
  }
  if (!done) return status_response(done.error());
  ApiResponse response = json_response(done->code, done->object);
  warnings.insert(warnings.end(), done->warnings.begin(), done->warnings.end());
  std::string_view unenforced = unenforced_warning(*route.resource);
  if (done->code == 201 && !unenforced.empty()) warnings.emplace_back(unenforced);
  for (const std::string& warning : warnings)
    response.headers.emplace_back("Warning", warning_header(warning));
  return response;
}

namespace {

/// DeleteOptions: the body's, over the query's.
DeleteRequest delete_request(const ApiRequest& request, const Value& options) {
  DeleteRequest wanted;
  wanted.propagation = option(request, "propagationPolicy");
  if (is_true(option(request, "orphanDependents"))) wanted.propagation = "Orphan";
  if (std::string_view policy = text_at(options, {"propagationPolicy"}); !policy.empty())
    wanted.propagation = policy;
  wanted.uid = text_at(options, {"preconditions", "uid"});
  wanted.resource_version = text_at(options, {"preconditions", "resourceVersion"});
  std::vector<Value> dry = items_at(options, {"dryRun"});
  wanted.dry_run = option(request, "dryRun") == "All" || (!dry.empty() && dry[0] == text("All"));
  return wanted;
}

Value success(const ResourceInfo& resource, const Value& object) {
  ApiStatus status;
  status.code = 200;
  status.has_details = true;
  status.name = text_at(object, {"metadata", "name"});
  status.group = resource.group;
  status.kind = resource.plural;
  status.uid = text_at(object, {"metadata", "uid"});
  return status.to_value();
}

/// Kinds whose registry sets ReturnDeletedObject: the answer to the last DELETE is the object.
bool returns_deleted(const ResourceInfo& resource) {
  static constexpr std::array<std::string_view, 10> storages{"csidrivers.storage.k8s.io",
                                                             "csinodes.storage.k8s.io",
                                                             "persistentvolumeclaims",
                                                             "persistentvolumes",
                                                             "pods",
                                                             "podtemplates",
                                                             "resourcequotas",
                                                             "serviceaccounts",
                                                             "services",
                                                             "storageclasses.storage.k8s.io"};
  return std::ranges::find(storages, resource.storage) != storages.end();
}

constexpr std::string_view job_warning =
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove "
    "them or set "
    "propagationPolicy=Orphan to suppress this warning";

}  // namespace

ApiResponse ApiServer::answer_delete(const ApiRequest& request, const Route& route,
                                     const Occasion& occasion) {
  ResourceInfo& resource = *route.resource;
  if (!resource.can("delete") || (!route.subresource.empty() && route.subresource != "eviction")) {
    return status_response(method_not_allowed());
  }
  ApiResult<Value> options =
      request.body.empty() ? ApiResult<Value>(Value::map({})) : read_body(request, route);
  if (!options) return status_response(options.error());
  const Value* nested = at(*options, {"deleteOptions"});
  DeleteRequest wanted = delete_request(request, nested == nullptr ? *options : *nested);
  static constexpr std::array<std::string_view, 4> policies{"", "Foreground", "Background", "Orphan"};
  if (std::ranges::find(policies, wanted.propagation) == policies.end()) {
    return status_response(
        invalid_options("DeleteOptions", not_supported("propagationPolicy", wanted.propagation,
                                                       {"Foreground", "Background", "Orphan", "nil"})));
  }
  if (route.name.empty()) return delete_collection(request, route, wanted, occasion);
  auto deleted = remove(route, wanted, occasion);
  if (!deleted) return status_response(deleted.error());
  bool status = deleted->gone && (!returns_deleted(resource) || !route.subresource.empty());
  Value told = status ? success(resource, deleted->object) : whole(resource, deleted->object);
  ApiResponse response = json_response(route.subresource.empty() ? 200 : 201, told);
  if (resource.storage == "jobs.batch" && wanted.propagation.empty()) {
    response.headers.emplace_back("Warning", warning_header(job_warning));
  }
  return response;
}

ApiResponse ApiServer::delete_collection(const ApiRequest& request, const Route& route,
                                         const DeleteRequest& wanted, const Occasion& occasion) {
  ResourceInfo& resource = *route.resource;
  if (!resource.can("deletecollection")) return status_response(method_not_allowed());
  auto list = list_objects(*store_, resource, route.namespace_name, request, counts_);
  if (!list) return status_response(list.error());
  for (const Value& item : items_at(*parse_json(*list), {"items"})) {
    Route one = route;
    one.name = text_at(item, {"metadata", "name"});
    if (resource.namespaced) one.namespace_name = text_at(item, {"metadata", "namespace"});
    auto deleted = remove(one, wanted, occasion);
    if (!deleted && deleted.error().code != 404) return status_response(deleted.error());
  }
  ApiResponse response;
  response.body = *std::move(list);
  return response;
}

}  // namespace carbon::sandbox
