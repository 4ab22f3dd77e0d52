#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace carbon {

/// Decides which step may run next. A state machine without threads, clock or I/O.
///
/// A step is `waiting` for what it needs, `ready`, `acting` (takes one of the slots and its exclusive key),
/// then perhaps `settling` (its request is done, it waits to become ready; no slot), then done, failed or
/// skipped. A failed step lets its dependants be skipped and never stops the others (invariant I5). Ties are
/// broken by index, and steps are given in address order, so the order is the same every time. O((n + e) log
/// n) over a whole run.
class Scheduler {
 public:
  struct Step {
    std::vector<std::uint32_t> needs;  ///< indices of steps that must be done before
    std::string exclusive;             ///< two steps with the same non-empty key never act at once
  };

  Scheduler(std::vector<Step> steps, std::uint32_t slots);

  /// Steps to start now, lowest first; each becomes acting.
  [[nodiscard]] std::vector<std::uint32_t> start();
  /// The request is done: gives its slot and key back.
  void acted(std::uint32_t step);
  /// Done: dependants may start. Also frees the slot if `acted` was not called.
  void done(std::uint32_t step);
  /// Failed; returns every step that is skipped because of it, in order.
  [[nodiscard]] std::vector<std::uint32_t> failed(std::uint32_t step);
  /// Nothing will be started any more; returns the steps that will now never run.
  [[nodiscard]] std::vector<std::uint32_t> stop();

  [[nodiscard]] bool ended() const { return open_ == 0; }
  /// Steps that act or settle.
  [[nodiscard]] std::uint32_t in_flight() const { return in_flight_; }

 private:
  enum class State : std::uint8_t { waiting, ready, acting, settling, done, failed, skipped };

  void finish(std::uint32_t step, State state);

  std::vector<Step> steps_;
  std::vector<State> states_;
  std::vector<std::uint32_t> missing_;  // needs that are not done yet
  std::vector<std::vector<std::uint32_t>> dependants_;
  std::set<std::uint32_t> ready_;
  std::set<std::string> busy_;  // exclusive keys in use
  std::uint32_t slots_;
  std::uint32_t open_;
  std::uint32_t in_flight_ = 0;
};

}  // namespace carbon
