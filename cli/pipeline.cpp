#include "cli/pipeline.h"

#include <fmt/core.h>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "base/spelling.h"
#include "cli/about_run.h"
#include "cli/policies.h"
#include "cli/references.h"
#include "cli/version.h"
#include "dsl/expand/plan_policies.h"
#include "engine/expr/evaluate.h"
#include "engine/model/identity.h"
#include "engine/model/type_code.h"
#include "engine/observe/observer.h"
#include "engine/observe/preview.h"
#include "engine/observe/secret_digests.h"
#include "engine/observe/write_steps.h"
#include "engine/plan/fingerprint.h"
#include "engine/plan/losses.h"
#include "engine/plan/relocate.h"
#include "engine/ports/run_on.h"
#include "platform/log/log_file.h"

namespace carbon {

namespace {

std::atomic<bool> stop{false};

extern "C" void on_signal(int) { stop.store(true, std::memory_order_relaxed); }

void add_steps(const ObserveInput& input, Io& io, const std::vector<std::string>& allowed, Plan& plan,
               DiagnosticSink& sink) {
  Task<void> asking = read_steps(&input, &plan, &sink);
  io.run(asking);
  check_losses(plan, allowed, sink);
}

}  // namespace

bool stop_requested() { return stop.load(std::memory_order_relaxed); }

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one ends the process; the journal stays
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

Pipeline::~Pipeline() {
  if (options_.process_goes_on) return;
  struct Values {
    std::unique_ptr<Compiled> compiled;
    std::unique_ptr<Language> language;
    Inventory inventory;
    LiveState live;
    Plan plan;
  };
  // Reachable until the very end, so that no leak is reported.
  static auto* const kept = new std::vector<Values*>;
  kept->push_back(new Values{std::move(compiled_), std::move(own_language_), std::move(inventory_),
                             std::move(live_), std::move(plan_)});
}

namespace {

void log_request(const RequestTrace& request) {
  log_file::trace(fmt::format("request {} {} {}: {}, {:.1f} ms, {} sent, {} received{}", request.number,
                              request.server, request.what, request.outcome,
                              static_cast<double>(request.nanoseconds) / 1e6, request.sent, request.received,
                              request.id.empty() ? "" : ", id " + request.id));
}

}  // namespace

Status Pipeline::open_stores(StorePlace place, Store::Access access, const WorldOpener& opener) {
  place_ = std::move(place);
  store_ = CARBON_TRY(open_store(options_, place_, access));
  std::string digest_key = CARBON_TRY(load_or_make_key(digest_key_file(place_.name)));
  if (auto shared = CARBON_TRY(store_->shared_key(digest_key))) digest_key = std::move(*shared);
  std::string plan_key = CARBON_TRY(load_or_make_key(key_folder() + "/plan-signing.key"));
  std::string root = compiled_ ? compiled_->loaded.root : options_.directory;
  secrets_ = std::make_unique<LocalSecrets>(
      root, std::move(digest_key),
      place_.world == World::sandbox ? MissingSecret::fake : MissingSecret::error);
  digester_ = std::make_unique<OpenSslDigester>(std::move(plan_key));
  inventory_ = CARBON_TRY(store_->load());
  world_ = CARBON_TRY(opener(place_.world, place_.folder + "/sandbox", language_->functions));
  log_file::info(fmt::format("inventory {}, generation {}, {} objects", store_->place(),
                             inventory_.generation, inventory_.entries.size()));
  if (log_file::traces()) world_->trace(log_request);
  if (access == Store::Access::write) world_->set_gate([this] { return store_->may_send(); });
  return {};
}

Result<std::unique_ptr<Pipeline>> Pipeline::open(const Options& options, std::unique_ptr<Compiled> compiled,
                                                 Store::Access access, const WorldOpener& opener) {
  StorePlace place = CARBON_TRY(store_place(*compiled, options.cluster));
  std::unique_ptr<Pipeline> pipeline(new Pipeline(options));
  pipeline->compiled_ = std::move(compiled);
  pipeline->language_ = &pipeline->compiled_->language;
  CARBON_CHECK(pipeline->open_stores(std::move(place), access, opener));
  for (const Provider& provider : pipeline->compiled_->expansion->graph.providers()) {
    pipeline->connect(provider.address, *provider.type, provider.config);
  }
  return pipeline;
}

Result<std::unique_ptr<Pipeline>> Pipeline::open(const Options& options, SavedPlan saved,
                                                 Store::Access access) {
  std::unique_ptr<Pipeline> pipeline(new Pipeline(options));
  pipeline->own_language_ = std::make_unique<Language>();
  pipeline->language_ = pipeline->own_language_.get();
  load_standard_types(*pipeline->language_);
  pipeline->plan_ = std::move(saved.plan);
  pipeline->plan_id_ = std::move(saved.id);
  const Plan& plan = pipeline->plan_;
  CARBON_CHECK(pipeline->know_types(plan.types));
  StorePlace place =
      CARBON_TRY(store_place(plan, pipeline->language_->functions, options.directory, options.cluster));
  CARBON_CHECK(pipeline->open_stores(std::move(place), access, world_opener(options.cluster)));
  for (const PlannedProvider& provider : plan.providers) {
    const ResourceType* type = pipeline->language_->types.find(provider.type);
    if (type != nullptr) pipeline->connect(provider.address, *type, provider.config);
  }
  return pipeline;
}

void Pipeline::connect(const Address& address, const ResourceType& type, const Value& config) {
  CloseContext context{language_->functions,
                       [](std::string_view resource, std::string_view path) -> Result<Value> {
                         return Value::unknown_attribute(resource, path);
                       },
                       [this](const OpenTerm& leaf) { return secrets_->resolve(leaf); }};
  Result<Value> known = close(config, context, Secrets::reveal);
  if (known && (known->contains_unknown() || known->contains_secret())) return;  // later
  Result<std::unique_ptr<Connector>> made =
      known ? world_->connectors()(type, *known) : Result<std::unique_ptr<Connector>>(fail(known.error()));
  if (made) {
    connectors_[address] = std::move(*made);
    return;
  }
  Error error = made.error();
  if (error.diagnostic().address.empty()) error.diagnostic().address = address;
  broken_.emplace(address, std::move(error));
}

const SourceMap& Pipeline::sources() const {
  static const SourceMap none;
  return compiled_ ? compiled_->loaded.sources : none;
}

std::size_t Pipeline::declared() const {
  return compiled_ ? compiled_->expansion->graph.resources().size() : 0;
}

Written Pipeline::locate(std::uint32_t offset) const {
  SourceLocation at = sources().locate(offset);
  return {std::string(at.path), at.line};
}

/// The types of everything declared or owned that no other carbon would know, with those of their providers.
std::vector<Value> Pipeline::own_types() const {
  std::map<std::string, const ResourceType*> used;
  auto use = [&](const ResourceType* type) {
    if (type != nullptr) used.emplace(type->name, type);
  };
  const ResourceGraph& graph = compiled_->expansion->graph;
  for (const Resource& resource : graph.resources()) use(resource.type);
  for (const Provider& provider : graph.providers()) use(provider.type);
  for (const auto& [address, entry] : inventory_.entries) {
    const ResourceType* type = language_->types.find(entry.type);
    use(type);
    if (type != nullptr) use(language_->types.find(type->provider_type));
  }
  std::vector<Value> own;
  for (const auto& [name, type] : used) {
    bool written = type->span.known();  // Kubernetes' own types stand in no file
    if (written && !is_standard_file(sources().locate(type->span.begin).path))
      own.push_back(encode_type(*type));
  }
  return own;
}

Status Pipeline::know_types(const std::vector<Value>& types) {
  for (const Value& encoded : types) {
    ResourceTypes& known = language_->types;
    (void)known.add(CARBON_TRY(decode_type(encoded, known.types(), known.expressions())));
  }
  return {};
}

/// What the digests in the change's fingerprint were made with.
const Address& Pipeline::digest_address(const Change& change) const {
  auto entry = inventory_.entries.find(change.moved_from.empty() ? change.address : change.moved_from);
  return entry == inventory_.entries.end() ? change.address : entry->second.digest_address();
}

ApplyWorld Pipeline::apply_world(const ApplyListener& listener) {
  auto digests = [this](const Change& change, const ResourceType& type, const LiveObject& live) {
    return digest_live_object(*secrets_, digest_address(change), type, change.desired, live);
  };
  ApplyOptions options;
  options.wait = options_.wait == "accepted" ? WaitFor::accepted : WaitFor::ready;
  if (options_.timeout) options.ready_timeout = *options_.timeout;
  options.about = about_run(plan_id_, {resumes_, undo_ ? undo_->run : std::string()});
  if (options_.on_error != "finish" && !undo_) options.on_error = OnError::stop;
  return ApplyWorld{world_->io(),
                    *store_,
                    *store_,
                    *secrets_,
                    language_->functions,
                    language_->types,
                    world_->connectors(),
                    connectors_,
                    [this, digests](const Change& change, const LiveObject& live) {
                      const ResourceType* type = language_->types.find(change.type);
                      return type != nullptr &&
                             fingerprint_holds(change, *type, live, digests(change, *type, live), *digester_);
                    },
                    [this](const Change& change, const LiveObject& live) {
                      const ResourceType* type = language_->types.find(change.type);
                      return type != nullptr && is_as_desired(change, *type, live);
                    },
                    listener,
                    [this] { return stop_requested() || !store_->may_send(); },
                    options};
}

Result<Settled> Pipeline::settle_open_run() {
  ApplyWorld world = apply_world({});
  Result<Settled> settled = run_on(world_->io(), settle(world));
  if (!settled) return fail(settled.error());
  inventory_ = CARBON_TRY(store_->load());
  return settled;
}

void Pipeline::warn_of_open_run() {
  Result<std::vector<JournalEvent>> events = store_->unfinished();
  if (!events) diagnostics_.add(events.error().diagnostic());
  if (!events || events->empty()) return;
  std::vector<Address> open = open_steps(*events);
  Diagnostic& warning =
      diagnostics_.warning(DiagnosticCode::run_pending,
                           fmt::format("run {} has not ended: {} of its steps {} open", events->front().run,
                                       open.size(), open.size() == 1 ? "is" : "are"),
                           {});
  if (!open.empty()) warning.address = open.front();
  warning.notes.emplace_back("what it did is not in the inventory yet, so this plan says it once more");
  warning.helps.push_back(
      {"wait if it is still running; if it was killed, `carbon apply` settles it by looking", {}});
}

PlanOptions Pipeline::plan_options(bool destroy) {
  const Expansion& expansion = *compiled_->expansion;
  PlanOptions options{.types = language_->types, .functions = language_->functions, .digester = *digester_};
  options.source_digest = digester_->sha256_hex(compiled_->loaded.digest_input());
  options.tool_version = tool_version;
  options.set_inputs = options_.set;
  options.destroy = destroy;
  options.max_delete = options_.max_delete;
  // What a run made is a limit of its own.
  if (undo_) options.max_delete = static_cast<std::uint32_t>(undo_->addresses.size());
  options.allow_delete = options_.allow_delete;
  if (destroy && *expansion.world == World::sandbox) {
    // Nothing in a sandbox is anybody's data.
    for (const auto& [address, entry] : inventory_.entries) options.allow_delete.push_back(entry.type);
  }
  if (expansion.cluster && *expansion.world == World::live) {
    options.cluster_uids = expansion.cluster->uids;
    options.clusters_written = locate(expansion.cluster->span.begin);
  }
  options.digest = [this](std::string_view address, std::string_view field, std::string_view content) {
    return secrets_->digest(address, field, content);
  };
  options.locate = [this](std::uint32_t offset) { return locate(offset); };
  options.owns_token = [this](std::string_view token) {
    Result<bool> ours = store_->intended(token);
    return trusts_marks_ || (ours && *ours);
  };
  return options;
}

void Pipeline::make_plan(bool destroy) {
  warn_of_open_run();
  const Expansion& expansion = *compiled_->expansion;
  DiagnosticSink misplaced;
  // Destroying goes by the addresses that the inventory has.
  Inventory inventory = destroy ? inventory_ : relocate(inventory_, expansion.graph, misplaced);
  for (const Diagnostic& diagnostic : misplaced.all()) diagnostics_.add(diagnostic);
  if (undo_)
    std::erase_if(inventory.entries, [&](const auto& row) { return !undo_->addresses.contains(row.first); });
  ObserveInput input{expansion.graph, inventory,   language_->types, language_->functions,
                     *secrets_,       connectors_, broken_};
  input.connect = [this](const Provider& provider, const Value& config) {
    connect(provider.address, *provider.type, config);
  };
  live_ = run_on(world_->io(), observe(&input));
  PlanOptions options = plan_options(destroy);
  DiagnosticSink local;
  plan_ = carbon::plan(expansion.graph, live_, inventory, options, local);
  // Where a difference is left, the servers' own answers decide.
  std::vector<PreviewCandidate> wanted = candidates(plan_, language_->types);
  if (!wanted.empty()) {
    Task<void> asking = preview(&input, std::move(wanted), &live_);
    world_->io().run(asking);
    local = DiagnosticSink();
    plan_ = carbon::plan(expansion.graph, live_, inventory, options, local);
  }
  if (!destroy) add_steps(input, world_->io(), options.allow_delete, plan_, local);
  if (!destroy)
    check_references({expansion.graph, live_, plan_, language_->types, connectors_}, world_->io(), local);
  keep_inventory(place_, plan_, local);
  for (const Diagnostic& diagnostic : local.all()) diagnostics_.add(diagnostic);
  plan_.platform = expansion.platform;
  plan_.environment = expansion.environment;
  plan_.world = world_name(*expansion.world);
  plan_.inventory_folder = inventory_written(expansion);
  plan_.types = own_types();
  judge_plan();
  plan_id_ = carbon::plan_id(plan_, *digester_);
  log_file::info(fmt::format("plan {} of {}.{}.{}: {}", plan_id_, plan_.platform, plan_.environment,
                             plan_.world, summary_text(plan_.summary)));
}

Rebuild Pipeline::plan_rebuild() {
  trusts_marks_ = true;
  make_plan(false);
  return rebuild_inventory(compiled_->expansion->graph, live_, plan_, inventory_);
}

void Pipeline::judge_plan() {
  const Expansion& expansion = *compiled_->expansion;
  add_findings(expansion.report, plan_.policies);
  if (expansion.plan_policies == nullptr) return;
  add_findings(expansion.plan_policies->judge(plan_rows(plan_), diagnostics_), plan_.policies);
}

namespace {

Error moved_on(const Change& change, const LiveObject& live) {
  Error error(DiagnosticCode::stale_plan,
              fmt::format("`{}` is no longer what the plan was made from", change.identity_text));
  error.diagnostic().address = change.address;
  for (const ForeignWriter& writer : live.writers)
    error.diagnostic().notes.push_back(fmt::format("written by {} at {}", writer.manager, writer.time));
  return std::move(error).help("make the plan again and review what it says now");
}

}  // namespace

Status Pipeline::verify_saved_plan() {
  for (const auto& [address, error] : broken_) return fail(error);
  for (const PlannedProvider& provider : plan_.providers) {
    auto connector = connectors_.find(provider.address);
    if (connector == connectors_.end() || !provider.target) continue;
    TargetIdentity now = CARBON_TRY(run_on(world_->io(), connector->second->identify()));
    if (now.uid == provider.target->uid) continue;
    return fail(Error(DiagnosticCode::plan_of_other_target,
                      fmt::format("the plan was made for {} with uid {}", provider.target->endpoint,
                                  provider.target->uid))
                    .note(fmt::format("{} answers with uid {} now", now.endpoint, now.uid))
                    .help("plan again against this server"));
  }
  ApplyWorld world = apply_world({});
  std::map<Address, std::vector<const Change*>> by_provider;
  for (const Change& change : plan_.changes) {
    bool compared = change.action != Action::create && change.action != Action::later &&
                    change.action != Action::read && change.action != Action::move &&
                    change.because != Because::kept;
    if (compared && connectors_.contains(change.provider) && language_->types.find(change.type) != nullptr)
      by_provider[change.provider].push_back(&change);
  }
  // As few requests as a plan takes.
  for (const auto& [provider, changes] : by_provider) {
    std::vector<ObjectKey> keys;
    for (const Change* change : changes) {
      const Value& identity = change->former.is_null() ? change->identity : change->former;
      keys.push_back({language_->types.find(change->type), identity, change->fingerprint.uid});
    }
    std::vector<LiveObject> live = run_on(world_->io(), connectors_.at(provider)->observe(std::move(keys)));
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (live[i].presence == Presence::unknown && live[i].why) return fail(*live[i].why);
      if (!world.fingerprint_holds(*changes[i], live[i])) return fail(moved_on(*changes[i], live[i]));
    }
  }
  return {};
}

void Pipeline::go_on_with(Plan plan, std::string run) {
  plan_ = std::move(plan);
  plan_id_ = carbon::plan_id(plan_, *digester_);
  resumes_ = std::move(run);
}

Run Pipeline::apply_plan(const ApplyListener& listener) {
  ApplyWorld world = apply_world(listener);
  Run run = run_on(world_->io(), carbon::apply(plan_, world));
  if (Result<Inventory> after = store_->load()) inventory_ = std::move(*after);
  return run;
}

Error no_such_address(const ResourceGraph& graph, std::string_view address) {
  std::vector<std::string_view> names;
  for (const Resource& resource : graph.resources()) names.push_back(resource.address);
  std::string_view near = nearest(address, names);
  Error error(DiagnosticCode::unknown_address, fmt::format("no resource has the address `{}`", address));
  return near.empty() ? error : std::move(error).help(fmt::format("did you mean `{}`?", near));
}

Result<LiveObject> Pipeline::look_at(const Address& address) {
  const ResourceGraph& graph = compiled_->expansion->graph;
  ObjectKey key;
  Address provider;
  if (std::uint32_t index = graph.find(address); index != ResourceGraph::npos) {
    const Resource& resource = graph.resource(index);
    key = {resource.type, identity_value(*resource.type, resource.desired)};
    provider = graph.providers()[resource.provider].address;
  } else if (auto entry = inventory_.entries.find(address); entry != inventory_.entries.end()) {
    key = {language_->types.find(entry->second.type), entry->second.identity, entry->second.uid};
    provider = entry->second.provider;
  }
  if (key.type == nullptr) {
    return fail(no_such_address(graph, address));
  }
  if (auto broken = broken_.find(provider); broken != broken_.end()) return fail(broken->second);
  auto connector = connectors_.find(provider);
  if (connector == connectors_.end() || key.identity.contains_unknown()) {
    return fail(DiagnosticCode::unknown_key,
                fmt::format("where `{}` lives is known only after apply", address));
  }
  std::vector<ObjectKey> keys{std::move(key)};
  std::vector<LiveObject> objects = run_on(world_->io(), connector->second->observe(std::move(keys)));
  return std::move(objects.front());
}

const ResourceType* Pipeline::type_of(const Address& address) {
  const ResourceGraph& graph = compiled_->expansion->graph;
  if (std::uint32_t index = graph.find(address); index != ResourceGraph::npos)
    return graph.resource(index).type;
  auto entry = inventory_.entries.find(address);
  return entry == inventory_.entries.end() ? nullptr : language_->types.find(entry->second.type);
}

ExitCode exit_code_for(DiagnosticCode code) {
  switch (static_cast<int>(code)) {
    case static_cast<int>(DiagnosticCode::protected_resource):
    case static_cast<int>(DiagnosticCode::delete_budget):
    case static_cast<int>(DiagnosticCode::data_bearing_delete):
    case static_cast<int>(DiagnosticCode::check_undecided):
    case static_cast<int>(DiagnosticCode::policy_failed): return ExitCode::refused;
    case static_cast<int>(DiagnosticCode::stale_plan):
    case static_cast<int>(DiagnosticCode::undo_refused):
    case static_cast<int>(DiagnosticCode::bad_plan_file):
    case static_cast<int>(DiagnosticCode::plan_of_other_target):
    case static_cast<int>(DiagnosticCode::plan_used):
    case static_cast<int>(DiagnosticCode::plan_expired):
    case static_cast<int>(DiagnosticCode::wrong_target): return ExitCode::stale;
    case static_cast<int>(DiagnosticCode::lock_held): return ExitCode::locked;
    default: return ExitCode::error;
  }
}

ExitCode exit_code_for(const DiagnosticSink& diagnostics) {
  // The first kind of error that is there, in this order: refused says more than error.
  ExitCode worst = ExitCode::success;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (diagnostic.severity != Severity::error) continue;
    ExitCode code = exit_code_for(diagnostic.code);
    if (worst == ExitCode::success || code == ExitCode::error) worst = code;
  }
  return worst;
}

}  // namespace carbon
