#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <span>

#include "platform/sandbox/kubernetes_controllers/pod_template.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"
#include "platform/sandbox/kubernetes_controllers/text_hash.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view service_storage = "services";
constexpr std::string_view endpoints_storage = "endpoints";
constexpr std::string_view slices_storage = "endpointslices.discovery.k8s.io";

/// An address that stands for the load balancer's: loopback, so that nothing can be reached by mistake.
std::string balancer_address(const Value& object) {
  std::uint32_t hash = fnv1a(uid_of(object));
  return fmt::format("127.{}.{}.{}", 1 + (hash >> 16) % 250, (hash >> 8) & 0xFFU, 1 + (hash & 0xFFU) % 254);
}

Value with_address(const Value& object) {
  const Value* before = object.find("status");
  Value ingress = fields({{"ip", text(balancer_address(object))}});
  if (at(object, {"spec", "clusterIP"}) != nullptr) ingress = with(ingress, {"ipMode"}, text("VIP"));
  return with(before == nullptr ? Value::map({}) : *before, {"loadBalancer", "ingress"},
              Value::list({ingress}));
}

/// The number of a port that a Service names, looked up in the pod's containers.
std::optional<std::int64_t> target_port(const Value& port, const Value& pod) {
  const Value* target = at(port, {"targetPort"});
  if (target == nullptr) return int_at(port, {"port"});
  if (target->kind() == ValueKind::integer) return target->as_int();
  for (const Value& container : items_at(pod, {"spec", "containers"})) {
    for (const Value& one : items_at(container, {"ports"})) {
      if (text_at(one, {"name"}) == target->text()) return int_at(one, {"containerPort"});
    }
  }
  return std::nullopt;
}

/// The ports as the pods name them; a Service whose pods name their ports differently gets those of the
/// first.
std::vector<Value> endpoint_ports(const Value& service, const Value& pod) {
  std::vector<Value> out;
  for (const Value& port : items_at(service, {"spec", "ports"})) {
    auto found = target_port(port, pod);
    if (!found) continue;
    Value one = fields({{"protocol", text(text_at(port, {"protocol"}))}, {"port", number(*found)}});
    std::string_view name = text_at(port, {"name"});
    out.push_back(name.empty() ? one : with(one, {"name"}, text(name)));
  }
  return out;
}

Value pod_reference(const Value& pod) {
  return fields({{"kind", text("Pod")},
                 {"namespace", text(namespace_of(pod))},
                 {"name", text(name_of(pod))},
                 {"uid", text(uid_of(pod))}});
}

/// The pods behind a Service that have an address.
struct Backends {
  std::vector<Value> pods;
  std::vector<Value> ports;
};

bool takes_traffic(const Value& pod) { return pod_ready(pod) && !is_going(pod); }

Backends backends_of(Work& work) {
  Backends out;
  for (Value& pod : work.cluster.selected_pods(service_storage, work.object)) {
    if (pod_ended(pod) || text_at(pod, {"status", "podIP"}).empty()) continue;
    if (out.pods.empty()) out.ports = endpoint_ports(work.object, pod);
    out.pods.push_back(std::move(pod));
  }
  return out;
}

/// Creates the object, or writes it if it differs from the one that is there.
void put(Work& work, std::string_view storage, const Value* before, const Value& after) {
  if (before == nullptr) {
    (void)work.cluster.create(storage, after);
  } else if (!(after == *before)) {
    (void)work.cluster.update(storage, after);
  }
}

Value metadata_of(const Value& service, std::string_view name) {
  return fields({{"name", text(name)},
                 {"namespace", text(namespace_of(service))},
                 {"ownerReferences", owner_references(service_storage, service)}});
}

/// v1 Endpoints: one subset.
void write_endpoints(Work& work, const Backends& backends) {
  const Value& service = work.object;
  std::string name(name_of(service));
  std::vector<Value> ready;
  std::vector<Value> unready;
  for (const Value& pod : backends.pods) {
    Value address = fields({{"ip", text(text_at(pod, {"status", "podIP"}))},
                            {"nodeName", text(node_name)},
                            {"targetRef", pod_reference(pod)}});
    (takes_traffic(pod) ? ready : unready).push_back(std::move(address));
  }
  const Value* found =
      work.cluster.get({std::string(endpoints_storage), std::string(namespace_of(service)), name});
  std::optional<Value> before = found == nullptr ? std::nullopt : std::optional(*found);
  Value after = before ? *before : fields({{"metadata", metadata_of(service, name)}});
  Value subset = fields({{"ports", Value::list(backends.ports)}});
  if (!ready.empty()) subset = with(subset, {"addresses"}, Value::list(std::move(ready)));
  if (!unready.empty()) subset = with(subset, {"notReadyAddresses"}, Value::list(std::move(unready)));
  after = backends.pods.empty() ? without(after, {"subsets"})
                                : with(after, {"subsets"}, Value::list({std::move(subset)}));
  put(work, endpoints_storage, before ? &*before : nullptr, after);
}

Value slice_endpoint(const Value& pod) {
  return fields({{"addresses", Value::list({text(text_at(pod, {"status", "podIP"}))})},
                 {"conditions", fields({{"ready", Value::boolean(takes_traffic(pod))},
                                        {"serving", Value::boolean(pod_ready(pod))},
                                        {"terminating", Value::boolean(is_going(pod))}})},
                 {"nodeName", text(node_name)},
                 {"targetRef", pod_reference(pod)}});
}

/// One slice of the Service; `pods` are its share.
void write_slice(Work& work, const std::string& name, std::span<const Value> pods, const Backends& backends) {
  const Value& service = work.object;
  Value labels = fields({{"endpointslice.kubernetes.io/managed-by", text("endpointslice-controller.k8s.io")},
                         {"kubernetes.io/service-name", text(name_of(service))}});
  const Value* found =
      work.cluster.get({std::string(slices_storage), std::string(namespace_of(service)), name});
  std::optional<Value> before = found == nullptr ? std::nullopt : std::optional(*found);
  Value after = before ? *before
                       : fields({{"metadata", with(metadata_of(service, name), {"labels"}, labels)},
                                 {"addressType", text("IPv4")}});
  std::vector<Value> endpoints;
  for (const Value& pod : pods) endpoints.push_back(slice_endpoint(pod));
  std::vector<Value> ports;
  for (const Value& port : backends.ports)
    ports.push_back(port.find("name") == nullptr ? with(port, {"name"}, text("")) : port);
  // Empty lists are null in Go's encoding.
  after = with(after, {"endpoints"}, endpoints.empty() ? Value() : Value::list(std::move(endpoints)));
  after = with(after, {"ports"}, ports.empty() ? Value() : Value::list(std::move(ports)));
  put(work, slices_storage, before ? &*before : nullptr, after);
}

/// discovery.k8s.io/v1 EndpointSlices: of a hundred endpoints each, at least one.
void write_slices(Work& work, const Backends& backends) {
  constexpr std::size_t most = 100;
  std::set<std::string, std::less<>> wanted;
  std::span<const Value> rest = backends.pods;
  do {
    std::string number = fmt::format("{}/{}", uid_of(work.object), wanted.size());
    std::string name = fmt::format("{}-{}", name_of(work.object), name_hash(number));
    write_slice(work, name, rest.first(std::min(most, rest.size())), backends);
    rest = rest.subspan(std::min(most, rest.size()));
    wanted.insert(std::move(name));
  } while (!rest.empty());
  for (const Value& slice : work.cluster.controlled(slices_storage, work.object)) {
    if (!wanted.contains(name_of(slice))) work.cluster.remove(slices_storage, slice);
  }
}

}  // namespace

void reconcile_service(Work& work) {
  if (is_going(work.object)) return;
  if (text_at(work.object, {"spec", "type"}) == "LoadBalancer") {
    work.cluster.write_status(service_storage, work.object, with_address(work.object));
  }
  const Value* selector = at(work.object, {"spec", "selector"});
  if (selector == nullptr || !selector->is_fields() || selector->entries().empty()) return;
  Backends backends = backends_of(work);
  write_endpoints(work, backends);
  write_slices(work, backends);
}

void reconcile_ingress(Work& work) {
  if (is_going(work.object)) return;
  work.cluster.write_status("ingresses.networking.k8s.io", work.object, with_address(work.object));
}

}  // namespace carbon::sandbox
