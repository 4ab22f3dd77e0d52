// Writes: POST, server-side apply, PUT and the other patches, down to the registry.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/utc_time.h"
#include "base/value_json.h"
#include "platform/sandbox/kubernetes/api_server.h"
#include "platform/sandbox/kubernetes/custom_validation.h"
#include "platform/sandbox/kubernetes/kind_rules.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/patches.h"
#include "platform/sandbox/kubernetes/role_grants.h"
#include "platform/sandbox/kubernetes/typed_walk.h"
#include "platform/sandbox/kubernetes/wire.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view suffix_letters = "bcdfghjklmnpqrstvwxz2456789";  // apimachinery's, without vowels
constexpr std::size_t generated_base = 58;

std::string generated_name(std::string_view base, const Occasion& occasion) {
  std::string name(base.substr(0, generated_base));
  for (int i = 0; i < 5; ++i) name.push_back(suffix_letters[occasion.random() % suffix_letters.size()]);
  return name;
}

Value bare_of(const Value& object) { return without(without(object, {"apiVersion"}), {"kind"}); }

Value untracked(const Value& object) { return without(object, {"metadata", "managedFields"}); }

/// `apps/v1` and `Deployment` as Go prints a GroupVersionKind: `apps/v1, Kind=Deployment`, `/v1, Kind=Pod`.
std::string kind_text(std::string_view api_version, std::string_view kind) {
  std::string_view slash = api_version.find('/') == std::string_view::npos ? "/" : "";
  return fmt::format("{}{}, Kind={}", slash, api_version, kind);
}

/// 400 for a body that is about another object than the path.
ApiResult<void> check_place(const Route& route, const Value& body) {
  std::string_view name = text_at(body, {"metadata", "name"});
  std::string_view space = text_at(body, {"metadata", "namespace"});
  if (!name.empty() && !route.name.empty() && name != route.name) {
    return refuse(bad_request(fmt::format(
        "the name of the object ({}) does not match the name on the URL ({})", name, route.name)));
  }
  if (!space.empty() && space != route.namespace_name) {
    return refuse(
        bad_request("the namespace of the provided object does not match the namespace sent on the request"));
  }
  return {};
}

/// 400 for what cannot become the kind's Go type; the walks of server-side apply do not look into scalars.
ApiResult<void> check_types(const ResourceInfo& resource, const SchemaNode& schema, const Value& object) {
  std::string why = decode_error(schema, resource.kind, object);
  if (why.empty()) return {};
  return refuse(bad_request(fmt::format("{} in version \"{}\" cannot be handled as a {}: {}", resource.kind,
                                        resource.version, resource.kind, why)));
}

/// Managers that the written object claims, or those of the live one (decodeLiveOrNew).
ManagerEntries claimed_managers(const Value& live, const Value& written, std::string_view subresource) {
  if (!subresource.empty()) return managers_of(live);
  std::vector<Value> entries = items_at(written, {"metadata", "managedFields"});
  if (entries.size() == 1 && entries[0] == Value::map({})) return {};  // `[{}]` forgets all managers
  ManagerEntries claimed = managers_of(written);
  return claimed.empty() ? managers_of(live) : claimed;
}

}  // namespace

WriteContext ApiServer::context(const Route& route, const WriteOptions& options, const Occasion& occasion) {
  // A Scale has no time of its writers, and they come back from it without one.
  std::string now = route.subresource == "scale" ? std::string() : utc_time(occasion.now);
  Writer writer{options.manager, route.resource->api_version, route.subresource, std::move(now),
                ignored_paths(*route.resource, route.subresource)};
  return {*route.resource,   resources_.schema(*route.resource),
          route.key(),       occasion,
          std::move(writer), route.subresource,
          options.dry_run};
}

/// As the server holds the object once it is decoded: in Go's shape, with its defaults.
Value ApiServer::typed(const ResourceInfo& resource, const SchemaNode& schema, const Value& object) {
  if (resource.custom) {
    Value filled = defaults_.filled(schema, pruned_custom(schema, object));
    const Value* metadata = at(filled, {"metadata"});
    return with(filled, {"metadata"},
                as_encoded(*schema.child("metadata"), metadata == nullptr ? Value::map({}) : *metadata));
  }
  Value encoded = as_encoded(schema, object);
  Value filled = defaults_.filled(schema, encoded);
  return bare_of(as_encoded(schema, filled));
}

ApiResult<void> ApiServer::check_rights(const Route& route, const Value& before, const Value& after,
                                        const WriteOptions& options) {
  if (options.user == nullptr) return {};
  return check_grants(authorizer_, *options.user, *route.resource, route.namespace_name, before, after);
}

ApiResult<Answer> ApiServer::create(const Route& to, Value body, const WriteOptions& options,
                                    const Occasion& occasion) {
  Route route = to;
  if (auto right = check_place(route, body); !right) return refuse(right.error());
  if (!text_at(body, {"metadata", "resourceVersion"}).empty()) {
    return refuse(plain_error("resourceVersion should not be set on objects to be created"));
  }
  route.name = text_at(body, {"metadata", "name"});
  std::string_view base = text_at(body, {"metadata", "generateName"});
  if (route.name.empty() && !base.empty()) route.name = generated_name(base, occasion);
  WriteContext write = context(route, options, occasion);
  Value object = decoded_object(*route.resource, typed(*route.resource, write.schema, bare_of(body)));
  ManagerEntries managers = claimed_managers({}, body, route.subresource);
  object = untracked(object);
  Value blank = blank_object(write.schema);
  managers =
      managers_after_update(write.schema, blank, object, std::move(managers), write.writer, Age::new_object);
  if (auto right = check_rights(route, {}, object, options); !right) return refuse(right.error());
  auto created = writer_.create(write, with_managers(object, std::move(managers)));
  if (!created) return refuse(created.error());
  return Answer{whole(*route.resource, *created), 201, {}};
}

ApiResult<Answer> ApiServer::apply(const Route& route, Value config, const WriteOptions& options,
                                   const Occasion& occasion) {
  const ResourceInfo& resource = *route.resource;
  std::string_view version = text_at(config, {"apiVersion"});
  std::string_view kind = text_at(config, {"kind"});
  if (version != resource.api_version || kind != resource.kind) {
    return refuse(bad_request(fmt::format("invalid object type: {}", kind_text(version, kind))));
  }
  if (at(config, {"metadata", "managedFields"}) != nullptr)
    return refuse(bad_request("metadata.managedFields must be nil"));
  WriteContext write = context(route, options, occasion);
  std::vector<std::string> errors = typed_errors(write.schema, config, Duplicates::refused);
  if (!errors.empty()) {
    std::string told =
        errors.size() == 1 ? errors[0] : fmt::format("errors:\n  {}", fmt::join(errors, "\n  "));
    return refuse(plain_error(fmt::format(
        "failed to create typed patch object ({}/{}; {}): {}", text_at(config, {"metadata", "namespace"}),
        text_at(config, {"metadata", "name"}), kind_text(version, kind), told)));
  }
  std::optional<Value> live = writer_.load(write.key);
  if (!live && !route.subresource.empty())
    return refuse(not_found(resource.group, resource.plural, route.name));
  if (auto right = live ? ApiResult<void>() : check_create_access(route, options); !right)
    return refuse(right.error());
  Value blank = blank_object(write.schema);
  Value before = live ? untracked(*live) : blank;
  ManagerEntries managers = live ? managers_of(*live) : ManagerEntries{};
  auto applied = apply_config(write.schema, blank, before, bare_of(config), std::move(managers), write.writer,
                              options.force ? Force::yes : Force::no);
  if (!applied) return refuse(applied.error());
  if (auto right = check_place(route, config); !right) return refuse(right.error());
  if (auto fits = check_types(resource, write.schema, applied->object); !fits) return refuse(fits.error());
  Value object = applied->changed ? typed(resource, write.schema, applied->object) : applied->object;
  if (auto right = check_rights(route, live ? *live : Value(), object, options); !right)
    return refuse(right.error());
  object = with_managers(object, std::move(applied->managers));
  if (live) {
    auto updated_object = writer_.update(write, *live, std::move(object));
    if (!updated_object) return refuse(updated_object.error());
    return Answer{whole(resource, *updated_object), 200, {}};
  }
  if (std::string_view uid = text_at(config, {"metadata", "uid"}); !uid.empty()) {
    return refuse(conflict(
        resource.group, resource.plural, route.name,
        fmt::format("uid mismatch: the provided object specified uid {}, and no existing object was found",
                    uid)));
  }
  std::string resource_version(text_at(object, {"metadata", "resourceVersion"}));
  if (resource_version.find_first_not_of("0123456789") != std::string::npos) {
    return refuse(plain_error(
        fmt::format("strconv.ParseUint: parsing {}: invalid syntax", json_quote(resource_version))));
  }
  if (!options.dry_run) object = without(object, {"metadata", "resourceVersion"});
  auto created = writer_.create(write, std::move(object));
  if (!created) return refuse(created.error());
  return Answer{whole(resource, *created), 201, {}};
}

ApiResult<Value> ApiServer::updated(const Route& route, const Value& before, Value after,
                                    const WriteOptions& options, const Occasion& occasion) {
  WriteContext write = context(route, options, occasion);
  after = bare_of(after);
  ManagerEntries managers = claimed_managers(before, after, route.subresource);
  Value object = untracked(decoded_object(*route.resource, typed(*route.resource, write.schema, after)));
  if (auto right = check_rights(route, before, object, options); !right) return refuse(right.error());
  managers = managers_after_update(write.schema, untracked(before), object, std::move(managers), write.writer,
                                   Age::existing);
  return writer_.update(write, before, with_managers(object, std::move(managers)));
}

ApiResult<Answer> ApiServer::replace(const Route& route, Value body, const WriteOptions& options,
                                     const Occasion& occasion) {
  const ResourceInfo& resource = *route.resource;
  if (auto right = check_place(route, body); !right) return refuse(right.error());
  std::optional<Value> live = writer_.load(route.key());
  if (!live) return refuse(not_found(resource.group, resource.plural, route.name));
  auto object = updated(route, *live, std::move(body), options, occasion);
  if (!object) return refuse(object.error());
  return Answer{whole(resource, *object), 200, {}};
}

ApiResult<Answer> ApiServer::patch(const Route& route, std::string_view type, const Value& patch,
                                   const WriteOptions& options, const Occasion& occasion) {
  const ResourceInfo& resource = *route.resource;
  std::optional<Value> live = writer_.load(route.key());
  if (!live) return refuse(not_found(resource.group, resource.plural, route.name));
  auto patched =
      patched_object(resource, resources_.schema(*route.resource), type, whole(resource, *live), patch);
  if (!patched) return refuse(patched.error());
  if (!patched->is_fields()) return refuse(bad_request("the patch makes the object no object"));
  if (auto right = check_place(route, *patched); !right) return refuse(right.error());
  const SchemaNode& schema = resources_.schema(*route.resource);
  Answer answer;
  answer.warnings = unknown_fields(schema, *patched);
  if (options.validation == "Strict" && !answer.warnings.empty()) {
    return refuse(unfit_patch(type, patch, *patched,
                              fmt::format("strict decoding error: {}", fmt::join(answer.warnings, ", "))));
  }
  if (options.validation == "Ignore") answer.warnings.clear();
  if (std::string why = decode_error(schema, resource.kind, *patched); !why.empty()) {
    // Go's converter of maps says less than its reader of JSON.
    constexpr std::string_view of_type = " of type ";
    bool strategic = type == "application/strategic-merge-patch+json";
    std::size_t at_type = why.rfind(of_type);
    if (strategic && at_type != std::string::npos)
      why = "unrecognized type: " + why.substr(at_type + of_type.size());
    return refuse(unfit_patch(type, patch, *patched, why));
  }
  auto object = updated(route, *live, *std::move(patched), options, occasion);
  if (!object) return refuse(object.error());
  answer.object = whole(resource, *object);
  return answer;
}

ApiResult<Deleted> ApiServer::remove(const Route& route, const DeleteRequest& request,
                                     const Occasion& occasion) {
  const ResourceInfo& resource = *route.resource;
  std::optional<Value> live = writer_.load(route.key());
  if (!live) return refuse(not_found(resource.group, resource.plural, route.name));
  WriteOptions options;
  options.dry_run = request.dry_run;
  return writer_.remove(context(route, options, occasion), *live, request);
}

}  // namespace carbon::sandbox
