#include "cli/stores.h"

#include <fmt/core.h>

#include <array>
#include <chrono>
#include <filesystem>

#include "base/diagnostic_text.h"
#include "cli/world.h"
#include "engine/expr/evaluate.h"
#include "platform/connectors/registry.h"
#include "platform/io/network_driver.h"
#include "platform/secrets/secrets.h"
#include "platform/store/kubernetes_store.h"
#include "platform/store/local_store.h"
#include "platform/store/postgres_store.h"

namespace carbon {

namespace {

/// The kinds of inventories that machines share; each is written `KIND:PROVIDER`.
constexpr std::array<std::string_view, 2> shared_kinds{"postgres", "kubernetes"};

/// A written place that machines share, taken apart; empty `kind` for a folder.
struct SharedWritten {
  std::string_view kind;
  std::string_view provider;
  std::string_view name_space;  ///< of a cluster, where one is written
};

SharedWritten shared_written(std::string_view written) {
  for (std::string_view kind : shared_kinds) {
    if (!written.starts_with(kind) || !written.substr(kind.size()).starts_with(':')) continue;
    std::string_view rest = written.substr(kind.size() + 1);
    std::size_t slash = kind == "kubernetes" ? rest.find('/') : std::string_view::npos;
    if (slash == std::string_view::npos) return {kind, rest, {}};
    return {kind, rest.substr(0, slash), rest.substr(slash + 1)};
  }
  return {};
}

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
  return choice.kind == "sqlite" ? choice.where : choice.kind + ":" + choice.where;
}

std::optional<InventoryChoice> inventory_choice(std::string_view written) {
  if (written.empty()) return std::nullopt;
  std::string_view kind = shared_written(written).kind;
  if (kind.empty()) return InventoryChoice{"sqlite", std::string(written), {}};
  return InventoryChoice{std::string(kind), std::string(written.substr(kind.size() + 1)), {}};
}

namespace {

std::string folder_beneath(const std::string& root, std::string_view folder) {
  return (std::filesystem::path(root) / (folder.empty() ? ".carbon" : folder)).lexically_normal().string();
}

/// The provider's fields, which must be known now: nothing can be observed before the inventory is.
Result<Value> known_config(const Address& provider, const Value& config, const FunctionTable& functions,
                           const std::string& root) {
  LocalSecrets secrets(root, "", MissingSecret::error);
  CloseContext context{functions,
                       [](std::string_view resource, std::string_view path) -> Result<Value> {
                         return Value::unknown_attribute(resource, path);
                       },
                       [&secrets](const OpenTerm& leaf) { return secrets.resolve(leaf); }};
  Value known = CARBON_TRY(close(config, context, Secrets::reveal));
  if (!known.contains_unknown() && !known.contains_secret()) return known;
  return fail(
      Error(DiagnosticCode::unknown_key,
            fmt::format("where `{}` is reached is known only after apply, and the inventory is kept there",
                        provider))
          .help("write its host, port, user and password as values or as secrets of the environment"));
}

std::string text_of(const Value& config, std::string_view field) {
  const Value* value = config.find(field);
  return value != nullptr && value->is_string() ? std::string(value->text()) : std::string();
}

std::unique_ptr<Io> own_network() { return std::make_unique<NetworkDriver>(); }

SharedDatabase shared_database(const Value& config) {
  std::string database = text_of(config, "database");
  return {sql_endpoint(config), database.empty() ? "postgres" : database, own_network};
}

Result<SharedCluster> shared_cluster(const Value& config, std::string_view name_space,
                                     const KubernetesChoice& choice) {
  SharedCluster cluster;
  cluster.access = CARBON_TRY(kubernetes_access(config, choice));
  cluster.name_space = name_space;
  if (cluster.name_space.empty()) cluster.name_space = text_of(config, "namespace");
  if (cluster.name_space.empty()) cluster.name_space = cluster.access.default_namespace;
  if (cluster.name_space.empty()) cluster.name_space = "default";
  cluster.make_io = own_network;
  return cluster;
}

/// What a written place depends on, beside the providers.
struct PlaceContext {
  const std::string& root;
  const FunctionTable& functions;
  const KubernetesChoice& choice;
};

/// What `written` means: see inventory_written. `providers` have an address and a config.
template <class Providers>
Result<StorePlace> place_of(StoreName name, World world, std::string_view written, const Providers& providers,
                            const PlaceContext& context) {
  SharedWritten shared = shared_written(written);
  bool local = shared.kind.empty();
  StorePlace place{std::move(name), world, folder_beneath(context.root, local ? written : ""), {}, {}};
  if (local) return place;
  for (const auto& provider : providers) {
    if (provider.address != shared.provider) continue;
    place.provider = provider.address;
    Value config =
        CARBON_TRY(known_config(provider.address, provider.config, context.functions, context.root));
    if (shared.kind == "kubernetes") {
      place.shared = CARBON_TRY(shared_cluster(config, shared.name_space, context.choice));
    } else {
      place.shared = shared_database(config);
    }
    return place;
  }
  return fail(
      Error(DiagnosticCode::bad_usage, fmt::format("no provider `{}` is declared", visible(shared.provider)))
          .help("name the provider of a server of PostgreSQL, or of a cluster"));
}

/// No other cluster is written to.
void meant_for(StorePlace& place, std::vector<std::string> uids) {
  if (auto* cluster = std::get_if<SharedCluster>(&place.shared)) cluster->uids = std::move(uids);
}

}  // namespace

std::string StorePlace::text() const {
  if (const auto* database = std::get_if<SharedDatabase>(&shared)) return database->place();
  if (const auto* cluster = std::get_if<SharedCluster>(&shared)) return cluster->place();
  return folder;
}

Result<StorePlace> store_place(const Compiled& compiled, const KubernetesChoice& choice) {
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
  StorePlace place = CARBON_TRY(place_of(std::move(name), *expansion.world, inventory_written(expansion),
                                         expansion.graph.providers(),
                                         {compiled.loaded.root, compiled.language.functions, choice}));
  if (expansion.cluster) meant_for(place, expansion.cluster->uids);
  return place;
}

Result<StorePlace> store_place(const Plan& plan, const FunctionTable& functions, const std::string& directory,
                               const KubernetesChoice& choice) {
  World world = plan.world == world_name(World::live) ? World::live : World::sandbox;
  std::string root = std::filesystem::absolute(directory).string();
  StorePlace place = CARBON_TRY(place_of({plan.platform, plan.environment, plan.world}, world,
                                         plan.inventory_folder, plan.providers, {root, functions, choice}));
  std::string_view kept_in = shared_written(plan.inventory_folder).provider;
  for (const PlannedProvider& provider : plan.providers) {
    if (provider.address == kept_in && provider.target) meant_for(place, {provider.target->uid});
  }
  return place;
}

Result<StorePlace> other_place(const Compiled& compiled, std::string_view written,
                               const KubernetesChoice& choice) {
  constexpr std::string_view local = "sqlite";
  bool is_local = written == local || written.starts_with("sqlite:");
  if (!is_local && shared_written(written).kind.empty()) {
    return fail(Error(DiagnosticCode::bad_usage,
                      fmt::format("`--to {}` is no place of an inventory", visible(written)))
                    .help("write `sqlite`, `sqlite:DIR`, `postgres:PROVIDER` or `kubernetes:PROVIDER`"));
  }
  StorePlace here = CARBON_TRY(store_place(compiled, choice));
  if (is_local) written = written == local ? "" : written.substr(local.size() + 1);
  StorePlace there =
      CARBON_TRY(place_of(here.name, here.world, written, compiled.expansion->graph.providers(),
                          {compiled.loaded.root, compiled.language.functions, choice}));
  if (compiled.expansion->cluster) meant_for(there, compiled.expansion->cluster->uids);
  return there;
}

void keep_inventory(const StorePlace& place, const Plan& plan, DiagnosticSink& sink) {
  const auto* cluster = std::get_if<SharedCluster>(&place.shared);
  if (cluster == nullptr) return;
  for (const Change& change : plan.changes) {
    bool goes = change.action == Action::delete_ || change.action == Action::replace;
    bool around = change.type == "k8s.Namespace" && change.provider == place.provider &&
                  change.identity_text == cluster->name_space;
    if (!goes || !around) continue;
    Diagnostic& error =
        sink.error(DiagnosticCode::protected_resource,
                   fmt::format("`{}` is the namespace that the inventory is kept in, and would be deleted",
                               change.address),
                   {});
    error.address = change.address;
    error.helps.push_back({"move the inventory away first: `carbon inventory move --to …`", {}});
  }
}

std::string digest_key_file(const StoreName& name) {
  return key_folder() + "/" + name.text() + ".digest.key";
}

Result<std::unique_ptr<Store>> open_store(const Options& options, const StorePlace& place,
                                          Store::Access access) {
  LockRequest request = lock_request(options);
  if (const auto* database = std::get_if<SharedDatabase>(&place.shared))
    return CARBON_TRY(PostgresStore::open(*database, place.name, access, request));
  if (const auto* cluster = std::get_if<SharedCluster>(&place.shared))
    return CARBON_TRY(KubernetesStore::open(*cluster, place.name, access, request));
  return CARBON_TRY(LocalStore::open(place.folder, place.name, access, request));
}

}  // namespace carbon
