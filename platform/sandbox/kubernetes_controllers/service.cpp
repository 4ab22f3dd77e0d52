#include <fmt/format.h>
#include <algorithm>

#include "platform/sandbox/kubernetes_controllers/pod_template.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"
#include "platform/sandbox/kubernetes_controllers/selectors.h"
#include "platform/sandbox/kubernetes_controllers/text_hash.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view services = "services";
constexpr std::string_view slices = "endpointslices.discovery.k8s.io";

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

Value slice_ports(const Value& service, const std::vector<Value>& pods) {
  std::vector<Value> out;
  for (const Value& port : items_at(service, {"spec", "ports"})) {
    auto found = pods.empty() ? std::nullopt : target_port(port, pods.front());
    if (!found) continue;
    out.push_back(fields({{"name", text(text_at(port, {"name"}))},
                          {"protocol", text(text_at(port, {"protocol"}))},
                          {"port", number(*found)}}));
  }
  return Value::list(out);
}

Value endpoint_of(const Value& pod) {
  bool ready = pod_ready(pod) && !is_going(pod);
  return fields({{"addresses", Value::list({text(text_at(pod, {"status", "podIP"}))})},
                 {"conditions", fields({{"ready", Value::boolean(ready)},
                                        {"serving", Value::boolean(ready)},
                                        {"terminating", Value::boolean(is_going(pod))}})},
                 {"nodeName", text(node_name)},
                 {"targetRef", fields({{"kind", text("Pod")},
                                       {"namespace", text(namespace_of(pod))},
                                       {"name", text(name_of(pod))},
                                       {"uid", text(uid_of(pod))}})}});
}

void write_slice(Work& work) {
  const Value& service = work.object;
  const Value* selector = at(service, {"spec", "selector"});
  if (selector == nullptr || !selector->is_fields() || selector->entries().empty()) return;
  std::vector<Value> pods;
  for (Value& pod : work.cluster.all("pods", namespace_of(service))) {
    bool reachable = !pod_ended(pod) && !text_at(pod, {"status", "podIP"}).empty();
    if (reachable && labels_select(selector, pod)) pods.push_back(std::move(pod));
  }
  std::vector<Value> endpoints;
  for (const Value& pod : pods) endpoints.push_back(endpoint_of(pod));
  std::vector<Value> present = work.cluster.controlled(slices, service);
  Value slice = fields({{"addressType", text("IPv4")}});
  if (present.empty()) {
    Value labels =
        fields({{"kubernetes.io/service-name", text(name_of(service))},
                {"endpointslice.kubernetes.io/managed-by", text("endpointslice-controller.k8s.io")}});
    std::string name = fmt::format("{}-{}", name_of(service), work.cluster.random_suffix());
    slice = with(slice, {"metadata"},
                 fields({{"name", text(name)},
                         {"namespace", text(namespace_of(service))},
                         {"labels", labels},
                         {"ownerReferences", owner_references(services, service)}}));
  } else {
    slice = present.front();
  }
  slice = with(slice, {"endpoints"}, Value::list(endpoints));
  slice = with(slice, {"ports"}, slice_ports(service, pods));
  if (present.empty()) {
    (void)work.cluster.create(slices, slice);
  } else if (!(slice == present.front())) {
    (void)work.cluster.update(slices, slice);
  }
}

}  // namespace

void reconcile_service(Work& work) {
  if (is_going(work.object)) return;
  if (text_at(work.object, {"spec", "type"}) == "LoadBalancer") {
    work.cluster.write_status(services, work.object, with_address(work.object));
  }
  write_slice(work);
}

void reconcile_ingress(Work& work) {
  if (is_going(work.object)) return;
  work.cluster.write_status("ingresses.networking.k8s.io", work.object, with_address(work.object));
}

}  // namespace carbon::sandbox
