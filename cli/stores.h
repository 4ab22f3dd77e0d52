#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "cli/compile.h"
#include "cli/options.h"
#include "engine/plan/plan.h"
#include "platform/connectors/registry.h"
#include "platform/store/shared_cluster.h"
#include "platform/store/shared_database.h"
#include "platform/store/store.h"

namespace carbon {

/// Which inventory a platform means, and where it is kept.
struct StorePlace {
  StoreName name;
  World world = World::sandbox;
  std::string folder;  ///< of the local files: the inventory, where no server has it, and the sandbox
  std::variant<std::monostate, SharedDatabase, SharedCluster> shared;  ///< where machines share it
  Address provider;                                                    ///< of that server

  /// Tells places apart, for people.
  [[nodiscard]] std::string text() const;
};

/// Of a platform in files. Errors: C1002, C0411 when no world is chosen, C0401 and C0502 where the provider
/// of a shared inventory has fields that are not known, C0701 for the way to a cluster.
[[nodiscard]] Result<StorePlace> store_place(const Compiled& compiled, const KubernetesChoice& choice);
/// Of a saved plan.
[[nodiscard]] Result<StorePlace> store_place(const Plan& plan, const FunctionTable& functions,
                                             const std::string& directory, const KubernetesChoice& choice);
/// The place of the same inventory elsewhere: `sqlite`, `sqlite:DIR`, `postgres:PROVIDER`,
/// `kubernetes:PROVIDER` or `kubernetes:PROVIDER/NAMESPACE`. Errors: C1001.
[[nodiscard]] Result<StorePlace> other_place(const Compiled& compiled, std::string_view written,
                                             const KubernetesChoice& choice);

/// Where a live world's inventory is kept, as a plan file says it: a folder beneath the root, or one of the
/// servers as other_place has them; empty for the usual folder. The sandbox's is always there.
[[nodiscard]] std::string inventory_written(const Expansion& expansion);
/// What that says, as a file of the platform would say it.
[[nodiscard]] std::optional<InventoryChoice> inventory_choice(std::string_view written);

/// Refuses a plan with which the namespace would go that the inventory itself is kept in: what carbon owns
/// would be forgotten in the middle of the run.
void keep_inventory(const StorePlace& place, const Plan& plan, DiagnosticSink& sink);

/// The file of this machine's digest key.
[[nodiscard]] std::string digest_key_file(const StoreName& name);

/// Opens the inventory; for writing, waits for its lock as long as `--lock-timeout` says and says so on
/// stderr. Errors: as the open of each store.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(const Options& options, const StorePlace& place,
                                                        Store::Access access);

}  // namespace carbon
