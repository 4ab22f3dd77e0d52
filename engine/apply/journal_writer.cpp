#include "engine/apply/journal_writer.h"

#include <iterator>

namespace carbon {

namespace {

struct Park {
  std::vector<std::coroutine_handle<>>& waiting;
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) { waiting.push_back(handle); }
  void await_resume() const noexcept {}
};

constexpr Duration turn_length{1'000'000};

}  // namespace

Task<bool> JournalWriter::write(JournalEvent event) {
  std::vector<InventoryEntry> put;
  std::vector<Address> remove;
  bool durable = co_await write(std::move(event), std::move(put), std::move(remove));
  co_return durable;
}

Task<bool> JournalWriter::write(JournalEvent event, std::vector<InventoryEntry> put,
                                std::vector<Address> remove) {
  if (failure_) co_return false;
  event.run = run_;
  event.wall_clock = io_.wall_clock();
  left_open_ = left_open_ || event.kind == JournalKind::unknown;
  turn_.events.push_back(std::move(event));
  std::move(put.begin(), put.end(), std::back_inserter(turn_.put));
  std::move(remove.begin(), remove.end(), std::back_inserter(turn_.remove));
  if (!flushing_) {
    flushing_ = true;
    flushes_.spawn(flush());
  }
  Park park{turn_.waiting};
  co_await park;
  co_return !failure_.has_value();
}

Task<void> JournalWriter::flush() {
  auto pause = io_.sleep(turn_length);
  co_await pause;
  flushing_ = false;
  Turn turn = std::exchange(turn_, {});
  commit(turn);
  for (std::coroutine_handle<> waiting : turn.waiting) waiting.resume();
}

void JournalWriter::commit(Turn& turn) {
  if (failure_) return;
  bool changes = !turn.put.empty() || !turn.remove.empty();
  Status written =
      changes ? journal_.append(turn.events, turn.put, turn.remove) : journal_.append(turn.events);
  if (!written) failure_ = written.error();
}

}  // namespace carbon
