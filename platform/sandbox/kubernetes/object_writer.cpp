#include "platform/sandbox/kubernetes/object_writer.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/utc_time.h"
#include "base/value_json.h"
#include "platform/sandbox/kubernetes/kind_rules.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/validation.h"
#include "platform/sandbox/kubernetes/wire.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view modified =
    "the object has been modified; please apply your changes to the latest version and try again";

/// What no update changes.
constexpr std::array<std::string_view, 8> kept_metadata{"name",
                                                        "namespace",
                                                        "resourceVersion",
                                                        "creationTimestamp",
                                                        "generateName",
                                                        "deletionTimestamp",
                                                        "deletionGracePeriodSeconds",
                                                        "generation"};

std::vector<std::string> owner_uids(const Value& object) {
  std::vector<std::string> uids;
  for (const Value& owner : items_at(object, {"metadata", "ownerReferences"}))
    uids.emplace_back(text_at(owner, {"uid"}));
  return uids;
}

/// managedFields without their times: a write that differs in nothing else is none
/// (managedfields/timestampTransformer).
Value without_times(const Value& object) {
  std::vector<Value> entries;
  for (const Value& entry : items_at(object, {"metadata", "managedFields"}))
    entries.push_back(without(entry, {"time"}));
  return entries.empty() ? object
                         : with(object, {"metadata", "managedFields"}, Value::list(std::move(entries)));
}

Value keep(const Value& from, Value to, Names path) {
  const Value* value = at(from, path);
  return value == nullptr ? without(to, path) : with(to, path, *value);
}

ApiStatus storage_failed(const Status& status) { return plain_error(status.error().message()); }

}  // namespace

std::optional<Value> ObjectWriter::load(const StoreKey& key) {
  std::optional<StoredObject> stored = store_.get(key);
  if (!stored) return std::nullopt;
  Result<Value> value = parse_json(stored->json);
  return value ? std::optional(*std::move(value)) : std::nullopt;
}

ApiResult<void> ObjectWriter::check_namespace(const WriteContext& context) {
  if (!context.resource.namespaced) return {};
  const std::string& name = context.key.namespace_name;
  std::optional<Value> found = load({"namespaces", "", name});
  if (!found) return refuse(not_found("", "namespaces", name));
  if (at(*found, {"metadata", "deletionTimestamp"}) == nullptr) return {};
  ApiStatus status = forbidden(
      context.resource.group, context.resource.plural, context.key.name,
      fmt::format("unable to create new content in namespace {} because it is being terminated", name));
  status.causes.push_back(
      {"NamespaceTerminating", fmt::format("namespace {} is being terminated", name), "metadata.namespace"});
  return refuse(std::move(status));
}

ApiResult<Value> ObjectWriter::create(const WriteContext& context, Value object) {
  if (auto there = check_namespace(context); !there) return refuse(there.error());
  object = with(object, {"metadata", "name"}, text(context.key.name));
  if (context.resource.namespaced)
    object = with(object, {"metadata", "namespace"}, text(context.key.namespace_name));
  object =
      with(object, {"metadata", "uid"}, text(new_uid(context.occasion.random(), context.occasion.random())));
  object = with(object, {"metadata", "creationTimestamp"}, text(utc_time(context.occasion.now)));
  for (std::string_view name :
       {"deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"}) {
    object = without(object, {"metadata", name});
  }
  object = prepared_for_create(context.resource, context.schema, std::move(object));
  if (context.resource.storage == "services") object = allocated(context, std::move(object));
  std::vector<StatusCause> causes = create_causes(context.resource, context.schema, object);
  if (!causes.empty()) {
    return refuse(
        invalid(context.resource.group, context.resource.kind, context.key.name, std::move(causes)));
  }
  if (store_.revision_of(context.key) != 0) {
    ApiStatus status = already_exists(context.resource.group, context.resource.plural, context.key.name);
    std::optional<Value> live = load(context.key);
    bool going = live && at(*live, {"metadata", "deletionTimestamp"}) != nullptr;
    if (going) status.message = "object is being deleted: " + status.message;
    return refuse(std::move(status));
  }
  if (context.dry_run) return object;
  if (context.resource.storage == "services") reserve(object);
  return store_object(context, std::move(object));
}

ApiResult<Value> ObjectWriter::store_object(const WriteContext& context, Value object) {
  object = with(object, {"metadata", "resourceVersion"}, text(std::to_string(store_.next_revision())));
  Status stored =
      store_.put(context.key, to_json(object), text_at(object, {"metadata", "uid"}), owner_uids(object));
  if (!stored) return refuse(storage_failed(stored));
  if (context.resource.storage == "customresourcedefinitions.apiextensions.k8s.io")
    resources_.add_definition(object);
  return object;
}

ApiResult<Value> ObjectWriter::update(const WriteContext& context, const Value& before, Value after) {
  const ResourceInfo& resource = context.resource;
  std::string_view version = text_at(after, {"metadata", "resourceVersion"});
  if (!version.empty() && version != "0" && version != text_at(before, {"metadata", "resourceVersion"})) {
    return refuse(conflict(resource.group, resource.plural, context.key.name, modified));
  }
  if (text_at(after, {"metadata", "uid"}).empty())
    after = keep(before, std::move(after), {"metadata", "uid"});
  for (std::string_view name : kept_metadata) after = keep(before, std::move(after), {"metadata", name});
  after = prepared_for_update(resource, context.subresource, before, std::move(after));
  if (resource.storage == "services") after = allocated(context, std::move(after));
  std::vector<StatusCause> causes = update_causes(resource, context.schema, before, after);
  if (!causes.empty())
    return refuse(invalid(resource.group, resource.kind, context.key.name, std::move(causes)));
  if (after == before || without_times(after) == without_times(before)) return before;
  if (context.dry_run) return after;
  bool going = at(after, {"metadata", "deletionTimestamp"}) != nullptr;
  bool held = !items_at(after, {"metadata", "finalizers"}).empty() ||
              !items_at(after, {"spec", "finalizers"}).empty();
  if (going && !held) return erase(context, after);
  if (resource.storage == "services") reserve(after);
  return store_object(context, std::move(after));
}

ApiResult<Value> ObjectWriter::erase(const WriteContext& context, const Value& object) {
  Value last = with(object, {"metadata", "resourceVersion"}, text(std::to_string(store_.next_revision())));
  if (Status removed = store_.remove(context.key, to_json(last)); !removed)
    return refuse(storage_failed(removed));
  if (context.resource.storage == "customresourcedefinitions.apiextensions.k8s.io") {
    resources_.remove_definition(context.key.name);
  }
  if (context.resource.storage == "services") reservations_loaded_ = false;
  return object;
}

namespace {

/// What a DELETE adds to the object so that somebody may end it: finalizers, by its propagation.
std::vector<Value> deletion_finalizers(const Value& object, std::string_view propagation) {
  std::vector<Value> finalizers = items_at(object, {"metadata", "finalizers"});
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 2> names{{
      {"Foreground", "foregroundDeletion"},
      {"Orphan", "orphan"},
  }};
  for (const auto& [policy, finalizer] : names) {
    if (!propagation.empty()) std::erase(finalizers, text(finalizer));
    if (policy == propagation) finalizers.push_back(text(finalizer));
  }
  return finalizers;
}

ApiResult<void> check_preconditions(const WriteContext& context, const Value& object,
                                    const DeleteRequest& request) {
  std::string_view uid = text_at(object, {"metadata", "uid"});
  std::string_view version = text_at(object, {"metadata", "resourceVersion"});
  std::string why;
  if (!request.uid.empty() && request.uid != uid) {
    why = fmt::format(
        "the UID in the precondition ({}) does not match the UID in record ({}). The object might have been "
        "deleted "
        "and then recreated",
        request.uid, uid);
  } else if (!request.resource_version.empty() && request.resource_version != version) {
    why = fmt::format(
        "the ResourceVersion in the precondition ({}) does not match the ResourceVersion in record ({}). The "
        "object "
        "might have been modified",
        request.resource_version, version);
  }
  if (why.empty()) return {};
  // The real server names the kind here, not the resource (recorded/420).
  return refuse(conflict(context.resource.group, context.resource.kind, context.key.name, why));
}

Value with_deletion_time(const WriteContext& context, Value going) {
  going = with(going, {"metadata", "deletionTimestamp"}, text(utc_time(context.occasion.now)));
  if (context.resource.storage == "namespaces") return with(going, {"status", "phase"}, text("Terminating"));
  if (context.resource.storage == "customresourcedefinitions.apiextensions.k8s.io") return going;
  going = with(going, {"metadata", "deletionGracePeriodSeconds"}, number(0));
  auto generation = int_at(going, {"metadata", "generation"});
  return generation ? with(going, {"metadata", "generation"}, number(*generation + 1)) : going;
}

}  // namespace

ApiResult<Deleted> ObjectWriter::remove(const WriteContext& context, const Value& object,
                                        const DeleteRequest& request) {
  const ResourceInfo& resource = context.resource;
  if (auto fits = check_preconditions(context, object, request); !fits) return refuse(fits.error());
  bool is_namespace = resource.storage == "namespaces";
  bool is_definition = resource.storage == "customresourcedefinitions.apiextensions.k8s.io";
  if (is_namespace && (context.key.name == "default" || context.key.name == "kube-system" ||
                       context.key.name == "kube-public")) {
    return refuse(forbidden("", "namespaces", context.key.name, "this namespace may not be deleted"));
  }
  std::string propagation = request.propagation;
  if (propagation.empty() && orphans_by_default(resource)) propagation = "Orphan";
  std::vector<Value> finalizers = deletion_finalizers(object, propagation);
  if (is_definition && at(object, {"metadata", "deletionTimestamp"}) == nullptr) {
    finalizers.push_back(text("customresourcecleanup.apiextensions.k8s.io"));
  }
  if (finalizers.empty() && !is_namespace) {
    if (request.dry_run) return Deleted{object, true};
    // Nothing runs here that would need a grace period.
    bool pod = resource.storage == "pods";
    auto erased = erase(context, pod ? with_deletion_time(context, object) : object);
    if (!erased) return refuse(erased.error());
    return Deleted{*std::move(erased), true};
  }
  Value going =
      finalizers.empty() ? object : with(object, {"metadata", "finalizers"}, Value::list(finalizers));
  if (at(going, {"metadata", "deletionTimestamp"}) == nullptr)
    going = with_deletion_time(context, std::move(going));
  if (request.dry_run || going == object) return Deleted{going, false};
  auto stored = store_object(context, std::move(going));
  if (!stored) return refuse(stored.error());
  return Deleted{*std::move(stored), false};
}

}  // namespace carbon::sandbox
