#include "platform/postgres_schema/order.h"

#include <functional>
#include <queue>

namespace carbon::postgres {

void Ordering::add_need(std::size_t at, std::size_t needed) {
  if (at == needed || !includes(at) || !includes(needed)) return;
  needed_by_[needed].push_back(at);
  ++waits_for_[at];
}

Ordering::Order Ordering::sort() const {
  using Ready = std::pair<std::uint32_t, std::size_t>;
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
  std::vector<std::size_t> waits_for = waits_for_;
  for (std::size_t at = 0; at < ranks_.size(); ++at)
    if (includes(at) && waits_for[at] == 0) ready.emplace(ranks_[at], at);
  Order order;
  while (!ready.empty()) {
    std::size_t at = ready.top().second;
    ready.pop();
    order.sorted.push_back(at);
    for (std::size_t dependent : needed_by_[at])
      if (--waits_for[dependent] == 0) ready.emplace(ranks_[dependent], dependent);
  }
  for (std::size_t at = 0; at < ranks_.size(); ++at)
    if (includes(at) && waits_for[at] != 0) order.circular.push_back(at);
  return order;
}

}  // namespace carbon::postgres
