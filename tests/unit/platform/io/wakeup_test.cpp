#include "platform/io/wakeup.h"

#include <doctest/doctest.h>
#include <poll.h>

#include <thread>

using namespace carbon;

namespace {

bool readable(const Wakeup& wakeup, int milliseconds) {
  pollfd descriptor{wakeup.descriptor(), POLLIN, 0};
  return ::poll(&descriptor, 1, milliseconds) == 1;
}

}  // namespace

TEST_CASE("a wait ends when another thread says so, and not before") {
  Wakeup wakeup;
  CHECK_FALSE(readable(wakeup, 0));
  std::thread other([&] { wakeup.wake(); });
  CHECK(readable(wakeup, 10'000));
  other.join();
}

TEST_CASE("many wakes are one, and are over once cleared") {
  Wakeup wakeup;
  for (int i = 0; i < 3; ++i) wakeup.wake();
  CHECK(readable(wakeup, 0));
  wakeup.clear();
  CHECK_FALSE(readable(wakeup, 0));
  wakeup.clear();  // nothing to clear does not block
  wakeup.wake();
  CHECK(readable(wakeup, 0));
}
