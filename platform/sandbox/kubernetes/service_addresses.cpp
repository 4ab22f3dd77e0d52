#include <fmt/format.h>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/object_writer.h"

namespace carbon::sandbox {

namespace {

// The service range 10.96.0.0/16 without its first addresses, which are for the cluster's own Services; node
// ports 30000 to 32767 (kube-apiserver's defaults in kubeadm).
constexpr std::uint64_t first_address = 16;
constexpr std::uint64_t last_address = 65534;
constexpr std::int64_t first_node_port = 30000;
constexpr std::uint64_t node_port_count = 2768;

bool wants_address(const Value& service) {
  return text_at(service, {"spec", "type"}) != "ExternalName" &&
         text_at(service, {"spec", "clusterIP"}).empty();
}

bool wants_node_ports(const Value& service) {
  std::string_view type = text_at(service, {"spec", "type"});
  return type == "NodePort" || type == "LoadBalancer";
}

}  // namespace

void ObjectWriter::reserve(const Value& service) {
  addresses_.emplace(text_at(service, {"spec", "clusterIP"}));
  for (const Value& port : items_at(service, {"spec", "ports"})) {
    if (auto node_port = int_at(port, {"nodePort"})) node_ports_.insert(*node_port);
  }
}

void ObjectWriter::load_reservations() {
  if (reservations_loaded_) return;
  addresses_.clear();
  node_ports_.clear();
  store_.visit("services", {}, nullptr, [&](const StoreKey& key, std::int64_t) {
    if (std::optional<Value> service = load(key)) reserve(*service);
    return true;
  });
  reservations_loaded_ = true;
}

std::string ObjectWriter::free_address(const WriteContext& context) {
  for (;;) {
    std::uint64_t host = first_address + context.occasion.random() % (last_address - first_address);
    std::string address = fmt::format("10.96.{}.{}", host / 256, host % 256);
    if (!addresses_.contains(address)) return address;
  }
}

std::int64_t ObjectWriter::free_node_port(const WriteContext& context) {
  for (;;) {
    auto port = first_node_port + static_cast<std::int64_t>(context.occasion.random() % node_port_count);
    if (node_ports_.insert(port).second) return port;
  }
}

/// Addresses and families of a Service, as the allocator sets them (registry/core/service/storage/alloc.go).
Value ObjectWriter::allocated(const WriteContext& context, Value object) {
  load_reservations();
  if (text_at(object, {"spec", "type"}) == "ExternalName") {
    for (std::string_view name :
         {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"}) {
      object = without(object, {"spec", name});
    }
    return object;
  }
  if (wants_address(object)) {
    // A dry run shows the first address of the range, which is nobody's (recorded/125).
    std::string address = context.dry_run ? "10.96.0.0" : free_address(context);
    object = with(object, {"spec", "clusterIP"}, text(address));
  }
  if (items_at(object, {"spec", "clusterIPs"}).empty()) {
    object =
        with(object, {"spec", "clusterIPs"}, Value::list({text(text_at(object, {"spec", "clusterIP"}))}));
  }
  if (items_at(object, {"spec", "ipFamilies"}).empty()) {
    object = with(object, {"spec", "ipFamilies"}, Value::list({text("IPv4")}));
  }
  if (at(object, {"spec", "ipFamilyPolicy"}) == nullptr) {
    object = with(object, {"spec", "ipFamilyPolicy"}, text("SingleStack"));
  }
  std::vector<Value> ports = items_at(object, {"spec", "ports"});
  bool changed = false;
  for (Value& port : ports) {
    if (!wants_node_ports(object) || int_at(port, {"nodePort"}).value_or(0) != 0) continue;
    if (context.dry_run) continue;
    port = with(port, {"nodePort"}, number(free_node_port(context)));
    changed = true;
  }
  return changed ? with(object, {"spec", "ports"}, Value::list(std::move(ports))) : object;
}

}  // namespace carbon::sandbox
