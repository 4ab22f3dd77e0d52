#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/store/database.h"
#include "platform/store/lock_file.h"
#include "platform/store/store.h"

namespace carbon {

/// Inventory and journal of one (platform, environment, world) in one SQLite file, and beside it the lock.
/// Format: docs/formats/journal.md. Used by one thread.
class LocalStore : public Store {
 public:
  using Name = StoreName;

  /// Errors: C0905 when another process holds the lock (says which), C0906 for a file that is damaged or of
  /// another format, C0908 when it cannot be opened. `folder` is usually `.carbon` in the package root.
  static Result<std::unique_ptr<LocalStore>> open(const std::string& folder, const Name& name, Access access,
                                                  const LockRequest& request = {});

  Result<Inventory> load() override;
  Status update(const std::vector<InventoryEntry>& put, const std::vector<Address>& remove) override;

  Status append(const std::vector<JournalEvent>& events) override;
  Status append(const std::vector<JournalEvent>& events, const std::vector<InventoryEntry>& put,
                const std::vector<Address>& remove) override;
  Result<std::vector<JournalEvent>> unfinished() override;
  Result<bool> intended(std::string_view token) override;
  Result<bool> use_plan(const std::string& plan_id, const std::string& nonce) override;
  Status keep_plan(const std::string& run, const std::string& plan) override;
  Result<std::string> plan_of(const std::string& run) override;
  Result<std::vector<JournalEvent>> history() override;
  Result<bool> plan_was_used(const std::string& plan_id, const std::string& nonce) override;
  Result<LockState> lock_state() override;
  Status break_lock(const LockState& seen) override;
  Result<StoreContent> content() override;
  Status take_over(const StoreContent& content) override;
  Result<std::string> moved_to() override;
  Status retire(const std::string& moved_to) override;
  [[nodiscard]] std::string place() const override { return database_.path(); }
  Result<std::optional<std::string>> shared_key(const std::string&) override { return std::nullopt; }

 private:
  LocalStore(Database database, Name name, std::string lock_path)
      : database_(std::move(database)), name_(std::move(name)), lock_path_(std::move(lock_path)) {}
  Status prepare_schema();
  Status take_lock(const LockRequest& request);
  /// A transaction in which the lock is known to be still ours. Errors: C0910.
  Result<Transaction> begin();
  Result<std::string> epoch();
  Status write_plan(const std::string& run, const std::string& plan);
  /// C0907 with the reason; what says that the lock is lost stays what it is.
  [[nodiscard]] Error not_written(const Error& why) const;
  /// The events, and what `with` writes, in one transaction.
  Status written(const std::vector<JournalEvent>& events, const std::function<Status()>& with);
  Status change(const std::vector<InventoryEntry>& put, const std::vector<Address>& remove);
  Status insert(const std::vector<JournalEvent>& events);
  Status insert(const std::vector<InventoryEntry>& entries);

  Database database_;
  Name name_;
  std::string lock_path_;
  LockFile lock_;
  LockHolder holder_;
  std::string epoch_;  ///< of the lock, since it is ours
};

}  // namespace carbon
