#pragma once

namespace carbon {

/// Ends a wait of the event loop from another thread: a descriptor that becomes readable (eventfd(2)).
class Wakeup {
 public:
  Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  ~Wakeup();

  /// From any thread.
  void wake() const;
  /// Makes the descriptor unreadable again; on the event-loop thread.
  void clear() const;
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace carbon
