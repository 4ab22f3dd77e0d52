#include "platform/sandbox/kubernetes/background.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/utc_time.h"
#include "base/value_json.h"
#include "platform/sandbox/kubernetes/bootstrap_roles.h"
#include "platform/sandbox/kubernetes/kind_rules.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view definitions = "customresourcedefinitions.apiextensions.k8s.io";
constexpr std::string_view cluster_roles = "clusterroles.rbac.authorization.k8s.io";
constexpr std::string_view ca_description =
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such "
    "as the internal "
    "service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes "
    "clusters.";

bool has_finalizer(const Value& object, std::string_view name) {
  std::vector<Value> finalizers = items_at(object, {"metadata", "finalizers"});
  return std::ranges::find(finalizers, text(name)) != finalizers.end();
}

Value without_finalizer(const Value& object, std::string_view name) {
  std::vector<Value> finalizers = items_at(object, {"metadata", "finalizers"});
  std::erase(finalizers, text(name));
  return finalizers.empty() ? without(object, {"metadata", "finalizers"})
                            : with(object, {"metadata", "finalizers"}, Value::list(std::move(finalizers)));
}

Value without_owner(const Value& object, std::string_view uid) {
  std::vector<Value> owners = items_at(object, {"metadata", "ownerReferences"});
  std::erase_if(owners, [&](const Value& owner) { return text_at(owner, {"uid"}) == uid; });
  return owners.empty() ? without(object, {"metadata", "ownerReferences"})
                        : with(object, {"metadata", "ownerReferences"}, Value::list(std::move(owners)));
}

bool is_going(const Value& object) { return at(object, {"metadata", "deletionTimestamp"}) != nullptr; }

/// Definitions have their controller in the API server itself.
WriteOptions controller_options(std::string_view storage) {
  WriteOptions options;
  options.manager = storage == definitions ? "kube-apiserver" : "kube-controller-manager";
  return options;
}

}  // namespace

Route Background::route_of(const StoreKey& key) {
  return {server_.resources().by_storage(key.storage), key.namespace_name, key.name, {}};
}

bool Background::settle(const Occasion& occasion) {
  constexpr std::size_t batch = 500;
  bool changed = false;
  for (;;) {
    std::vector<StoredObject> changes = server_.store().since(seen_, {}, batch);
    if (changes.empty()) break;
    for (const StoredObject& change : changes) {
      seen_ = change.revision;
      if (react(change, occasion)) changed = true;
    }
  }
  if (std::exchange(roles_changed_, false) && aggregate_roles(occasion)) changed = true;
  std::set<StoreKey> waiting;
  std::swap(waiting, going_);
  for (const StoreKey& key : waiting) {
    std::optional<Value> object = server_.writer().load(key);
    if (object && is_going(*object) && end_deletion(key, *object, occasion)) changed = true;
  }
  // Deletions that wait are found again from their own change, so it must not count as done before they are.
  if (going_.empty()) (void)server_.store().set_settled(seen_);
  return changed;
}

bool Background::react(const StoredObject& change, const Occasion& occasion) {
  bool current = server_.store().revision_of(change.key) == change.revision;
  if (!change.deleted && !current) return false;  // a later change tells the same
  if (change.key.storage == cluster_roles) roles_changed_ = true;
  Result<Value> object = parse_json(change.json);
  if (!object) return false;
  if (change.deleted) {
    bool namespace_part = !change.key.namespace_name.empty();
    if (namespace_part) going_.insert({"namespaces", "", change.key.namespace_name});
    return collect_dependents(text_at(*object, {"metadata", "uid"}), "Background", occasion);
  }
  if (is_going(*object)) return end_deletion(change.key, *object, occasion);
  if (change.key.storage == "namespaces") return furnish_namespace(change.key.name, occasion);
  if (change.key.storage == definitions) return establish_definition(change.key.name, occasion);
  return collect_orphan(change.key, *object, occasion);
}

bool Background::furnish_namespace(const std::string& name, const Occasion& occasion) {
  struct Gift {
    std::string_view storage;
    std::string_view name;
    Value object;
  };
  Value description = fields({{"kubernetes.io/description", text(ca_description)}});
  const std::array<Gift, 2> gifts{{
      {"serviceaccounts", "default", fields({{"metadata", fields({{"name", text("default")}})}})},
      {"configmaps", "kube-root-ca.crt",
       fields({{"metadata", fields({{"name", text("kube-root-ca.crt")}, {"annotations", description}})},
               {"data", fields({{"ca.crt", text("(the sandbox has no certificate)")}})}})},
  }};
  bool changed = false;
  for (const Gift& gift : gifts) {
    StoreKey key{std::string(gift.storage), name, std::string(gift.name)};
    if (server_.store().revision_of(key) != 0) continue;
    if (server_.create(route_of(key), gift.object, controller_options(gift.storage), occasion))
      changed = true;
  }
  return changed;
}

/// The controller clusterrole-aggregation: the rules of a role with an aggregationRule are those of others.
bool Background::aggregate_roles(const Occasion& occasion) {
  std::vector<StoreKey> keys;
  server_.store().visit(cluster_roles, {}, nullptr, [&](const StoreKey& key, std::int64_t) {
    keys.push_back(key);
    return true;
  });
  std::vector<Value> roles;
  for (const StoreKey& key : keys) {
    if (std::optional<Value> role = server_.writer().load(key)) roles.push_back(*std::move(role));
  }
  bool changed = false;
  WriteOptions options;
  options.manager = "clusterrole-aggregation-controller";
  options.force = true;
  for (const Value& role : roles) {
    if (at(role, {"aggregationRule"}) == nullptr || is_going(role)) continue;
    Value rules = aggregated_rules(role, roles);
    if (rules == Value::list(items_at(role, {"rules"}))) continue;
    std::string_view name = text_at(role, {"metadata", "name"});
    Route route = route_of({std::string(cluster_roles), {}, std::string(name)});
    Value config = fields({{"metadata", fields({{"name", text(name)}})}, {"rules", rules}});
    if (server_.apply(route, server_.whole(*route.resource, config), options, occasion)) changed = true;
  }
  return changed;
}

/// Content first, then the namespace's own finalizer (KEP-5080: pods before the rest).
bool Background::empty_namespace(const std::string& name, const Occasion& occasion) {
  std::vector<StoreKey> content;
  for (const auto& resource : server_.resources().all()) {
    if (!resource->namespaced || !resource->stored_elsewhere.empty()) continue;
    bool pods = resource->storage == "pods";
    server_.store().visit(resource->storage, name, nullptr, [&](const StoreKey& key, std::int64_t) {
      content.insert(pods ? content.begin() : content.end(), key);
      return true;
    });
  }
  bool changed = false;
  for (const StoreKey& key : content) {
    std::optional<Value> object = server_.writer().load(key);
    if (object && !is_going(*object) && erase(key, "Background", occasion)) changed = true;
  }
  if (!content.empty()) {
    going_.insert({"namespaces", "", name});
    return changed;
  }
  StoreKey key{"namespaces", "", name};
  std::optional<Value> object = server_.writer().load(key);
  if (!object) return changed;
  return write(key, *object, without(*object, {"spec", "finalizers"}), "finalize", occasion) || changed;
}

bool Background::establish_definition(const std::string& name, const Occasion& occasion) {
  StoreKey key{std::string(definitions), "", name};
  std::optional<Value> object = server_.writer().load(key);
  if (!object || !items_at(*object, {"status", "conditions"}).empty()) return false;
  auto condition = [&](std::string_view type, std::string_view reason, std::string_view message) {
    return fields({{"type", text(type)},
                   {"status", text("True")},
                   {"lastTransitionTime", text(utc_time(occasion.now))},
                   {"reason", text(reason)},
                   {"message", text(message)}});
  };
  Value after = with(*object, {"status", "acceptedNames"}, *at(*object, {"spec", "names"}));
  after = with(after, {"status", "conditions"},
               Value::list({condition("NamesAccepted", "NoConflicts", "no conflicts found"),
                            condition("Established", "InitialNamesAccepted",
                                      "the initial names have been accepted")}));
  return write(key, *object, std::move(after), "status", occasion);
}

bool Background::empty_definition(const std::string& name, const Value& definition,
                                  const Occasion& occasion) {
  std::vector<StoreKey> instances;
  server_.store().visit(name, {}, nullptr, [&](const StoreKey& key, std::int64_t) {
    instances.push_back(key);
    return true;
  });
  bool changed = false;
  for (const StoreKey& key : instances) {
    std::optional<Value> object = server_.writer().load(key);
    if (object && !is_going(*object) && erase(key, "Background", occasion)) changed = true;
  }
  StoreKey key{std::string(definitions), "", name};
  if (instances.empty()) {
    Value freed = without_finalizer(definition, "customresourcecleanup.apiextensions.k8s.io");
    return write(key, definition, std::move(freed), "", occasion) || changed;
  }
  going_.insert(key);
  return changed;
}

bool Background::collect_dependents(std::string_view owner_uid, std::string_view propagation,
                                    const Occasion& occasion) {
  bool changed = false;
  for (const StoreKey& key : server_.store().dependents(owner_uid)) {
    std::optional<Value> object = server_.writer().load(key);
    if (!object) continue;
    if (propagation == "Orphan") {
      if (write(key, *object, without_owner(*object, owner_uid), "", occasion)) changed = true;
    } else if (propagation == "Foreground" ? !is_going(*object) && erase(key, propagation, occasion)
                                           : collect_orphan(key, *object, occasion)) {
      changed = true;
    }
  }
  return changed;
}

/// Deletes an object all of whose owners are gone, and forgets gone owners of the others
/// (garbagecollector.go).
bool Background::collect_orphan(const StoreKey& key, const Value& object, const Occasion& occasion) {
  std::vector<Value> owners = items_at(object, {"metadata", "ownerReferences"});
  if (owners.empty() || is_going(object)) return false;
  std::vector<std::string> gone;
  for (const Value& owner : owners) {
    std::string uid(text_at(owner, {"uid"}));
    if (server_.store().find_uid(uid) == nullptr) gone.push_back(std::move(uid));
  }
  if (gone.empty()) return false;
  if (gone.size() == owners.size()) return erase(key, "Background", occasion);
  Value after = object;
  for (const std::string& uid : gone) after = without_owner(after, uid);
  return write(key, object, std::move(after), "", occasion);
}

bool Background::end_deletion(const StoreKey& key, const Value& object, const Occasion& occasion) {
  if (key.storage == "namespaces") return empty_namespace(key.name, occasion);
  if (key.storage == definitions) return empty_definition(key.name, object, occasion);
  std::string_view uid = text_at(object, {"metadata", "uid"});
  if (has_finalizer(object, "orphan")) {
    bool changed = collect_dependents(uid, "Orphan", occasion);
    std::optional<Value> now = server_.writer().load(key);
    return (now && write(key, *now, without_finalizer(*now, "orphan"), "", occasion)) || changed;
  }
  if (has_finalizer(object, "foregroundDeletion")) {
    bool changed = collect_dependents(uid, "Foreground", occasion);
    if (!server_.store().dependents(uid).empty()) {
      going_.insert(key);
      return changed;
    }
    return write(key, object, without_finalizer(object, "foregroundDeletion"), "", occasion) || changed;
  }
  // No pod of the sandbox holds a claim or volume: their protection ends at once when no Pod names them.
  for (std::string_view finalizer : {"kubernetes.io/pvc-protection", "kubernetes.io/pv-protection"}) {
    if (!has_finalizer(object, finalizer)) continue;
    if (in_use(key)) {
      going_.insert(key);
      return false;
    }
    return write(key, object, without_finalizer(object, finalizer), "", occasion);
  }
  return false;
}

/// A claim that a Pod mounts, or a volume that a claim is bound to.
bool Background::in_use(const StoreKey& key) {
  bool claim = key.storage == "persistentvolumeclaims";
  bool used = false;
  server_.store().visit(claim ? "pods" : "persistentvolumeclaims", key.namespace_name, nullptr,
                        [&](const StoreKey& user, std::int64_t) {
                          std::optional<Value> object = server_.writer().load(user);
                          if (!object) return true;
                          if (!claim) used = text_at(*object, {"spec", "volumeName"}) == key.name;
                          for (const Value& volume : items_at(*object, {"spec", "volumes"})) {
                            if (text_at(volume, {"persistentVolumeClaim", "claimName"}) == key.name)
                              used = claim;
                          }
                          return !used;
                        });
  return used;
}

bool Background::write(const StoreKey& key, const Value& before, Value after, std::string_view subresource,
                       const Occasion& occasion) {
  Route route = route_of(key);
  route.subresource = subresource;
  Value body = server_.whole(*route.resource, after);
  auto done = server_.replace(route, std::move(body), controller_options(key.storage), occasion);
  return done && !(done->object == server_.whole(*route.resource, before));
}

bool Background::erase(const StoreKey& key, std::string_view propagation, const Occasion& occasion) {
  DeleteRequest request;
  request.propagation = propagation;
  return server_.remove(route_of(key), request, occasion).has_value();
}

}  // namespace carbon::sandbox
