#include "engine/plan/relocate.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/spelling.h"

namespace carbon {

namespace {

bool is_managed(const ResourceGraph& graph, const Address& address) {
  std::uint32_t index = graph.find(address);
  return index != ResourceGraph::npos && graph.resource(index).mode == ResourceMode::managed;
}

bool any_within(const ResourceGraph& graph, std::string_view outer) {
  const auto& all = graph.resources();
  return std::any_of(all.begin(), all.end(), [&](const Resource& one) {
    return one.mode == ResourceMode::managed && is_within(one.address, outer);
  });
}

/// True when what lacks is a member of a collection that has others: a name that a condition leaves out in
/// this environment is no mistake.
bool lacks_key(const ResourceGraph& graph, std::string_view target) {
  for (std::size_t end = target.find_last_of(".["); end != std::string_view::npos && end > 0;
       end = target.find_last_of(".[", end - 1)) {
    if (any_within(graph, target.substr(0, end))) return target[end] == '[';
  }
  return false;
}

Diagnostic& refuse(DiagnosticSink& sink, const ResourceGraph& graph, const InventoryEntry& entry,
                   std::string message) {
  Diagnostic& error = sink.error(DiagnosticCode::bad_move, std::move(message), {});
  for (const auto& [from, move] : graph.moves().moves()) {
    if (is_within(entry.address, from)) error.labels.push_back({move.to_span, "moved here"});
  }
  if (!entry.declared_at.empty()) error.notes.push_back("it was declared at " + entry.declared_at);
  error.address = entry.address;
  return error;
}

}  // namespace

Inventory relocate(Inventory inventory, const ResourceGraph& graph, DiagnosticSink& sink) {
  const Moves& moves = graph.moves();
  if (moves.moves().empty()) return inventory;
  std::map<Address, InventoryEntry> placed;
  std::vector<std::pair<Address, InventoryEntry>> moving;
  for (auto& [address, entry] : inventory.entries) {
    std::optional<Address> target = is_managed(graph, address) ? address : moves.follow(address);
    if (!target || *target == address) {
      placed.emplace(address, std::move(entry));
    } else {
      moving.emplace_back(std::move(*target), std::move(entry));
    }
  }
  for (auto& [target, entry] : moving) {
    if (is_managed(graph, target)) {
      if (placed.contains(target)) {
        refuse(sink, graph, entry,
               fmt::format("`{}` cannot move to `{}`, which has an object of its own", entry.address, target))
            .helps.push_back({"take the `moved` line away to have the old object deleted", {}});
        continue;
      }
      placed.emplace(target, moved_to(std::move(entry), target));
    } else if (lacks_key(graph, target)) {
      std::vector<std::string_view> names;
      for (const Resource& resource : graph.resources()) names.emplace_back(resource.address);
      Diagnostic& error =
          refuse(sink, graph, entry,
                 fmt::format("`{}` is moved to `{}`, which is not there", entry.address, target));
      if (std::string_view near = nearest(target, names); !near.empty())
        error.helps.push_back({fmt::format("did you mean `{}`?", near), {}});
      error.helps.push_back({"take the `moved` line away to have the object deleted", {}});
    } else {
      Address address = entry.address;
      placed.emplace(std::move(address), std::move(entry));
    }
  }
  inventory.entries = std::move(placed);
  return inventory;
}

}  // namespace carbon
