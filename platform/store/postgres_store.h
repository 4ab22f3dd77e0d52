#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/store/lease.h"
#include "platform/store/shared_database.h"
#include "platform/store/store.h"

namespace carbon {

/// Inventory and journal of one (platform, environment, world) in PostgreSQL, shared by machines. Format:
/// docs/formats/shared-inventory.md. Used by one thread, beside the one that renews the lease.
class PostgresStore : public Store {
 public:
  /// Makes the tables if need be. Errors: C0905 when another holds the lease (says who), C0906 for another
  /// format, C0912 when the server cannot be reached or refuses.
  static Result<std::unique_ptr<PostgresStore>> open(const SharedDatabase& database, const StoreName& name,
                                                     Access access, const LockRequest& request = {});

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
  [[nodiscard]] std::string place() const override { return session_.database().place(); }
  [[nodiscard]] bool may_send() const override { return lease_ != nullptr && lease_->usable(); }
  Result<std::optional<std::string>> shared_key(const std::string& proposed) override;

 private:
  PostgresStore(const SharedDatabase& database, StoreName name)
      : session_(database), name_(std::move(name)), key_(name_.text()) {}
  Status prepare_schema();
  [[nodiscard]] std::vector<SqlStatement> change(const std::vector<InventoryEntry>& put,
                                                 const std::vector<Address>& remove) const;
  Status append(const std::vector<JournalEvent>& events, std::vector<SqlStatement> statements);
  /// In one transaction, behind a look at the lease.
  Result<std::vector<SqlRows>> write(std::vector<SqlStatement> statements);
  Result<SqlRows> read(std::string text, std::vector<std::optional<std::string>> parameters);
  Result<std::vector<JournalEvent>> events(const char* condition, const char* detail);

  SharedSession session_;
  StoreName name_;
  std::string key_;  ///< of its rows
  std::unique_ptr<Lease> lease_;
};

}  // namespace carbon
