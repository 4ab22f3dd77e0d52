#pragma once

#include <deque>
#include <functional>

namespace carbon {

/// Calls that the event loop makes next: completions of what has ended. They may start new operations.
using Completions = std::deque<std::function<void()>>;

/// A descriptor that the loop waits for on behalf of another transport, and afterwards whether it is ready.
struct WaitedDescriptor {
  int fd = -1;
  bool read = false;
  bool write = false;
  bool ready = false;
};

}  // namespace carbon
