#include "platform/io/wakeup.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace carbon {

Wakeup::Wakeup() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) std::abort();  // no descriptor left at the start of a program: nothing could be opened
}

Wakeup::~Wakeup() { ::close(descriptor_); }

void Wakeup::wake() const {
  std::uint64_t one = 1;
  // It fails only when the counter is full, and then the descriptor is readable already.
  [[maybe_unused]] ssize_t written = ::write(descriptor_, &one, sizeof one);
}

void Wakeup::clear() const {
  std::uint64_t count = 0;
  [[maybe_unused]] ssize_t read = ::read(descriptor_, &count, sizeof count);
}

}  // namespace carbon
