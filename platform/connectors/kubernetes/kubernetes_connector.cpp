#include "platform/connectors/kubernetes/kubernetes_connector.h"

#include <fmt/core.h>

#include "base/value_json.h"
#include "platform/connectors/kubernetes/json_edit.h"
#include "platform/connectors/kubernetes/live_object.h"
#include "platform/connectors/kubernetes/object_reader.h"
#include "platform/connectors/kubernetes/readiness.h"

namespace carbon {

namespace {

constexpr std::string_view pods_asked = "20";

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
  auto asking = client_.read("/version");
  HttpReply version_reply = co_await asking;
  Result<Value> version = json_of(version_reply, about);
  if (!version) co_return fail(version.error());
  identity.version = text_at(*version, {"gitVersion"});
  if (identity.version.empty())
    co_return fail(DiagnosticCode::bad_reply,
                   about.text + " is no Kubernetes API server: no version in /version");
  // The namespace that is made with the cluster and cannot be deleted: its uid is the cluster's (SIG
  // Architecture, "ClusterID"). Who may not read it gets the address, which at least notices another server.
  auto looking = client_.read("/api/v1/namespaces/kube-system");
  HttpReply system_reply = co_await looking;
  if (system_reply.status == 403) {
    identity.uid = "address:" + identity.endpoint;
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
  if (!has_pods(api)) co_return readiness;
  auto asking = pods_say(&live, name_space, std::move(readiness));
  Readiness better = co_await asking;
  co_return better;
}

Task<Readiness> KubernetesConnector::pods_say(const LiveObject* object, std::string name_space,
                                              Readiness so_far) {
  std::string selector = pod_selector(object->object);
  if (selector.empty()) co_return so_far;
  std::string target = fmt::format("/api/v1/namespaces/{}/pods?limit={}&labelSelector={}",
                                   percent_encode(name_space), pods_asked, percent_encode(selector));
  auto reading = client_.read(target);
  HttpReply reply = co_await reading;
  Subject about{"pods", client_.endpoint().name, false};
  Result<Value> pods = json_of(reply, about);
  // Who may not list pods still gets the counts.
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
