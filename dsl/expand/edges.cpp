#include <algorithm>

#include "dsl/expand/expander.h"
#include "engine/expr/evaluate.h"

namespace carbon {

namespace {

/// Addresses that a value names without reading a field of them.
void collect_references(const Value& value, SourceSpan span, Dependencies& found) {
  if (value.kind() == ValueKind::reference) {
    SourceSpan place = value.origin() != 0 ? SourceSpan{value.origin(), value.origin() + 1} : span;
    found.push_back({std::string(value.text()), place});
  } else if (value.is_sequence()) {
    for (const Value& item : value.items()) collect_references(item, span, found);
  } else if (value.is_fields()) {
    for (const Entry& entry : value.entries()) collect_references(entry.value, span, found);
  }
}

std::string_view namespace_of(const Value& desired) {
  const Value* metadata = desired.find("metadata");
  const Value* space = metadata == nullptr ? nullptr : metadata->find("namespace");
  return space != nullptr && space->is_string() ? space->text() : std::string_view();
}

std::string_view name_of(const Value& desired) {
  const Value* metadata = desired.find("metadata");
  const Value* name = metadata == nullptr ? nullptr : metadata->find("name");
  return name != nullptr && name->is_string() ? name->text() : std::string_view();
}

/// The addresses that are the one given or stand below it.
std::vector<std::string_view> inside(const std::vector<std::string_view>& sorted,
                                     const std::string& address) {
  std::vector<std::string_view> found;
  if (std::binary_search(sorted.begin(), sorted.end(), address)) found.emplace_back(address);
  for (char behind : {'.', '['}) {
    std::string prefix = address + behind;
    auto at = std::lower_bound(sorted.begin(), sorted.end(), prefix);
    for (; at != sorted.end() && at->starts_with(prefix); ++at) found.push_back(*at);
  }
  return found;
}

bool is_namespace(const ResourceType& type) {
  return type.transport == Transport::kubernetes && type.kubernetes.group.empty() &&
         type.kubernetes.kind == "Namespace";
}

}  // namespace

void Expander::edges_of(const Member& member, const Resource& made, const Dependencies& depends) {
  Dependencies all = depends;
  if (member.declaration.instance->body->kind != ExprKind::constant) {
    collect_references(made.desired, made.span, all);
    for (const auto& [address, path] : open_attributes(made.desired)) all.push_back({address, made.span});
  }
  auto add = [&](const Dependencies& targets, EdgeReason reason) {
    for (const Dependency& target : targets) {
      if (objects_.is_resource(target.address))
        edges_.push_back({member.address, target.address, reason, target.span});
    }
  };
  add(all, EdgeReason::reference);
  add(objects_.provider_depends(made.provider), EdgeReason::provider);
}

/// Adds every edge: what was said, with collections and components unfolded, and namespaces.
void Expander::finish_edges(ResourceGraph::Builder& builder) {
  std::deque<Resource>& resources = objects_.resources();
  std::vector<std::string_view> sorted;
  sorted.reserve(resources.size());
  for (const Resource& resource : resources) sorted.emplace_back(resource.address);
  std::sort(sorted.begin(), sorted.end());
  for (const PendingEdge& edge : edges_) {
    if (edge.reason != EdgeReason::after) {
      builder.add_edge(edge.from, edge.to, edge.reason, edge.span);
      continue;
    }
    // `after x` of a collection or component means everything in it, and so does `after` in one.
    std::vector<std::string_view> targets = inside(sorted, edge.to);
    for (std::string_view from : inside(sorted, edge.from)) {
      for (std::string_view to : targets) {
        if (from != to) builder.add_edge(from, to, edge.reason, edge.span);
      }
    }
  }
  std::map<std::pair<std::uint32_t, std::string_view>, std::string_view> namespaces;
  for (const Resource& resource : resources) {
    if (is_namespace(*resource.type))
      namespaces[{resource.provider, name_of(resource.desired)}] = resource.address;
  }
  if (namespaces.empty()) return;
  for (const Resource& resource : resources) {
    bool inside = resource.type->transport == Transport::kubernetes && resource.type->kubernetes.namespaced;
    if (!inside) continue;
    auto found = namespaces.find({resource.provider, namespace_of(resource.desired)});
    if (found != namespaces.end())
      builder.add_edge(resource.address, found->second, EdgeReason::implied, resource.span);
  }
}

}  // namespace carbon
