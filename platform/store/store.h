#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/apply/journal.h"
#include "engine/inventory/inventory.h"
#include "platform/store/lock_holder.h"

namespace carbon {

/// Whose inventory it is.
struct StoreName {
  std::string platform;
  std::string environment;
  std::string world;

  [[nodiscard]] std::string text() const { return platform + "." + environment + "." + world; }
};

/// Who holds the lock of an inventory, as it is now.
struct LockState {
  bool held = false;
  bool lives = false;           ///< the operating system says that its holder is alive
  LockHolder holder;            ///< of a free lock: empty
  std::string place;            ///< where the lock is, for messages
  std::string epoch;            ///< of a lease
  std::int64_t expires_in = 0;  ///< seconds; of a lease
};

/// All that a store holds, to be moved to another one.
struct StoreContent {
  std::uint64_t generation = 0;
  std::vector<InventoryEntry> entries;
  std::vector<JournalEvent> events;                             ///< with everything that intents hold
  std::vector<std::pair<std::string, std::string>> used_plans;  ///< plan and nonce
  std::pair<std::string, std::string> kept_plan;                ///< run and its encoded plan, or empty

  [[nodiscard]] bool empty() const { return entries.empty() && events.empty() && used_plans.empty(); }
};
/// Whether two stores hold the same; the numbers of events do not count.
[[nodiscard]] bool same_content(const StoreContent& a, const StoreContent& b);

/// C0906 for a store that was moved.
[[nodiscard]] Error moved_away(const std::string& place, const std::string& moved_to);

/// Inventory, journal and lock of one (platform, environment, world). Used by one thread. A store that was
/// opened for writing holds the lock until it is destroyed; each of its writes is refused (C0910) once the
/// lock was taken from it.
class Store : public InventoryStore, public Journal {
 public:
  enum class Access : std::uint8_t {
    read,
    write,
    move_here,  ///< to write, and also when it was moved away: what it held is superseded
  };

  /// Every event that is on record, oldest first, without what intents hold to find their objects again.
  virtual Result<std::vector<JournalEvent>> history() = 0;
  /// True if use_plan said true for it before.
  virtual Result<bool> plan_was_used(const std::string& plan_id, const std::string& nonce) = 0;
  /// The plan that keep_plan kept for that run; empty where another one is kept, or none.
  virtual Result<std::string> plan_of(const std::string& run) = 0;
  virtual Result<LockState> lock_state() = 0;
  /// Takes the lock from the holder that was seen: from now on the store refuses what that one writes, and
  /// the lock is free. For a store that was opened for reading. Errors: C0905 when another one has it by now.
  virtual Status break_lock(const LockState& seen) = 0;
  virtual Result<StoreContent> content() = 0;
  /// Puts all of it in place of what is there, in one transaction; the store is no longer moved away.
  virtual Status take_over(const StoreContent& content) = 0;
  /// Where it was moved to; empty for one that was not.
  virtual Result<std::string> moved_to() = 0;
  /// From now on it is opened only to move something here.
  virtual Status retire(const std::string& moved_to) = 0;
  /// Where it is, for messages.
  [[nodiscard]] virtual std::string place() const = 0;
  /// False once the lock is lost, or may be: no request may be sent then. From any thread.
  [[nodiscard]] virtual bool may_send() const { return true; }
  /// The digest key of an inventory that machines share; the first one's proposal becomes it. Nothing where
  /// each machine has its own, or where this role may not read it.
  virtual Result<std::optional<std::string>> shared_key(const std::string& proposed) = 0;
};

}  // namespace carbon
