#include "platform/connectors/kubernetes/kubernetes_connector.h"

#include <fmt/core.h>

#include "base/task_group.h"
#include "base/value_json.h"
#include "platform/connectors/kubernetes/json_edit.h"
#include "platform/connectors/kubernetes/live_object.h"
#include "platform/connectors/kubernetes/object_reader.h"
#include "platform/connectors/kubernetes/readiness.h"

namespace carbon {

namespace {

/// Of pods and revisions: more than that says nothing more.
constexpr std::string_view some = "20";
constexpr std::string_view names_asked = "500";
// Names alone are wanted, above all of Secrets (API concepts, "Metadata-only fetches").
constexpr std::string_view metadata_only =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

Result<Value> json_of(const HttpReply& reply, const Subject& about) {
  if (reply.status != 200) return fail(failure_error(read_failure(reply), reply, about));
  Result<Value> body = json_body(reply);
  if (!body) return fail(DiagnosticCode::bad_reply, about.text + ": " + body.error().message());
  return body;
}

/// `a=b,c in (d)` is never needed here: workloads select their pods by matchLabels, and a selector with
/// expressions only makes the list of pods longer.
std::string pod_selector(const Value& object) {
  const Value* labels = find_field(object, {"spec", "selector", "matchLabels"});
  std::string out;
  if (labels == nullptr || !labels->is_fields()) return out;
  for (const Entry& label : labels->entries()) {
    if (!label.value.is_string()) continue;
    out += fmt::format("{}{}={}", out.empty() ? "" : ",", label.key.text(), label.value.text());
  }
  return out;
}

}  // namespace

Task<Result<TargetIdentity>> KubernetesConnector::identify() {
  TargetIdentity identity;
  identity.endpoint = client_.endpoint().name;
  Subject about{client_.endpoint().name, client_.endpoint().name, false};
  auto logging_in = client_.log_in();
  Status logged_in = co_await logging_in;
  if (!logged_in) co_return fail(logged_in.error());
  // The namespace that is made with the cluster and cannot be deleted: its uid is the cluster's (SIG
  // Architecture, "ClusterID"). Asked for at the same time: a plan waits for both.
  HttpReply version_reply, system_reply;
  TaskGroup group;
  group.spawn(client_.read_into("/version", &version_reply));
  group.spawn(client_.read_into("/api/v1/namespaces/kube-system", &system_reply));
  auto both = group.all();
  co_await both;
  Result<Value> version = json_of(version_reply, about);
  if (!version) co_return fail(version.error());
  identity.version = text_at(*version, {"gitVersion"});
  if (identity.version.empty())
    co_return fail(DiagnosticCode::bad_reply,
                   about.text + " is no Kubernetes API server: no version in /version");
  // Who may not read the namespace gets the address, which at least notices another server.
  if (system_reply.status == 403) {
    identity.uid = "address:" + identity.endpoint;
    identity.uncertain = "the namespace kube-system, whose uid is the cluster's, may not be read (403)";
    co_return identity;
  }
  Result<Value> system = json_of(system_reply, about);
  if (!system) co_return fail(system.error());
  identity.uid = text_at(*system, {"metadata", "uid"});
  if (identity.uid.empty())
    co_return fail(DiagnosticCode::bad_reply, about.text + ": the namespace kube-system has no uid");
  co_return identity;
}

Task<std::vector<LiveObject>> KubernetesConnector::observe(std::vector<ObjectKey> keys) {
  ObjectReader reader(client_);
  auto reading = reader.read_all(std::move(keys));
  std::vector<LiveObject> objects = co_await reading;
  co_return objects;
}

Task<std::vector<std::string>> KubernetesConnector::names(const ResourceType* type,
                                                          std::string object_namespace) {
  std::string target =
      fmt::format("{}?limit={}", collection_path(type->kubernetes, object_namespace), names_asked);
  auto reading = client_.read(target, std::string(metadata_only));
  HttpReply reply = co_await reading;
  Subject about{type->kubernetes.plural, client_.endpoint().name, true};
  Result<Value> list = json_of(reply, about);
  const Value* items = list ? list->find("items") : nullptr;
  std::vector<std::string> found;
  if (items == nullptr || !items->is_sequence()) co_return found;
  for (const Value& item : items->items()) found.emplace_back(text_at(item, {"metadata", "name"}));
  co_return found;
}

Task<LiveObject> KubernetesConnector::look(ObjectKey key) {
  std::vector<ObjectKey> keys{std::move(key)};
  auto observing = observe(std::move(keys));
  std::vector<LiveObject> objects = co_await observing;
  co_return std::move(objects.front());
}

Task<Result<Readiness>> KubernetesConnector::readiness(ObjectKey key) {
  const KubernetesApi& api = key.type->kubernetes;
  std::string name_space(text_at(key.identity, {"metadata", "namespace"}));
  auto looking = look(key);
  LiveObject live = co_await looking;
  if (live.presence == Presence::unknown) co_return fail(*live.why);
  if (live.presence != Presence::present) {
    Readiness gone{Readiness::Kind::waiting, "it does not exist"};
    co_return gone;
  }
  Readiness readiness = readiness_of(live.object, api);
  if (readiness.kind != Readiness::Kind::waiting) co_return readiness;
  if (api.group.empty() && api.kind == "PersistentVolumeClaim") {
    auto asking = waits_for_consumer(&live);
    bool by_design = co_await asking;
    if (by_design) readiness = {};
  }
  if (!has_pods(api) || !seen_by_controller(live.object)) co_return readiness;
  auto asking = pods_say(&live, &api, name_space, std::move(readiness));
  Readiness better = co_await asking;
  co_return better;
}

Task<Result<Value>> KubernetesConnector::list_some(std::string path, std::string selector) {
  std::string target = fmt::format("{}?limit={}&labelSelector={}", path, some, percent_encode(selector));
  Subject about{path, client_.endpoint().name, false};
  auto reading = client_.read(target);
  HttpReply reply = co_await reading;
  co_return json_of(reply, about);
}

Task<Readiness> KubernetesConnector::pods_say(const LiveObject* object, const KubernetesApi* api,
                                              std::string name_space, Readiness so_far) {
  std::string selector = pod_selector(object->object);
  if (selector.empty()) co_return so_far;
  std::string place = "/namespaces/" + percent_encode(name_space) + "/";
  Result<Value> revisions = Value();
  if (std::string collection(revisions_of(*api)); !collection.empty()) {
    auto listing = list_some("/apis/apps/v1" + place + collection, selector);
    revisions = co_await listing;
  }
  // Who may not list revisions or pods still gets the counts.
  std::optional<std::string> newest = newest_pods(object->object, *api, revisions ? &*revisions : nullptr);
  if (!newest) co_return so_far;
  if (!newest->empty()) selector += "," + *newest;
  auto listing = list_some("/api/v1" + place + "pods", selector);
  Result<Value> pods = co_await listing;
  const Value* items = pods ? pods->find("items") : nullptr;
  if (items == nullptr || !items->is_sequence()) co_return so_far;
  for (const Value& pod : items->items()) {
    Readiness trouble = pod_trouble(pod);
    if (trouble.kind == Readiness::Kind::ready) continue;
    so_far.kind = trouble.kind;
    so_far.reason += "; " + trouble.reason;
    co_return so_far;
  }
  co_return so_far;
}

/// A claim of a class that binds late stays Pending until a pod uses it; waiting for it would be a deadlock.
Task<bool> KubernetesConnector::waits_for_consumer(const LiveObject* claim) {
  std::string storage_class(text_at(claim->object, {"spec", "storageClassName"}));
  bool pending = text_at(claim->object, {"status", "phase"}) == "Pending";
  if (storage_class.empty() || !pending) co_return false;
  std::string target = "/apis/storage.k8s.io/v1/storageclasses/" + percent_encode(storage_class);
  auto reading = client_.read(target);
  HttpReply reply = co_await reading;
  Subject about{"StorageClass " + storage_class, client_.endpoint().name, false};
  Result<Value> found = json_of(reply, about);
  co_return found&& text_at(*found, {"volumeBindingMode"}) == "WaitForFirstConsumer";
}

}  // namespace carbon
