#include "engine/plan/plan_order.h"

#include <string_view>
#include <unordered_map>

namespace carbon {

std::vector<std::vector<std::uint32_t>> waits_by_need(const Plan& plan) {
  std::unordered_map<std::string_view, std::uint32_t> places;
  for (std::uint32_t i = 0; i < plan.changes.size(); ++i) places.emplace(plan.changes[i].address, i);
  std::vector<std::vector<std::uint32_t>> waits(plan.changes.size());
  for (std::uint32_t i = 0; i < plan.changes.size(); ++i) {
    const Change& change = plan.changes[i];
    if (change.action == Action::move) continue;
    for (const Address& need : change.needs) {
      auto found = places.find(need);
      if (found == places.end() || found->second == i) continue;
      bool goes = change.action == Action::delete_;
      bool needed_goes = plan.changes[found->second].action == Action::delete_;
      if (goes && needed_goes) {
        waits[found->second].push_back(i);
      } else if (!goes && !needed_goes) {
        waits[i].push_back(found->second);
      }
    }
  }
  return waits;
}

}  // namespace carbon
