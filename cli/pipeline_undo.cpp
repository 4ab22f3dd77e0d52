// A platform made of what a run did, instead of files: its objects are to be as they were before.

#include <fmt/format.h>

#include <algorithm>

#include "cli/pipeline.h"
#include "engine/apply/undo_targets.h"
#include "engine/expr/evaluate.h"
#include "engine/model/identity.h"
#include "engine/plan/diff.h"
#include "engine/plan/normal_form.h"
#include "engine/plan/plan_file.h"

namespace carbon {

namespace {

/// The graph of what a run changed.
class GraphBefore {
 public:
  GraphBefore(const Inventory& inventory, ResourceTypes& types, DiagnosticSink& sink)
      : inventory_(inventory), types_(types), sink_(sink) {}

  ResourceGraph build(const Plan& plan, const Undo& undo) {
    for (const PlannedProvider& planned : plan.providers) {
      const ResourceType* type = types_.find(planned.type);
      if (type == nullptr) continue;
      providers_[planned.address] = builder_.add_provider({planned.address, type, planned.config, {}});
      needed_.push_back(planned.config);
    }
    for (const Former& former : undo.formers) add(former);
    std::set<Address> named;
    for (const Value& value : needed_) {
      add_references(value, named);
      for (const auto& [address, path] : open_attributes(value)) named.insert(address);
    }
    for (const Address& address : named) look_up(address, plan);
    return std::move(builder_).build(sink_);
  }

 private:
  void add(const Former& former) {
    const Change& change = *former.change;
    const ResourceType* type = types_.find(change.type);
    auto provider = providers_.find(change.provider);
    if (type == nullptr || provider == providers_.end()) {
      Diagnostic& error =
          sink_.error(DiagnosticCode::orphaned_provider,
                      fmt::format("`{}` can no longer be reached: provider `{}` or type `{}` is not known",
                                  change.address, change.provider, change.type),
                      {});
      error.address = change.address;
      return;
    }
    Resource resource;
    resource.address = change.address;
    resource.type = type;
    resource.provider = provider->second;
    resource.desired = former.desired;
    resource.settings.protect = change.protect;
    resource.settings.ignore = former.ignore;
    resource.settings.timeout = change.timeout;
    resource.settings.retry = change.retry;
    resource.settings.keeps = change.keeps;
    added_.insert(change.address);
    needed_.push_back(former.desired);
    builder_.add_resource(std::move(resource));
    for (const Address& need : former.needs)
      builder_.add_edge(change.address, need, EdgeReason::after, SourceSpan());
    std::set<Address> named;
    add_references(former.desired, named);
    for (const Address& target : named)
      builder_.add_edge(change.address, target, EdgeReason::reference, SourceSpan());
  }

  /// What is only named, or gives its attributes, is read and left alone.
  void look_up(const Address& address, const Plan& plan) {
    if (!added_.insert(address).second) return;
    if (auto entry = inventory_.entries.find(address); entry != inventory_.entries.end())
      return add_lookup(address, entry->second.type, entry->second.provider, entry->second.identity);
    auto lookup = std::ranges::find(plan.lookups, address, &PlannedLookup::address);
    if (lookup != plan.lookups.end()) add_lookup(address, lookup->type, lookup->provider, lookup->identity);
  }

  void add_lookup(const Address& address, const std::string& type, const Address& provider,
                  const Value& identity) {
    Resource resource;
    resource.address = address;
    resource.type = types_.find(type);
    resource.mode = ResourceMode::lookup;
    resource.desired = identity;
    auto known = providers_.find(provider);
    if (resource.type == nullptr || known == providers_.end()) return;
    resource.provider = known->second;
    builder_.add_resource(std::move(resource));
  }

  const Inventory& inventory_;
  ResourceTypes& types_;
  DiagnosticSink& sink_;
  ResourceGraph::Builder builder_;
  std::map<Address, std::uint32_t> providers_;
  std::set<Address> added_;
  std::vector<Value> needed_;
};

/// Whether the field is still what the run made of it, whoever has written it since.
bool is_as_made(const FieldChange& field, const Change& made, const ResourceType* type) {
  auto same = std::ranges::find(made.fields, field.path, &FieldChange::path);
  if (type == nullptr || same == made.fields.end() || !same->after || !field.before) return false;
  static const Type json{};
  TypePtr known = type_at(*type->schema, field.path);
  const Type& declared = known == nullptr ? json : *known;
  return normal_form(*same->after, declared) == normal_form(*field.before, declared);
}

/// What somebody changed after the run is not overwritten.
void refuse_changed(const Change& change, const Change& made, const ResourceType* type,
                    DiagnosticSink& sink) {
  for (const FieldChange& field : change.fields) {
    bool touched = field.cause == FieldCause::drift || field.cause == FieldCause::both;
    if (!touched || is_as_made(field, made, type)) continue;
    std::string writer = field.writer.empty() ? "" : " by " + field.writer;
    Diagnostic& error = sink.error(
        DiagnosticCode::undo_refused,
        fmt::format("`{}` of `{}` was changed after the run{}", field.path.text(), change.address, writer),
        {});
    error.address = change.address;
    error.helps.push_back({"`carbon plan` shows what the files say of it", {}});
    return;
  }
}

/// The set without what stands at these paths.
FieldSet without(const FieldSet& set, const std::vector<FieldPath>& paths) {
  FieldSet left;
  for (const FieldPath& path : set.paths()) {
    bool below = std::ranges::any_of(paths, [&](const FieldPath& one) { return is_within(path, one); });
    if (!below) left.insert(path);
  }
  return left;
}

}  // namespace

void Pipeline::plan_undo(const std::string& run, const std::vector<JournalEvent>& events) {
  const Plan done = std::move(plan_);
  diagnostics_ = DiagnosticSink();
  if (compiled_ != nullptr) files_ = std::move(compiled_);
  Undo undo = undo_of(done, events, inventory_, language_->types);
  undo_ = UndoneRun{run, {}};
  for (const Change* made : undo.made) undo_->addresses.insert(made->address);
  for (const Former& former : undo.formers) undo_->addresses.insert(former.change->address);

  compiled_ = std::make_unique<Compiled>();
  compiled_->loaded.root = options_.directory;
  Expansion& expansion = compiled_->expansion.emplace();
  expansion.platform = done.platform;
  expansion.environment = done.environment;
  expansion.world = done.world == world_name(World::live) ? World::live : World::sandbox;
  expansion.inventory = inventory_choice(done.inventory_folder);
  expansion.graph = GraphBefore(inventory_, language_->types, diagnostics_).build(done, undo);
  if (diagnostics_.has_errors()) return;
  make_plan(false);

  std::map<Address, const Change*> origins;
  for (const Change& change : done.changes) origins.emplace(change.address, &change);
  for (Change& change : plan_.changes) {
    change.because = Because::undone;
    change.because_detail = run;
    auto origin = origins.find(change.address);
    if (origin == origins.end()) continue;
    refuse_changed(change, *origin->second, language_->types.find(change.type), diagnostics_);
    change.declared = origin->second->declared;
  }
  for (const Former& former : undo.formers) {
    auto change = std::ranges::find(plan_.changes, former.change->address, &Change::address);
    if (change == plan_.changes.end()) continue;
    if (!former.defaults.empty()) change->applied = without(change->applied, former.defaults);
    // What it needs and what is as it was is in no graph here, and is needed still.
    change->needs = former.needs;
    std::erase_if(change->needs, [&](const Address& need) {
      return std::ranges::any_of(undo.made, [&](const Change* made) { return made->address == need; });
    });
  }
  for (const NotUndone& left : undo.left) {
    Diagnostic& warning = diagnostics_.warning(
        DiagnosticCode::undo_incomplete, fmt::format("`{}` is not undone: {}", left.address, left.why), {});
    warning.address = left.address;
    warning.helps.push_back({"write into the files what it is to be, and apply", {}});
  }
  plan_.types = done.types;
  plan_.records.clear();
  plan_.summary.record = 0;
  plan_id_ = carbon::plan_id(plan_, *digester_);
}

}  // namespace carbon
