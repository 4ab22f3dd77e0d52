// Settings reach the inventory with a write. Where nothing is to be written they would be forgotten, so the
// plan says that they are to be remembered.

#include <algorithm>

#include "engine/plan/plan_builder.h"
#include "engine/plan/value_digests.h"

namespace carbon {

void PlanBuilder::remember(const Subject& subject) {
  const Resource& resource = subject.resource;
  const InventoryEntry& entry = *subject.entry;
  Record record;
  record.needs = lasting_needs(subject.index);
  if (entry.protect != resource.settings.protect)
    record.what.emplace_back(entry.protect ? "no protect" : "protect");
  if (!knows_needs(entry, record.needs)) record.what.emplace_back("needs");
  if (!knows_provider(entry, resource)) record.what.emplace_back("provider");
  remember_fields(subject, record);
  if (record.what.empty()) return;
  record.address = resource.address;
  record.provider = provider_of(resource);
  record.protect = resource.settings.protect;
  record.declared = written(resource.span);
  plan_.records.push_back(std::move(record));
}

/// Where carbon's own memory tells drift, it has to know all that is declared: also a field that was added
/// with the value that was there, and a row of before there were digests.
void PlanBuilder::remember_fields(const Subject& subject, Record& record) const {
  const ResourceType& type = *subject.resource.type;
  const InventoryEntry& entry = *subject.entry;
  if (type.transport == Transport::kubernetes || !options_.digest) return;
  FieldSet managed = managed_fields(type, subject.desired, subject.resource.settings.ignore);
  bool known = managed == entry.applied;
  if (known && !entry.value_digests.empty()) return;
  record.value_digests =
      value_digests(type, subject.resource.address, managed, subject.desired, entry.digests, options_.digest);
  if (known && record.value_digests.empty()) return;
  record.applied = std::move(managed);
  record.what.emplace_back("fields");
}

/// Lookups are nobody's to delete, so no order follows from them.
std::vector<Address> PlanBuilder::lasting_needs(std::uint32_t index) const {
  std::vector<Address> needs;
  for (const Edge& edge : graph_.needs(index)) {
    const Resource& need = graph_.resource(edge.to);
    if (need.mode == ResourceMode::managed) needs.push_back(need.address);
  }
  return needs;
}

bool PlanBuilder::knows_needs(const InventoryEntry& entry, std::vector<Address> needs) const {
  std::vector<Address> known;
  for (const Address& need : entry.needs) {
    std::uint32_t index = graph_.find(need);
    bool lookup = index != ResourceGraph::npos && graph_.resource(index).mode != ResourceMode::managed;
    if (!lookup) known.push_back(need);
  }
  if (known == needs) return true;
  for (std::vector<Address>* one : {&known, &needs}) {
    std::sort(one->begin(), one->end());
    one->erase(std::unique(one->begin(), one->end()), one->end());
  }
  return known == needs;
}

bool PlanBuilder::knows_provider(const InventoryEntry& entry, const Resource& resource) {
  if (resource.provider >= graph_.providers().size()) return true;
  const Provider& provider = graph_.providers()[resource.provider];
  if (entry.provider != provider.address) return false;
  auto [at, fresh] = configs_.emplace(resource.provider, Value());
  if (fresh) {
    Result<Value> closed = close(provider.config, close_, Secrets::keep);
    at->second = closed ? std::move(*closed) : provider.config;
  }
  // What is known only after apply is remembered by the write that makes it known.
  return at->second.contains_unknown() || entry.provider_config == at->second;
}

}  // namespace carbon
