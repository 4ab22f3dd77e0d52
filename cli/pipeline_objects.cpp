// Live objects that no resource of the platform may declare yet.

#include <fmt/format.h>

#include <algorithm>

#include "cli/pipeline.h"
#include "engine/model/identity.h"
#include "engine/ports/run_on.h"
#include "stdlib/k8s/schema.h"

namespace carbon {

Result<Address> Pipeline::cluster(const std::string& name) const {
  std::vector<Address> clusters;
  for (const Provider& provider : compiled_->expansion->graph.providers()) {
    if (provider.type->name == "k8s.Cluster") clusters.push_back(provider.address);
  }
  auto named = std::find(clusters.begin(), clusters.end(), name);
  if (!name.empty() && named == clusters.end()) {
    return fail(
        Error(DiagnosticCode::unknown_address, fmt::format("no provider of a cluster is called `{}`", name))
            .help("name one that the platform declares"));
  }
  if (clusters.empty()) {
    return fail(Error(DiagnosticCode::no_provider, "no provider is declared for `k8s.Cluster`")
                    .help("write `provider cluster : k8s.Cluster {}`"));
  }
  if (name.empty() && clusters.size() > 1) {
    return fail(Error(DiagnosticCode::several_providers,
                      fmt::format("several clusters would do: {}", fmt::join(clusters, ", ")))
                    .help("choose one with `--provider NAME`"));
  }
  const Address& chosen = name.empty() ? clusters.front() : *named;
  if (auto broken = broken_.find(chosen); broken != broken_.end()) return fail(broken->second);
  if (connectors_.find(chosen) != connectors_.end()) return chosen;
  return fail(DiagnosticCode::unknown_key, fmt::format("where `{}` leads is known only after apply", chosen));
}

const Resource* Pipeline::declared_as(const ObjectKey& key) const {
  std::string wanted = identity_text(*key.type, key.identity);
  for (const Resource& each : compiled_->expansion->graph.resources()) {
    bool same_kind = each.type->transport == Transport::kubernetes &&
                     each.type->kubernetes.kind == key.type->kubernetes.kind &&
                     each.type->kubernetes.group == key.type->kubernetes.group;
    if (same_kind && identity_text(*each.type, each.desired) == wanted) return &each;
  }
  return nullptr;
}

std::string Pipeline::namespace_of(const Address& provider) const {
  for (const Provider& each : compiled_->expansion->graph.providers()) {
    const Value* written = each.config.find("namespace");
    if (each.address == provider && written != nullptr && written->is_string())
      return std::string(written->text());
  }
  return std::string(default_kubernetes_namespace);
}

Result<LiveObject> Pipeline::look_at(const Address& provider, const ObjectKey& key) {
  std::vector<ObjectKey> keys{key};
  std::vector<LiveObject> objects = run_on(world_->io(), connectors_.at(provider)->observe(std::move(keys)));
  if (objects.front().presence == Presence::unknown && objects.front().why) return fail(*objects.front().why);
  return std::move(objects.front());
}

std::map<Address, LiveObject> Pipeline::look_at_owned() {
  std::map<Address, std::vector<const InventoryEntry*>> by_provider;
  for (const auto& [address, entry] : inventory_.entries) by_provider[entry.provider].push_back(&entry);
  std::map<Address, LiveObject> found;
  for (const auto& [provider, entries] : by_provider) {
    auto connector = connectors_.find(provider);
    auto broken = broken_.find(provider);
    Error why =
        broken != broken_.end()
            ? broken->second
            : Error(DiagnosticCode::orphaned_provider,
                    fmt::format("provider `{}` is not declared, or known only after apply", provider));
    std::vector<ObjectKey> keys;
    std::vector<const InventoryEntry*> asked;
    for (const InventoryEntry* entry : entries) {
      const ResourceType* type = language_->types.find(entry->type);
      if (connector == connectors_.end() || type == nullptr) {
        found[entry->address].why = type == nullptr
                                        ? Error(DiagnosticCode::unknown_type,
                                                fmt::format("this carbon has no type `{}`", entry->type))
                                        : why;
        continue;
      }
      keys.push_back({type, entry->identity, entry->uid});
      asked.push_back(entry);
    }
    if (asked.empty()) continue;
    std::vector<LiveObject> objects = run_on(world_->io(), connector->second->observe(std::move(keys)));
    for (std::size_t i = 0; i < asked.size(); ++i) found[asked[i]->address] = std::move(objects[i]);
  }
  return found;
}

Result<std::vector<LiveObject>> Pipeline::list(const Address& provider, const ResourceType& type,
                                               const std::string& name_space) {
  return run_on(world_->io(), connectors_.at(provider)->list(&type, name_space));
}

}  // namespace carbon
