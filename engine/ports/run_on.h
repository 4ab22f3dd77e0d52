#pragma once

#include <optional>
#include <utility>

#include "base/task.h"
#include "engine/ports/io.h"

namespace carbon {

/// Runs a task on the world's loop and gives its result.
template <class T>
[[nodiscard]] T run_on(Io& io, Task<T> task) {
  std::optional<T> result;
  auto body = [](Task<T> inner, std::optional<T>* out) -> Task<void> { out->emplace(co_await inner); };
  Task<void> root = body(std::move(task), &result);
  io.run(root);
  return std::move(*result);
}

}  // namespace carbon
