#pragma once

#include <memory>
#include <string>

#include "engine/apply/journal.h"
#include "engine/inventory/inventory.h"
#include "platform/store/database.h"

namespace carbon {

/// Inventory and journal of one (platform, environment, world) in one SQLite file. Format:
/// docs/formats/journal.md. Used by one thread. Holding a LocalStore opened for writing holds the lock.
class LocalStore : public InventoryStore, public Journal {
 public:
  enum class Access : std::uint8_t { read, write };

  struct Name {
    std::string platform;
    std::string environment;
    std::string world;
  };

  /// Errors: C0905 when another process holds the lock (says which), C0906 for a file that is damaged or of
  /// another format, C0908 when it cannot be opened. `folder` is usually `.carbon` in the package root.
  static Result<std::unique_ptr<LocalStore>> open(const std::string& folder, const Name& name, Access access);
  ~LocalStore() override;

  Result<Inventory> load() override;
  Status update(const std::vector<InventoryEntry>& put, const std::vector<Address>& remove) override;

  Status append(const std::vector<JournalEvent>& events) override;
  Result<std::vector<JournalEvent>> unfinished() override;
  Result<bool> intended(std::string_view token) override;
  Result<bool> use_plan(const std::string& plan_id, const std::string& nonce) override;
  /// True if use_plan said true for it before.
  Result<bool> plan_was_used(const std::string& plan_id, const std::string& nonce);

 private:
  LocalStore(Database database, Name name, int lock)
      : database_(std::move(database)), name_(std::move(name)), lock_(lock) {}
  Status prepare_schema();

  Database database_;
  Name name_;
  int lock_;
};

}  // namespace carbon
