#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace carbon {

/// Calls `work(0)` to `work(count - 1)`, each once, on as many threads as the machine has cores, the caller's
/// among them; `single` leaves it to the caller's alone. Returns when all are done. `work` must not throw,
/// and calls may share only what none of them changes.
inline void for_each_index(std::size_t count, bool single, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::size_t cores = single ? 1 : std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::thread> helpers;
  for (std::size_t i = 1; i < std::min(cores, count); ++i) helpers.emplace_back(take);
  take();
  for (std::thread& helper : helpers) helper.join();
}

}  // namespace carbon
