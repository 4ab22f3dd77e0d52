#pragma once

#include <coroutine>
#include <optional>
#include <string>
#include <vector>

#include "base/task.h"
#include "base/task_group.h"
#include "engine/apply/journal.h"
#include "engine/inventory/inventory.h"
#include "engine/ports/io.h"

namespace carbon {

/// Group commit: everything that steps want to have durable within one turn of the event loop (at most 1 ms)
/// becomes one transaction of the journal, with what it changes in the inventory. After a failure nothing is
/// written any more.
class JournalWriter {
 public:
  JournalWriter(Io& io, Journal& journal, std::string run)
      : io_(io), journal_(journal), run_(std::move(run)) {}

  /// Resumes when the event is durable. False: the store failed, and nothing may be sent.
  Task<bool> write(JournalEvent event);
  /// The same, with a change of the inventory that is durable with the event.
  Task<bool> write(JournalEvent event, std::vector<InventoryEntry> put, std::vector<Address> remove);

  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  [[nodiscard]] const std::string& run() const { return run_; }
  /// Whether an outcome is not known: the run must not end then.
  [[nodiscard]] bool left_open() const { return left_open_; }
  /// Resumes when no commit is under way.
  [[nodiscard]] auto drained() { return flushes_.all(); }

 private:
  struct Turn {
    std::vector<JournalEvent> events;
    std::vector<InventoryEntry> put;
    std::vector<Address> remove;
    std::vector<std::coroutine_handle<>> waiting;
  };

  Task<void> flush();
  void commit(Turn& turn);

  Io& io_;
  Journal& journal_;
  std::string run_;
  Turn turn_;
  bool flushing_ = false;
  bool left_open_ = false;
  std::optional<Error> failure_;
  TaskGroup flushes_;
};

}  // namespace carbon
