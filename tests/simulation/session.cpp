#include "tests/simulation/session.h"

#include <fmt/format.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "cli/pipeline.h"
#include "platform/connectors/kubernetes/api_path.h"
#include "platform/connectors/kubernetes/kubernetes_connector.h"
#include "platform/sandbox/sandbox.h"
#include "platform/store/local_store.h"

namespace carbon::simulation {

namespace {

constexpr std::string_view canary = "canary-7d1f0c";  // what SIMULATION_CANARY holds, see main.cpp
constexpr int most_rounds = 8;

/// The simulated cluster as the world of a pipeline.
class SimulatedWorld final : public OpenedWorld {
 public:
  explicit SimulatedWorld(SimulationDriver& driver) : counted_(driver) {}
  Io& io() override { return counted_; }
  [[nodiscard]] const IoCounts& counts() const override { return counted_.counts(); }
  ConnectorFactory connectors() override {
    return [this](const ResourceType&, const Value&) -> Result<std::unique_ptr<Connector>> {
      HttpEndpoint endpoint;
      endpoint.name = "simulation";
      endpoint.base = sandbox::kubernetes_base;
      return std::make_unique<KubernetesConnector>(counted_, std::move(endpoint));
    };
  }

 private:
  CountingDriver counted_;
};

std::string_view name_of(Ended ended) {
  constexpr std::string_view names[] = {"killed", "refused", "unchanged", "applied", "partly"};
  return names[static_cast<std::size_t>(ended)];
}

/// Where a change's object is, as requests name it.
void add_path(const Change& change, const Value& identity, ResourceTypes& types,
              std::set<std::string>& paths) {
  const ResourceType* type = types.find(change.type);
  if (type == nullptr || identity.is_null()) return;
  Result<ObjectName> name = object_name({type, identity});
  if (name) paths.insert(object_path(type->kubernetes, *name));
}

}  // namespace

History::History(std::string folder, std::uint64_t seed, unsigned blocks)
    : platform(seed, blocks), cluster(seed ^ 0x5851f42d4c957f2dU), folder_(std::move(folder)), seed_(seed) {}

void History::violate(const std::string& what) {
  violations.push_back(fmt::format("process {}: {}", processes_, what));
}

void History::publish() {
  std::ofstream file(folder_ + "/platform.carbon");
  file << platform.text();
}

Ended History::run(const Trouble& trouble, bool destroy) {
  ++processes_;
  cluster.writes.clear();
  cluster.edited.clear();
  cluster.overwritten.clear();
  SimulationDriver driver(cluster, seed_ * 1000 + processes_, trouble);
  if (trouble.interference > 0) {
    driver.interfere = [this] {
      const Block* block = platform.any_config_map();
      if (block == nullptr) return;
      if (processes_ % 5 == 0) return cluster.remove("configmaps", block->name_space, block->name);
      cluster.edit(block->name_space, block->name, processes_ % 2 == 0 ? "value" : "note",
                   fmt::format("edited {}", cluster.now()));
    };
  }
  Ended ended = Ended::killed;
  try {
    ended = plan_and_apply(driver, destroy);
  } catch (const Killed&) {
  }
  for (const std::string& path : cluster.overwritten)
    violate("wrote over what somebody else changed meanwhile: " + path);
  ++ends[static_cast<std::size_t>(ended)];
  bool alone = trouble.interference == 0;
  check_objects(alone && (ended == Ended::applied || ended == Ended::unchanged));
  check_secrets();
  for (const Write& write : cluster.writes) story += fmt::format("    {} {}\n", write.method, write.path);
  for (const std::string& path : cluster.edited)
    story += fmt::format("    edited by somebody else: {}\n", path);
  story += fmt::format("  {}{} {}, {} writes\n", processes_, destroy ? " destroy" : "", name_of(ended),
                       cluster.writes.size());
  return ended;
}

Ended History::plan_and_apply(SimulationDriver& driver, bool destroy) {
  Options options;
  options.process_goes_on = true;
  options.directory = folder_;
  options.world = World::sandbox;
  options.max_delete = 1'000'000;
  auto compiled = compile_platform(options);
  if (!compiled->ok()) {
    violate("the platform does not compile: " +
            to_text(compiled->diagnostics.all().front(), compiled->loaded.sources, Color::off));
    return Ended::refused;
  }
  const WorldOpener opener = [&driver](World, const std::string&,
                                       const FunctionTable&) -> Result<std::unique_ptr<OpenedWorld>> {
    return std::make_unique<SimulatedWorld>(driver);
  };
  auto opened = Pipeline::open(options, std::move(compiled), LocalStore::Access::write, opener);
  if (!opened) {
    violate("the pipeline does not open: " + opened.error().message());
    return Ended::refused;
  }
  Pipeline& pipeline = **opened;
  if (auto settled = pipeline.settle_open_run(); !settled)
    violate("settling failed: " + settled.error().message());
  cluster.planning = true;
  pipeline.make_plan(destroy);
  cluster.planning = false;
  check_plan(pipeline.plan(), destroy);
  if (pipeline.diagnostics().has_errors()) {
    if (!cluster.writes.empty()) violate("wrote without a plan");
    for (const Diagnostic& diagnostic : pipeline.diagnostics().all())
      story +=
          fmt::format("    {} {} {}\n", to_string(diagnostic.code), diagnostic.address, diagnostic.message);
    return Ended::refused;
  }
  const Plan& plan = pipeline.plan();
  if (plan.changes.empty() && plan.records.empty()) return Ended::unchanged;
  Run run = pipeline.apply_plan({});
  check_writes(plan, pipeline.types());
  check_run(plan, run);
  return run.count(StepOutcome::done) == run.steps.size() ? Ended::applied : Ended::partly;
}

/// I12, and more: nothing that is declared is deleted.
void History::check_plan(const Plan& plan, bool destroy) {
  if (destroy) return;
  std::set<std::string> declared{"n0", "n1", "n2"};
  for (const Block& block : platform.blocks()) declared.insert(block.address);
  for (const Change& change : plan.changes) {
    bool goes = change.action == Action::delete_ || change.action == Action::release;
    if (goes && declared.contains(change.address))
      violate(
          fmt::format("`{}` is declared, and its plan is to {}", change.address, to_string(change.action)));
  }
}

/// I3: nothing is written that is not in the plan.
void History::check_writes(const Plan& plan, ResourceTypes& types) {
  std::set<std::string> planned;
  for (const Change& change : plan.changes) {
    add_path(change, change.identity, types, planned);
    add_path(change, change.former, types, planned);
  }
  for (const Write& write : cluster.writes) {
    if (!planned.contains(write.path))
      violate(fmt::format("{} {} is not in the plan", write.method, write.path));
  }
}

/// I5 and I10: every step has an outcome with its reason, and what needs a failed one was not begun.
void History::check_run(const Plan& plan, const Run& run) {
  std::map<std::string_view, StepOutcome> outcomes;
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    const StepResult& step = run.steps[i];
    if (plan.changes[i].action != Action::delete_) outcomes[step.address] = step.outcome;
    bool told = step.outcome == StepOutcome::done || step.error;
    if (!told)
      violate(fmt::format("`{}` ended as {} without a reason", step.address, to_string(step.outcome)));
    story += step.error ? fmt::format("    {} {}: {}\n", to_string(step.outcome), step.address,
                                      step.error->message())
                        : "";
  }
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    const Change& change = plan.changes[i];
    bool waits =
        change.action != Action::delete_ && change.action != Action::move && change.action != Action::release;
    if (!waits || run.steps[i].outcome == StepOutcome::skipped) continue;
    for (const Address& need : change.needs) {
      auto found = outcomes.find(need);
      if (found != outcomes.end() && found->second != StepOutcome::done)
        violate(fmt::format("`{}` was begun although `{}` was {}", change.address, need,
                            to_string(found->second)));
    }
  }
}

void History::check_objects(bool ended_well) {
  auto store =
      LocalStore::open(folder_ + "/.carbon", {"simulation", "default", "sandbox"}, LocalStore::Access::read);
  Result<Inventory> inventory = store ? (*store)->load() : Result<Inventory>(fail(store.error()));
  if (!inventory) return violate("the inventory cannot be read: " + inventory.error().message());
  std::set<std::string> known;
  for (const auto& [address, entry] : inventory->entries) {
    if (!known.insert(entry.uid).second && !entry.uid.empty() && ended_well)
      violate(fmt::format("`{}` and another have the same object", address));
  }
  std::set<std::string> there;
  for (const auto& [name, made] : cluster.carbon_objects()) {
    there.insert(made.uid);
    Result<bool> intended = (*store)->intended(made.token);
    bool recorded = known.contains(made.uid) || (intended && *intended);
    if (!recorded) violate(fmt::format("{} is carbon's, and nothing of carbon's knows it", name));
    if (ended_well && !known.contains(made.uid))
      violate(fmt::format("{} is not in the inventory of a run that ended", name));
  }
  if (!ended_well) return;
  for (const auto& [address, entry] : inventory->entries) {
    if (!there.contains(entry.uid))
      violate(fmt::format("`{}` is in the inventory and its object is gone", address));
  }
}

/// I8: in no file that carbon keeps.
void History::check_secrets() {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path());
    std::stringstream content;
    content << file.rdbuf();
    if (content.str().find(canary) != std::string::npos)
      violate("a secret stands in " + entry.path().filename().string());
  }
}

void History::converge(bool destroy) {
  for (int round = 0; round < most_rounds; ++round) {
    Ended ended = run({}, destroy);
    if (ended != Ended::unchanged) continue;
    if (!cluster.writes.empty()) violate("an empty plan wrote something");
    return;
  }
  violate(fmt::format("{} runs without trouble did not come to an end", most_rounds));
}

void History::expect_nothing() {
  for (const auto& [name, made] : cluster.carbon_objects()) violate(name + " was left behind");
  auto store =
      LocalStore::open(folder_ + "/.carbon", {"simulation", "default", "sandbox"}, LocalStore::Access::read);
  if (store && !(*store)->load()->entries.empty()) violate("the inventory is not empty");
}

}  // namespace carbon::simulation
