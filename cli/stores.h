#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/compile.h"
#include "cli/options.h"
#include "engine/plan/plan.h"
#include "platform/store/shared_database.h"
#include "platform/store/store.h"

namespace carbon {

/// Which inventory a platform means, and where it is kept.
struct StorePlace {
  StoreName name;
  std::string folder;  ///< of the local files
  World world = World::sandbox;
  std::optional<SharedDatabase> shared;  ///< instead of a local file
};

/// Of a platform in files. Errors: C1002, C0411 when no world is chosen, C0401 and C0502 where the provider
/// of a shared inventory has fields that are not known.
[[nodiscard]] Result<StorePlace> store_place(const Compiled& compiled);
/// Of a saved plan.
[[nodiscard]] Result<StorePlace> store_place(const Plan& plan, const FunctionTable& functions,
                                             const std::string& directory);
/// The place of the same inventory elsewhere: `sqlite`, `sqlite:DIR` or `postgres:PROVIDER`. Errors: C1001.
[[nodiscard]] Result<StorePlace> other_place(const Compiled& compiled, std::string_view written);

/// Where a live world's inventory is kept, as a plan file says it: a folder beneath the root, or
/// `postgres:PROVIDER`; empty for the usual folder. The sandbox's is always there.
[[nodiscard]] std::string inventory_written(const Expansion& expansion);
/// What that says, as a file of the platform would say it.
[[nodiscard]] std::optional<InventoryChoice> inventory_choice(std::string_view written);

/// The file of this machine's digest key.
[[nodiscard]] std::string digest_key_file(const StoreName& name);

/// Opens the inventory; for writing, waits for its lock as long as `--lock-timeout` says and says so on
/// stderr. Errors: as LocalStore::open and PostgresStore::open.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(const Options& options, const StorePlace& place,
                                                        Store::Access access);

}  // namespace carbon
