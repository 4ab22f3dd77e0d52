#include "platform/sandbox/kubernetes/server.h"

#include <array>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/api_server.h"
#include "platform/sandbox/kubernetes/background.h"
#include "platform/sandbox/kubernetes/bootstrap_roles.h"
#include "platform/sandbox/kubernetes/listing.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/selector.h"

namespace carbon::sandbox {

namespace {

ApiStatus unknown_kind(std::string_view api_version, std::string_view kind) {
  std::string message("no resource for ");
  message.append(api_version).append(" ").append(kind);
  return plain_error(std::move(message));
}

}  // namespace

std::optional<Value> ObjectApi::get(std::string_view storage, std::string_view namespace_name,
                                    std::string_view name) {
  ResourceInfo* resource = server_.resources().by_storage(storage);
  if (resource == nullptr) return std::nullopt;
  auto bare = server_.writer().load({std::string(storage), std::string(namespace_name), std::string(name)});
  return bare ? std::optional(server_.whole(*resource, *bare)) : std::nullopt;
}

std::vector<Value> ObjectApi::list(std::string_view storage, std::string_view namespace_name,
                                   std::string_view label_selector) {
  std::vector<Value> found;
  ResourceInfo* resource = server_.resources().by_storage(storage);
  auto selector = LabelSelector::parse(label_selector);
  if (resource == nullptr || !selector) return found;
  server_.store().visit(storage, namespace_name, nullptr, [&](const StoreKey& key, std::int64_t) {
    std::optional<Value> object = server_.writer().load(key);
    if (object && selector->matches(at(*object, {"metadata", "labels"})))
      found.push_back(server_.whole(*resource, *object));
    return true;
  });
  return found;
}

std::vector<Value> ObjectApi::owned_by(std::string_view storage, std::string_view owner_uid) {
  std::vector<Value> found;
  for (const StoreKey& key : server_.store().dependents(owner_uid)) {
    if (key.storage != storage) continue;
    if (auto object = get(key.storage, key.namespace_name, key.name)) found.push_back(*std::move(object));
  }
  return found;
}

ApiResult<Value> ObjectApi::write(const Value& object, std::string_view subresource, Verb verb) {
  std::string_view version = text_at(object, {"apiVersion"});
  std::string_view kind = text_at(object, {"kind"});
  ResourceInfo* resource = server_.resources().by_kind(version, kind);
  if (resource == nullptr) return refuse(unknown_kind(version, kind));
  Route route{resource, std::string(text_at(object, {"metadata", "namespace"})),
              std::string(text_at(object, {"metadata", "name"})), std::string(subresource)};
  WriteOptions options;
  options.manager = manager_;
  auto done = verb == Verb::create ? server_.create(route, object, options, occasion_)
                                   : server_.replace(route, object, options, occasion_);
  if (!done) return refuse(done.error());
  return std::move(done->object);
}

ApiResult<Value> ObjectApi::create(const Value& object) { return write(object, {}, Verb::create); }
ApiResult<Value> ObjectApi::update(const Value& object) { return write(object, {}, Verb::replace); }
ApiResult<Value> ObjectApi::update_status(const Value& object) {
  return write(object, "status", Verb::replace);
}

ApiResult<Value> ObjectApi::merge_patch(std::string_view storage, std::string_view namespace_name,
                                        std::string_view name, std::string_view subresource,
                                        const Value& patch) {
  ResourceInfo* resource = server_.resources().by_storage(storage);
  if (resource == nullptr) return refuse(unknown_kind("", storage));
  Route route{resource, std::string(namespace_name), std::string(name), std::string(subresource)};
  WriteOptions options;
  options.manager = manager_;
  auto done = server_.patch(route, "application/merge-patch+json", patch, options, occasion_);
  if (!done) return refuse(done.error());
  return std::move(done->object);
}

ApiResult<void> ObjectApi::remove(std::string_view storage, std::string_view namespace_name,
                                  std::string_view name, Propagation propagation) {
  static constexpr std::array<std::string_view, 3> names{"Background", "Foreground", "Orphan"};
  ResourceInfo* resource = server_.resources().by_storage(storage);
  if (resource == nullptr) return refuse(unknown_kind("", storage));
  DeleteRequest request;
  request.propagation = names[static_cast<std::size_t>(propagation)];
  auto done =
      server_.remove({resource, std::string(namespace_name), std::string(name), {}}, request, occasion_);
  if (!done) return refuse(done.error());
  return {};
}

KubernetesSandbox::KubernetesSandbox(std::unique_ptr<ObjectStore> store)
    : server_(std::make_unique<ApiServer>(std::move(store))),
      background_(std::make_unique<Background>(*server_)) {}

KubernetesSandbox::~KubernetesSandbox() = default;

Result<std::unique_ptr<KubernetesSandbox>> KubernetesSandbox::open(const std::string& path,
                                                                   const Occasion& occasion) {
  auto store = ObjectStore::open(path);
  if (!store) return fail(store.error());
  std::unique_ptr<KubernetesSandbox> sandbox(new KubernetesSandbox(*std::move(store)));
  sandbox->server_->load_definitions();
  sandbox->begin();
  sandbox->furnish(occasion);
  CARBON_CHECK(sandbox->commit());
  return sandbox;
}

/// What every cluster has. Present objects are left alone.
void KubernetesSandbox::furnish(const Occasion& occasion) {
  ObjectApi objects = api(occasion, "kube-apiserver");
  for (std::string_view name : {"default", "kube-system", "kube-public", "kube-node-lease"}) {
    if (objects.get("namespaces", "", name)) continue;
    (void)objects.create(fields({{"apiVersion", text("v1")},
                                 {"kind", text("Namespace")},
                                 {"metadata", fields({{"name", text(name)}})}}));
  }
  for (const BootstrapObject& each : bootstrap_roles()) {
    ResourceInfo& resource = *server_->resources().by_storage(each.storage);
    StoreKey key{std::string(each.storage), {}, std::string(text_at(each.object, {"metadata", "name"}))};
    if (server_->store().revision_of(key) == 0) (void)objects.create(server_->whole(resource, each.object));
  }
  if (!objects.get("services", "default", "kubernetes")) {
    Value port = fields({{"name", text("https")}, {"port", number(443)}, {"targetPort", number(6443)}});
    Value metadata =
        fields({{"name", text("kubernetes")},
                {"namespace", text("default")},
                {"labels", fields({{"component", text("apiserver")}, {"provider", text("kubernetes")}})}});
    (void)objects.create(
        fields({{"apiVersion", text("v1")},
                {"kind", text("Service")},
                {"metadata", metadata},
                {"spec", fields({{"clusterIP", text("10.96.0.1")}, {"ports", Value::list({port})}})}}));
  }
  settle(occasion);
}

ApiResponse KubernetesSandbox::handle(const ApiRequest& request, const Occasion& occasion) {
  return server_->handle(request, occasion);
}

void KubernetesSandbox::set_yaml_reader(YamlReader reader) { server_->set_yaml_reader(std::move(reader)); }

void KubernetesSandbox::set_token_maker(std::function<std::string(const TokenClaims&)> maker) {
  server_->set_token_maker(std::move(maker));
}

void KubernetesSandbox::begin() { server_->store().begin(); }
Status KubernetesSandbox::commit() { return server_->store().commit(); }

bool KubernetesSandbox::settle(const Occasion& occasion) { return background_->settle(occasion); }

std::int64_t KubernetesSandbox::revision() const { return server_->store().revision(); }

std::vector<ObjectChange> KubernetesSandbox::changes_since(std::int64_t revision) const {
  constexpr std::size_t most = 1000;
  std::vector<ObjectChange> changes;
  for (StoredObject& row : server_->store().since(revision, {}, most)) {
    ObjectChange::Kind kind = row.previous == 0 ? ObjectChange::Kind::created : ObjectChange::Kind::updated;
    if (row.deleted) kind = ObjectChange::Kind::deleted;
    changes.push_back({std::move(row.key), row.revision, kind});
  }
  return changes;
}

std::string KubernetesSandbox::watch_lines(WatchStart& watch) const {
  return watch_events(server_->store(), watch);
}
std::string KubernetesSandbox::bookmark_line(const WatchStart& watch) const { return watch_bookmark(watch); }

ObjectApi KubernetesSandbox::api(const Occasion& occasion, std::string manager) {
  return {*server_, occasion, std::move(manager)};
}

ObjectStore& KubernetesSandbox::store() { return server_->store(); }

}  // namespace carbon::sandbox
