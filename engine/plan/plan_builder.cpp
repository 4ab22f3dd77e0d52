#include "engine/plan/plan_builder.h"

#include <fmt/format.h>
#include <algorithm>

#include "engine/model/identity.h"
#include "engine/observe/live_values.h"
#include "engine/plan/type_checks.h"

namespace carbon {

const DigestMap& digests_of(const std::map<Address, DigestMap>& all, const Address& address) {
  static const DigestMap none;
  auto found = all.find(address);
  return found == all.end() ? none : found->second;
}

PlanBuilder::PlanBuilder(const ResourceGraph& graph, const LiveState& live, const Inventory& inventory,
                         const PlanOptions& options, DiagnosticSink& sink)
    : graph_(graph),
      live_(live),
      inventory_(inventory),
      options_(options),
      sink_(sink),
      close_{options.functions,
             [this](std::string_view address, std::string_view path) { return attribute(address, path); },
             {}},
      nodes_(graph.resources().size()) {}

Plan PlanBuilder::run() {
  begin();
  match_objects();
  check_targets();
  check_pins();
  if (!options_.destroy) {
    for (std::uint32_t index : graph_.order()) plan_resource(index);
  }
  plan_removals();
  report_unreadable();
  finish();
  return std::move(plan_);
}

void PlanBuilder::begin() {
  plan_.platform = inventory_.platform;
  plan_.environment = inventory_.environment;
  plan_.world = inventory_.world;
  plan_.source_digest = options_.source_digest;
  plan_.tool_version = options_.tool_version;
  plan_.inventory_generation = inventory_.generation;
  plan_.destroy = options_.destroy;
  plan_.set_inputs = options_.set_inputs;
}

/// An object whose address changed is still the same object: it is neither deleted nor refused.
void PlanBuilder::match_objects() {
  if (options_.destroy) return;
  for (const auto& [address, entry] : inventory_.entries) {
    if (!declared(address))
      undeclared_.emplace(object_key(entry.type, entry.provider, entry.identity), &entry);
  }
  if (undeclared_.empty()) return;
  for (const Resource& resource : graph_.resources()) {
    if (resource.mode != ResourceMode::managed) continue;
    Value identity = identity_value(*resource.type, resource.desired);
    declared_.emplace(object_key(resource.type->name, provider_of(resource), identity), resource.address);
  }
}

const Address& PlanBuilder::provider_of(const Resource& resource) const {
  static const Address none;
  return resource.provider < graph_.providers().size() ? graph_.providers()[resource.provider].address : none;
}

/// An inventory made on one server must not be applied to another.
void PlanBuilder::check_targets() {
  std::map<Address, const InventoryEntry*> made_elsewhere;
  for (const auto& [address, entry] : inventory_.entries) {
    auto target = live_.targets.find(entry.provider);
    // What is only forgotten may be anywhere.
    const Removal* said = graph_.moves().removal(address);
    if (said != nullptr && !said->destroy) continue;
    bool known = target != live_.targets.end() && !target->second.uid.empty() && !entry.provider_key.empty();
    if (known && target->second.uid != entry.provider_key) made_elsewhere.emplace(entry.provider, &entry);
  }
  for (const auto& [provider, entry] : made_elsewhere) {
    const TargetIdentity& target = live_.targets.at(provider);
    Diagnostic& error =
        sink_.error(DiagnosticCode::wrong_target,
                    fmt::format("provider `{}` {} the one that carbon's objects are on", provider,
                                target.uncertain.empty() ? "reaches another server than"
                                                         : "reaches a server that may not be"),
                    {});
    if (!target.uncertain.empty()) error.notes.push_back(target.uncertain);
    error.notes.push_back(
        fmt::format("now {} ({}), then {}", target.endpoint, target.uid, entry->provider_key));
    error.notes.push_back(fmt::format("`{}` is one of the objects there", entry->address));
    error.helps.push_back(
        {target.uncertain.empty()
             ? "point the provider at the former server, or use another environment for this one"
             : "give this user the rights that `carbon plan --rbac` prints",
         {}});
    error.address = provider;
    wrong_targets_.insert(provider);
  }
}

/// A kubeconfig's current context alone must never decide what is changed.
void PlanBuilder::check_pins() {
  if (options_.cluster_uids.empty()) return;
  std::set<Address> clusters;
  for (const Resource& resource : graph_.resources()) {
    if (resource.type->transport == Transport::kubernetes) clusters.insert(provider_of(resource));
  }
  for (const auto& [address, entry] : inventory_.entries) {
    const ResourceType* type = options_.types.find(entry.type);
    if (type != nullptr && type->transport == Transport::kubernetes) clusters.insert(entry.provider);
  }
  for (const Address& provider : clusters) {
    auto target = live_.targets.find(provider);
    if (target == live_.targets.end() || wrong_targets_.contains(provider)) continue;
    if (std::ranges::find(options_.cluster_uids, target->second.uid) != options_.cluster_uids.end()) continue;
    Diagnostic& error = sink_.error(
        DiagnosticCode::wrong_target,
        fmt::format("provider `{}` reaches a cluster that this environment is not meant for", provider), {});
    error.notes.push_back(fmt::format("{} has the uid {}", target->second.endpoint, target->second.uid));
    error.notes.push_back(fmt::format("{}:{} says {}", options_.clusters_written.file,
                                      options_.clusters_written.line,
                                      fmt::join(options_.cluster_uids, ", ")));
    error.helps.push_back(
        {"choose the right context, or another environment; if the cluster was made anew, "
         "write its uid into the environment",
         {}});
    error.address = provider;
    wrong_targets_.insert(provider);
  }
}

bool PlanBuilder::needs_blocked(std::uint32_t index) const {
  auto needs = graph_.needs(index);
  return std::any_of(needs.begin(), needs.end(), [&](const Edge& edge) { return nodes_[edge.to].blocked; });
}

bool PlanBuilder::needs_change(std::uint32_t index) const {
  auto needs = graph_.needs(index);
  return std::any_of(needs.begin(), needs.end(), [&](const Edge& edge) {
    Action action = nodes_[edge.to].action;
    return action != Action::no_op && action != Action::move;
  });
}

std::uint32_t PlanBuilder::stage_after_needs(std::uint32_t index) const {
  std::uint32_t stage = 1;
  for (const Edge& edge : graph_.needs(index)) {
    const Node& need = nodes_[edge.to];
    if (need.action != Action::no_op) stage = std::max(stage, need.stage);
  }
  return stage;
}

/// What was known in the files has been checked there.
Status PlanBuilder::fits_type(const Resource& resource, const Value& desired) const {
  bool learned = resource.mode == ResourceMode::managed && resource.desired.contains_unknown();
  return learned ? check_desired(*resource.type, desired, options_.functions) : Status{};
}

/// Whether what its provider is served by is made or made anew by this plan, so that nothing of what answers
/// there now will be there.
bool PlanBuilder::server_changes(const Resource& resource) const {
  if (resource.provider >= graph_.providers().size()) return false;
  const std::vector<Address>& served_by = graph_.providers()[resource.provider].served_by;
  return std::any_of(served_by.begin(), served_by.end(), [&](const Address& address) {
    std::uint32_t server = graph_.find(address);
    if (server == ResourceGraph::npos) return false;
    Action action = nodes_[server].action;
    return action == Action::create || action == Action::replace || action == Action::later;
  });
}

void PlanBuilder::plan_resource(std::uint32_t index) {
  static const LiveObject never_asked;
  static const LiveObject later = [] {
    LiveObject made;
    made.presence = Presence::later;
    return made;
  }();
  const Resource& resource = graph_.resource(index);
  Node& node = nodes_[index];
  auto live = live_.objects.find(resource.address);
  node.live = live == live_.objects.end() ? &never_asked : &live->second;
  if (server_changes(resource)) node.live = &later;
  node.stage = stage_after_needs(index);
  if (wrong_targets_.contains(provider_of(resource))) {
    // What another server holds says nothing about this object.
    node.blocked = true;
    return block(resource.address);
  }
  node.blocked = needs_blocked(index);

  auto entry = inventory_.entries.find(resource.address);
  const InventoryEntry* own = entry == inventory_.entries.end() ? nullptr : &entry->second;
  const InventoryEntry* former = nullptr;
  if (own == nullptr && !undeclared_.empty()) {
    Value identity = identity_value(*resource.type, resource.desired);
    auto found = undeclared_.find(object_key(resource.type->name, provider_of(resource), identity));
    if (found != undeclared_.end()) former = found->second;
  }
  auto derived = live_.derived.find(resource.address);
  Result<Value> desired = derived == live_.derived.end() ? Result<Value>(resource.desired) : derived->second;
  if (desired) desired = close(*desired, close_, Secrets::keep);
  if (!desired) {
    Diagnostic error = desired.error().diagnostic();
    error.address = resource.address;
    if (error.labels.empty()) error.labels.push_back({resource.span, ""});
    sink_.add(std::move(error));
    node.blocked = true;
  } else if (Status fits = fits_type(resource, *desired); !fits) {
    Diagnostic error = fits.error().diagnostic();
    error.address = resource.address;
    if (error.labels.empty()) error.labels.push_back({resource.span, ""});
    sink_.add(std::move(error));
    node.blocked = true;
  } else {
    decide({index, resource, own, former, *node.live, std::move(*desired)});
  }
  if (node.blocked) block(resource.address);
}

/// What another resource's field is worth in this plan: the live value, if the object will still be that one.
Result<Value> PlanBuilder::attribute(std::string_view address, std::string_view path) const {
  if (awaited(address, path)) return Value::unknown_attribute(address, path);
  return live_attribute(graph_, live_, address, path);
}

void PlanBuilder::add_providers() {
  std::set<Address> seen;
  auto target_of = [&](const Address& address) -> std::optional<TargetIdentity> {
    auto found = live_.targets.find(address);
    if (found == live_.targets.end()) return std::nullopt;
    return found->second;
  };
  for (const Provider& provider : graph_.providers()) {
    Result<Value> config = close(provider.config, close_, Secrets::keep);
    plan_.providers.push_back({provider.address, provider.type == nullptr ? "" : provider.type->name,
                               config ? *config : provider.config, target_of(provider.address)});
    seen.insert(provider.address);
  }
  for (const Change& change : removals_) {
    if (!seen.insert(change.provider).second) continue;
    if (!inventory_.entries.contains(change.address))
      continue;  // the provider of a resource that is declared
    const InventoryEntry& entry = inventory_.entries.at(change.address);
    const ResourceType* type = options_.types.find(entry.type);
    plan_.providers.push_back({change.provider, type == nullptr ? "" : type->provider_type,
                               entry.provider_config, target_of(change.provider)});
  }
  std::sort(plan_.providers.begin(), plan_.providers.end(),
            [](const PlannedProvider& a, const PlannedProvider& b) { return a.address < b.address; });
}

void PlanBuilder::finish() {
  auto earlier = [](const Change& a, const Change& b) { return a.stage < b.stage; };
  if (!std::is_sorted(plan_.changes.begin(), plan_.changes.end(), earlier))
    std::stable_sort(plan_.changes.begin(), plan_.changes.end(), earlier);
  std::uint32_t last = plan_.changes.empty() ? 1 : plan_.changes.back().stage;
  for (Change& change : removals_) {
    change.stage = std::max(change.stage, last);
    plan_.changes.push_back(change);
  }
  for (const Change& change : plan_.changes) ++count_of(plan_.summary, change.action);
  tag_secrets();
  std::sort(plan_.records.begin(), plan_.records.end(),
            [](const Record& a, const Record& b) { return a.address < b.address; });
  plan_.summary.record = static_cast<std::uint32_t>(plan_.records.size());
  std::ranges::sort(plan_.lookups, {}, &PlannedLookup::address);
  add_providers();
  for (const auto& [rule, count] : quiet_) plan_.quiet.push_back({std::string(rule), count});
  plan_.blocked.assign(blocked_.begin(), blocked_.end());
}

Diagnostic& PlanBuilder::refuse(DiagnosticCode code, std::string message, const Resource& resource) {
  Diagnostic& error = sink_.error(code, std::move(message), resource.span);
  error.address = resource.address;
  block(resource.address);
  return error;
}

Diagnostic& PlanBuilder::refuse(DiagnosticCode code, std::string message, const InventoryEntry& entry) {
  Diagnostic& error = sink_.error(code, std::move(message), {});
  error.address = entry.address;
  if (!entry.declared_at.empty()) error.notes.push_back("it was declared at " + entry.declared_at);
  block(entry.address);
  return error;
}

/// Objects that could not be read for the same reason are reported together: an unreachable server is one
/// error.
void PlanBuilder::unreadable(const Address& address, const Address& provider, SourceSpan span,
                             const LiveObject& live) {
  std::string why = live.why ? live.why->message() : "it was not read";
  Unreadable& group = unreadable_[{provider, why}];
  if (group.addresses.empty()) {
    group.first = &live;
    group.span = span;
  }
  group.addresses.push_back(address);
  block(address);
}

void PlanBuilder::report_unreadable() {
  for (const auto& [key, group] : unreadable_) {
    std::string others =
        group.addresses.size() == 1 ? "" : fmt::format(" and {} more", group.addresses.size() - 1);
    Diagnostic& error = sink_.error(DiagnosticCode::observation_failed,
                                    fmt::format("live state of `{}`{} could not be read: {}",
                                                group.addresses.front(), others, key.second),
                                    group.span);
    error.address = group.addresses.front();
    if (!group.first->why) continue;
    const Diagnostic& why = group.first->why->diagnostic();
    error.notes = {fmt::format("{}: {}", to_string(why.code), summary(why.code))};
    error.notes.insert(error.notes.end(), why.notes.begin(), why.notes.end());
    error.helps = why.helps;
    if (error.helps.empty()) error.helps.push_back({std::string(remedy(why.code)), {}});
    error.notes.push_back("what cannot be read is neither changed nor deleted");
  }
}

void PlanBuilder::fold(const DiffResult& result) {
  for (const auto& [rule, count] : result.quiet) quiet_[rule] += count;
}

Written PlanBuilder::written(SourceSpan span) const {
  return options_.locate && span.known() ? options_.locate(span.begin) : Written{};
}

}  // namespace carbon
