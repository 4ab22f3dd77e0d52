#include <fmt/format.h>
#include <algorithm>

#include "dsl/expand/expander.h"
#include "engine/expr/evaluate.h"

namespace carbon {

namespace {

/// Resources that a value names without reading a field of them.
void collect_references(const Value& value, const Objects& objects, SourceSpan span, Dependencies& found) {
  if (value.kind() == ValueKind::reference) {
    std::uint32_t resource = objects.find_resource(value.text());
    SourceSpan place = value.origin() != 0 ? SourceSpan{value.origin(), value.origin() + 1} : span;
    if (resource != ResourceGraph::npos) found.push_back({resource, place});
  } else if (value.is_sequence()) {
    for (const Value& item : value.items()) collect_references(item, objects, span, found);
  } else if (value.is_fields()) {
    for (const Entry& entry : value.entries()) collect_references(entry.value, objects, span, found);
  }
}

/// The namespace that an object stands in, as a reference to it.
std::vector<ObjectReference> own_namespace(const ResourceType&, const Value& desired) {
  const Value* metadata = desired.find("metadata");
  const Value* space = metadata == nullptr ? nullptr : metadata->find("namespace");
  if (space == nullptr || !space->is_string()) return {};
  ObjectReference reference;
  reference.kind = "Namespace";
  reference.name = space->text();
  return {reference};
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

}  // namespace

void Expander::edges_of(const Member& member, const Resource& made, Dependencies depends) {
  auto from = static_cast<std::uint32_t>(objects_.resources().size());
  if (member.declaration.instance->body->kind != ExprKind::constant) {
    collect_references(made.desired, objects_, made.span, depends);
    for (const auto& [address, path] : open_attributes(made.desired)) {
      std::uint32_t resource = objects_.find_resource(address);
      if (resource != ResourceGraph::npos) depends.push_back({resource, made.span});
    }
  }
  deduplicate(depends);
  for (const Dependency& each : depends)
    edges_.push_back({from, each.resource, EdgeReason::reference, each.span});
  for (const Dependency& each : objects_.provider_depends(made.provider))
    edges_.push_back({from, each.resource, EdgeReason::provider, each.span});
  for (const Keep& keep : made.settings.keeps)
    edges_.push_back({from, objects_.find_resource(keep.sink), EdgeReason::after, made.span});
}

/// Adds every edge: what was said, with collections and components unfolded, and namespaces.
void Expander::finish_edges(ResourceGraph::Builder& builder) {
  std::deque<Resource>& resources = objects_.resources();
  std::vector<std::string_view> sorted;
  sorted.reserve(resources.size());
  for (const Resource& resource : resources) sorted.emplace_back(resource.address);
  std::sort(sorted.begin(), sorted.end());
  for (const PendingEdge& edge : edges_)
    builder.add_edge(resources[edge.from].address, resources[edge.to].address, edge.reason, edge.span);
  // `after x` of a collection or component means everything in it, and so does `after` in one.
  for (const PendingAfter& after : afters_) {
    if (after.from == after.to)
      sink_.error(DiagnosticCode::cycle, fmt::format("`{}` comes after itself", after.to), after.span);
    std::vector<std::string_view> targets = inside(sorted, after.to);
    for (std::string_view from : inside(sorted, after.from)) {
      for (std::string_view to : targets) {
        if (from != to) builder.add_edge(from, to, EdgeReason::after, after.span);
      }
    }
  }
  served_by(builder, sorted);
  implied_edges(builder);
}

/// All that goes through a provider waits for what the provider is served by.
void Expander::served_by(ResourceGraph::Builder& builder, const std::vector<std::string_view>& sorted) {
  if (servers_.empty()) return;
  std::deque<Resource>& resources = objects_.resources();
  for (const PendingServer& each : servers_) {
    Provider& provider = objects_.providers()[each.provider];
    for (std::string_view server : inside(sorted, each.server)) {
      provider.served_by.emplace_back(server);
      for (const Resource& resource : resources) {
        if (resource.provider != each.provider) continue;
        if (resource.address == server)
          sink_.error(DiagnosticCode::cycle,
                      fmt::format("`{}` goes through `{}`, which it serves", server, provider.address),
                      each.span);
        if (resource.address != server)
          builder.add_edge(resource.address, server, EdgeReason::provider, each.span);
      }
    }
  }
}

void Expander::implied_edges(ResourceGraph::Builder& builder) {
  std::deque<Resource>& resources = objects_.resources();
  for (const Resource& resource : resources) {
    if (resource.type->transport != Transport::kubernetes) continue;
    auto named = options_.implied ? options_.implied(*resource.type, resource.desired)
                                  : own_namespace(*resource.type, resource.desired);
    for (const ObjectReference& each : named) {
      std::string key = fmt::format("{}/{}\n{}", each.group, each.kind, cluster_of(resource.provider));
      if (!each.object_namespace.empty()) key += "\n" + each.object_namespace;
      auto found = identities_.find(key + "\n" + each.name);
      if (found == identities_.end() || &resources[found->second] == &resource) continue;
      builder.add_edge(resource.address, resources[found->second].address, EdgeReason::implied,
                       resource.span);
    }
  }
}

}  // namespace carbon
