#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/compile.h"
#include "cli/exit_code.h"
#include "cli/inventory_rebuild.h"
#include "cli/options.h"
#include "cli/stores.h"
#include "cli/world.h"
#include "engine/apply/executor.h"
#include "engine/apply/settle.h"
#include "engine/apply/undo.h"
#include "engine/observe/live_state.h"
#include "engine/plan/plan.h"
#include "engine/plan/plan_file.h"
#include "engine/plan/planner.h"
#include "platform/secrets/secrets.h"

namespace carbon {

/// One run of a command that touches a world: opens what it needs and strings the stages together,
/// ResourceGraph -> LiveState -> Plan -> Run. Nothing flows back. One a process.
class Pipeline {
 public:
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;
  /// Closes the world, the stores and the secrets. The values are kept, unless the process goes on: when it
  /// is about to end, to free the resources of a large platform one by one takes a tenth of its plan.
  ~Pipeline();

  /// For a platform in files. The compiled platform must be free of errors. Errors: C0411 when no world is
  /// chosen, C0905 when another run holds the lock, C0710 and C0906 for worlds and inventories that cannot be
  /// opened.
  static Result<std::unique_ptr<Pipeline>> open(const Options& options, std::unique_ptr<Compiled> compiled,
                                                Store::Access access, const WorldOpener& opener = open_world);
  /// For a saved plan, without any source text.
  static Result<std::unique_ptr<Pipeline>> open(const Options& options, SavedPlan saved,
                                                Store::Access access);

  /// Settles a run that was killed. Nothing to settle gives an empty report.
  Result<Settled> settle_open_run();
  /// Reads live state, asks for previews, plans. Diagnostics go to `diagnostics()`.
  void make_plan(bool destroy);
  /// Plans with the objects that bear carbon's marks taken for carbon's, and says which rows the inventory
  /// lacks.
  [[nodiscard]] Rebuild plan_rebuild();
  /// Reads what the saved plan was made from again. Errors: C0902 another server, C0807 a field that moved
  /// on.
  Status verify_saved_plan();
  /// Plans what takes the run back whose plan this is; `events` are all of it, and everything open in it is
  /// settled. Diagnostics go to `diagnostics()`: C0915 for what must not be undone, with which the plan must
  /// not be applied; C0916, a warning, for what cannot be.
  void plan_undo(const std::string& run, const std::vector<JournalEvent>& events);
  /// The part of the saved plan that is still to be done, of the run that was to do it.
  void go_on_with(Plan plan, std::string run);
  Run apply_plan(const ApplyListener& listener);

  /// The live object at an address, as `carbon get` shows it. Errors: C1003.
  Result<LiveObject> look_at(const Address& address);

  /// A provider of clusters by its name; of several the name must be said. Errors: C0306, C0307 and C1003
  /// for one that is not there, and why it cannot be reached.
  [[nodiscard]] Result<Address> cluster(const std::string& name) const;
  /// Reads one object through a provider, or every object of a type in a namespace.
  Result<LiveObject> look_at(const Address& provider, const ObjectKey& key);
  /// Every owned object as it is now, by its address; what cannot be read says why.
  std::map<Address, LiveObject> look_at_owned();
  Result<std::vector<LiveObject>> list(const Address& provider, const ResourceType& type,
                                       const std::string& name_space);
  /// The resource that declares the object, or nullptr.
  [[nodiscard]] const Resource* declared_as(const ObjectKey& key) const;
  /// The namespace of what writes none.
  [[nodiscard]] std::string namespace_of(const Address& provider) const;

  /// The type of a declared or owned address, or nullptr.
  [[nodiscard]] const ResourceType* type_of(const Address& address);

  /// All types that this run knows.
  [[nodiscard]] ResourceTypes& types() { return language_->types; }
  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] const std::string& plan_name() const { return plan_id_; }
  [[nodiscard]] Inventory& inventory() { return inventory_; }
  [[nodiscard]] DiagnosticSink& diagnostics() { return diagnostics_; }
  [[nodiscard]] const SourceMap& sources() const;
  [[nodiscard]] std::size_t declared() const;
  /// What the files declare. Not of a saved plan.
  [[nodiscard]] const Expansion& expansion() const { return *compiled_->expansion; }
  /// What has gone out so far.
  [[nodiscard]] const IoCounts& counts() const { return world_->counts(); }
  [[nodiscard]] Digester& digester() { return *digester_; }
  [[nodiscard]] Store& store() { return *store_; }
  /// Where that is.
  [[nodiscard]] const StorePlace& place() const { return place_; }
  [[nodiscard]] Io& io() { return world_->io(); }

 private:
  explicit Pipeline(const Options& options) : options_(options) {}

  Status open_stores(StorePlace place, Store::Access access, const WorldOpener& opener);
  void connect(const Address& address, const ResourceType& type, const Value& config);
  /// Warns of a run that has not ended (C0909).
  void warn_of_open_run();
  [[nodiscard]] ApplyWorld apply_world(const ApplyListener& listener);
  [[nodiscard]] Written locate(std::uint32_t offset) const;
  [[nodiscard]] const Address& digest_address(const Change& change) const;
  [[nodiscard]] PlanOptions plan_options(bool destroy);
  void judge_plan();
  [[nodiscard]] std::vector<Value> own_types() const;
  Status know_types(const std::vector<Value>& types);

  /// A run that is taken back: nothing else than what it changed is looked at.
  struct UndoneRun {
    std::string run;
    std::set<Address> addresses;
  };

  const Options& options_;
  std::unique_ptr<Compiled> files_;         // when what was made of them is undone: types stand in it
  std::unique_ptr<Compiled> compiled_;      // null for a saved plan
  std::unique_ptr<Language> own_language_;  // for a saved plan
  Language* language_ = nullptr;
  std::unique_ptr<OpenedWorld> world_;
  StorePlace place_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<LocalSecrets> secrets_;
  std::unique_ptr<OpenSslDigester> digester_;
  std::map<Address, std::unique_ptr<Connector>> connectors_;
  std::map<Address, Error> broken_;
  Inventory inventory_;
  LiveState live_;
  Plan plan_;
  std::string plan_id_;
  std::string resumes_;  ///< the run that this one goes on with; or empty
  std::optional<UndoneRun> undo_;
  bool trusts_marks_ = false;  ///< an object with carbon's marks is carbon's, also without a record
  DiagnosticSink diagnostics_;
};

/// The exit code for errors: refused, stale, locked, or plain error.
[[nodiscard]] ExitCode exit_code_for(const DiagnosticSink& diagnostics);
[[nodiscard]] ExitCode exit_code_for(DiagnosticCode code);
/// C1003, with the one address that is near.
[[nodiscard]] Error no_such_address(const ResourceGraph& graph, std::string_view address);

/// Set by SIGINT and SIGTERM: nothing new is sent.
[[nodiscard]] bool stop_requested();
void catch_signals();

}  // namespace carbon
