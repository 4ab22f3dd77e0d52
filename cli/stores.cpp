#include "cli/stores.h"

#include <fmt/core.h>

#include <chrono>
#include <filesystem>

#include "base/diagnostic_text.h"
#include "cli/world.h"
#include "engine/expr/evaluate.h"
#include "platform/connectors/registry.h"
#include "platform/io/network_driver.h"
#include "platform/secrets/secrets.h"
#include "platform/store/local_store.h"
#include "platform/store/postgres_store.h"

namespace carbon {

namespace {

constexpr std::string_view shared_prefix = "postgres:";

std::int64_t nanoseconds_now() {
  auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

LockRequest lock_request(const Options& options) {
  LockRequest request;
  request.holder = this_holder(options.command, nanoseconds_now());
  if (!options.lock_timeout) return request;
  request.timeout = *options.lock_timeout;
  request.waiting = [timeout = request.timeout](const LockHolder& holder) {
    fmt::print(stderr, "waiting at most {} for {}, who holds the lock\n", timeout.text(), visible(holder.by));
  };
  return request;
}

}  // namespace

std::string inventory_written(const Expansion& expansion) {
  bool said = expansion.inventory && expansion.world == World::live;
  if (!said) return {};
  const InventoryChoice& choice = *expansion.inventory;
  return choice.kind == "postgres" ? std::string(shared_prefix) + choice.where : choice.where;
}

std::optional<InventoryChoice> inventory_choice(std::string_view written) {
  if (written.empty()) return std::nullopt;
  if (!written.starts_with(shared_prefix)) return InventoryChoice{"sqlite", std::string(written), {}};
  return InventoryChoice{"postgres", std::string(written.substr(shared_prefix.size())), {}};
}

namespace {

std::string folder_beneath(const std::string& root, std::string_view folder) {
  return (std::filesystem::path(root) / (folder.empty() ? ".carbon" : folder)).lexically_normal().string();
}

/// The provider's database. Its fields must be known now: nothing can be observed before the inventory is.
Result<SharedDatabase> shared_database(const Address& provider, const Value& config,
                                       const FunctionTable& functions, const std::string& root) {
  LocalSecrets secrets(root, "", MissingSecret::error);
  CloseContext context{functions,
                       [](std::string_view resource, std::string_view path) -> Result<Value> {
                         return Value::unknown_attribute(resource, path);
                       },
                       [&secrets](const OpenTerm& leaf) { return secrets.resolve(leaf); }};
  Value known = CARBON_TRY(close(config, context, Secrets::reveal));
  if (known.contains_unknown() || known.contains_secret()) {
    return fail(
        Error(DiagnosticCode::unknown_key,
              fmt::format("where `{}` is reached is known only after apply, and the inventory is kept there",
                          provider))
            .help("write its host, port, user and password as values or as secrets of the environment"));
  }
  const Value* database = known.find("database");
  bool named = database != nullptr && database->is_string();
  return SharedDatabase{sql_endpoint(known), named ? std::string(database->text()) : "postgres",
                        [] { return std::make_unique<NetworkDriver>(); }};
}

/// What `written` means: see inventory_written. `providers` have an address and a config.
template <class Providers>
Result<StorePlace> place_of(StoreName name, World world, std::string_view written, const std::string& root,
                            const Providers& providers, const FunctionTable& functions) {
  StorePlace place{std::move(name), folder_beneath(root, ""), world, std::nullopt};
  if (!written.starts_with(shared_prefix)) {
    place.folder = folder_beneath(root, written);
    return place;
  }
  std::string_view wanted = written.substr(shared_prefix.size());
  for (const auto& provider : providers) {
    if (provider.address != wanted) continue;
    place.shared = CARBON_TRY(shared_database(provider.address, provider.config, functions, root));
    return place;
  }
  return fail(Error(DiagnosticCode::bad_usage, fmt::format("no provider `{}` is declared", visible(wanted)))
                  .help("name the provider of a server of PostgreSQL"));
}

}  // namespace

Result<StorePlace> store_place(const Compiled& compiled) {
  const Expansion& expansion = *compiled.expansion;
  if (expansion.platform.empty()) {
    return fail(Error(DiagnosticCode::no_platform,
                      fmt::format("no `platform NAME` is declared in {}", compiled.loaded.root))
                    .help("write `platform NAME {}` in one of the files"));
  }
  if (!expansion.world) {
    return fail(
        Error(DiagnosticCode::world_not_chosen,
              fmt::format("which world is meant is not said: not by platform `{}`, nor by environment `{}`",
                          expansion.platform, expansion.environment))
            .help("pass `--world sandbox` or `--world live`, or write `world live` in the environment"));
  }
  StoreName name{expansion.platform, expansion.environment, std::string(world_name(*expansion.world))};
  return place_of(std::move(name), *expansion.world, inventory_written(expansion), compiled.loaded.root,
                  expansion.graph.providers(), compiled.language.functions);
}

Result<StorePlace> store_place(const Plan& plan, const FunctionTable& functions,
                               const std::string& directory) {
  World world = plan.world == world_name(World::live) ? World::live : World::sandbox;
  return place_of({plan.platform, plan.environment, plan.world}, world, plan.inventory_folder,
                  std::filesystem::absolute(directory).string(), plan.providers, functions);
}

Result<StorePlace> other_place(const Compiled& compiled, std::string_view written) {
  constexpr std::string_view local = "sqlite";
  bool is_local = written == local || written.starts_with("sqlite:");
  if (!is_local && !written.starts_with(shared_prefix)) {
    return fail(Error(DiagnosticCode::bad_usage,
                      fmt::format("`--to {}` is no place of an inventory", visible(written)))
                    .help("write `sqlite`, `sqlite:DIR` or `postgres:PROVIDER`"));
  }
  StorePlace place = CARBON_TRY(store_place(compiled));
  if (is_local) written = written == local ? "" : written.substr(local.size() + 1);
  return place_of(place.name, place.world, written, compiled.loaded.root,
                  compiled.expansion->graph.providers(), compiled.language.functions);
}

std::string digest_key_file(const StoreName& name) {
  return key_folder() + "/" + name.text() + ".digest.key";
}

Result<std::unique_ptr<Store>> open_store(const Options& options, const StorePlace& place,
                                          Store::Access access) {
  if (place.shared)
    return CARBON_TRY(PostgresStore::open(*place.shared, place.name, access, lock_request(options)));
  return CARBON_TRY(LocalStore::open(place.folder, place.name, access, lock_request(options)));
}

}  // namespace carbon
