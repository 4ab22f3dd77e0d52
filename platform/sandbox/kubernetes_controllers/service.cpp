#include <fmt/format.h>

#include "platform/sandbox/kubernetes_controllers/pod_template.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"
#include "platform/sandbox/kubernetes_controllers/text_hash.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view services = "services";
constexpr std::string_view endpoints_storage = "endpoints";

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

Value endpoint_ports(const Value& service, const Value& pod) {
  std::vector<Value> out;
  for (const Value& port : items_at(service, {"spec", "ports"})) {
    auto found = target_port(port, pod);
    if (!found) continue;
    Value one = fields({{"protocol", text(text_at(port, {"protocol"}))}, {"port", number(*found)}});
    std::string_view name = text_at(port, {"name"});
    out.push_back(name.empty() ? one : with(one, {"name"}, text(name)));
  }
  return Value::list(out);
}

Value endpoint_of(const Value& pod) {
  return fields({{"ip", text(text_at(pod, {"status", "podIP"}))},
                 {"nodeName", text(node_name)},
                 {"targetRef", fields({{"kind", text("Pod")},
                                       {"namespace", text(namespace_of(pod))},
                                       {"name", text(name_of(pod))},
                                       {"uid", text(uid_of(pod))}})}});
}

/// The one subset of a Service whose pods name their ports alike; absent without pods.
std::optional<Value> subset_of(Work& work) {
  std::vector<Value> ready;
  std::vector<Value> unready;
  std::optional<Value> example;
  for (const Value& pod : work.cluster.selected_pods(services, work.object)) {
    if (pod_ended(pod) || text_at(pod, {"status", "podIP"}).empty()) continue;
    (pod_ready(pod) && !is_going(pod) ? ready : unready).push_back(endpoint_of(pod));
    if (!example) example = pod;
  }
  if (!example) return std::nullopt;
  Value subset = fields({{"ports", endpoint_ports(work.object, *example)}});
  if (!ready.empty()) subset = with(subset, {"addresses"}, Value::list(ready));
  if (!unready.empty()) subset = with(subset, {"notReadyAddresses"}, Value::list(unready));
  return subset;
}

void write_endpoints(Work& work) {
  const Value& service = work.object;
  const Value* selector = at(service, {"spec", "selector"});
  if (selector == nullptr || !selector->is_fields() || selector->entries().empty()) return;
  std::string place(namespace_of(service));
  std::string name(name_of(service));
  const Value* found = work.cluster.get({std::string(endpoints_storage), place, name});
  Value metadata = fields({{"name", text(name)},
                           {"namespace", text(place)},
                           {"ownerReferences", owner_references(services, service)}});
  Value before = found != nullptr ? *found : fields({{"metadata", metadata}});
  auto subset = subset_of(work);
  Value after = subset ? with(before, {"subsets"}, Value::list({*subset})) : without(before, {"subsets"});
  if (found == nullptr) {
    (void)work.cluster.create(endpoints_storage, after);
  } else if (!(after == before)) {
    (void)work.cluster.update(endpoints_storage, after);
  }
}

}  // namespace

void reconcile_service(Work& work) {
  if (is_going(work.object)) return;
  if (text_at(work.object, {"spec", "type"}) == "LoadBalancer") {
    work.cluster.write_status(services, work.object, with_address(work.object));
  }
  write_endpoints(work);
}

void reconcile_ingress(Work& work) {
  if (is_going(work.object)) return;
  work.cluster.write_status("ingresses.networking.k8s.io", work.object, with_address(work.object));
}

}  // namespace carbon::sandbox
