// What is done about one declared resource.

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "engine/model/identity.h"
#include "engine/model/typed_path.h"
#include "engine/plan/fingerprint.h"
#include "engine/plan/ignored_fields.h"
#include "engine/plan/live_view.h"
#include "engine/plan/normal_form.h"
#include "engine/plan/owned_fields.h"
#include "engine/plan/plan_builder.h"
#include "engine/plan/targets.h"

namespace carbon {

namespace {

std::string writers_text(const LiveObject& live) {
  std::string out;
  for (const ForeignWriter& writer : live.writers) {
    if (!out.empty()) out += ", ";
    out += writer.time.empty() ? writer.manager : fmt::format("{} at {}", writer.manager, writer.time);
  }
  return out;
}

struct Restarts {
  std::string_view kind;
  std::string_view field;
};

// Changing the pod template rolls the pods (Kubernetes documentation, "Workloads").
constexpr std::array<Restarts, 3> restarts{
    {{"Deployment", "spec.template."}, {"StatefulSet", "spec.template."}, {"DaemonSet", "spec.template."}}};

Disruption disruption(const ResourceType& type, const std::vector<FieldChange>& fields) {
  Disruption worst = Disruption::none;
  for (const Disrupts& rule : type.disrupts) {
    bool hit = std::any_of(fields.begin(), fields.end(),
                           [&](const FieldChange& field) { return is_within(field.path, rule.field); });
    // In the order of the enum the first is the hardest.
    if (hit && (worst == Disruption::none || rule.how < worst)) worst = rule.how;
  }
  if (type.transport != Transport::kubernetes) return worst;
  for (const Restarts& rule : restarts) {
    if (rule.kind != type.kubernetes.kind) continue;
    bool hit = std::any_of(fields.begin(), fields.end(), [&](const FieldChange& field) {
      return field.path.text().starts_with(rule.field);
    });
    if (hit) return Disruption::restart;
  }
  return Disruption::none;
}

bool is_identity(const ResourceType& type, const FieldPath& path) {
  return std::find(type.identity.begin(), type.identity.end(), path) != type.identity.end();
}

bool goes_one_way(const ResourceType& type, const std::vector<FieldChange>& fields) {
  auto is = [](const std::optional<Value>& value, const Value& wanted) { return value && *value == wanted; };
  return std::any_of(type.one_way.begin(), type.one_way.end(), [&](const OneWay& rule) {
    return std::any_of(fields.begin(), fields.end(), [&](const FieldChange& field) {
      return field.path == rule.field && is(field.before, rule.from) && is(field.after, rule.to);
    });
  });
}

}  // namespace

void PlanBuilder::decide(const Subject& subject) {
  if (subject.resource.mode != ResourceMode::managed) return look_up(subject);
  Node& node = nodes_[subject.index];
  if (!same_kind(subject)) return;
  switch (subject.live.presence) {
    case Presence::later: return put_off(subject, Action::later);
    case Presence::absent:
      if (live_.former.contains(subject.resource.address)) return replace_former(subject);
      return create(subject);
    case Presence::present: return compare(subject);
    case Presence::unknown: break;
  }
  node.blocked = true;
  const Resource& resource = subject.resource;
  unreadable(resource.address, provider_of(resource), resource.span, subject.live);
}

void PlanBuilder::look_up(const Subject& subject) {
  const Resource& resource = subject.resource;
  Node& node = nodes_[subject.index];
  switch (subject.live.presence) {
    case Presence::later: return put_off(subject, Action::read);
    case Presence::present:
      plan_.lookups.push_back({resource.address, provider_of(resource), resource.type->name,
                               identity_value(*resource.type, subject.desired)});
      return;
    case Presence::absent:
      if (resource.mode == ResourceMode::optional_lookup) return;
      // What it needs may bring it about: an operator makes Secrets of what it is told to run.
      if (needs_change(subject.index)) return put_off(subject, Action::read);
      node.blocked = true;
      refuse(DiagnosticCode::lookup_missing,
             fmt::format("`{}` looks up {} {}, which does not exist", resource.address, resource.type->name,
                         identity_text(*resource.type, subject.desired)),
             resource)
          .helps.push_back({resource.missing_remedy.empty()
                                ? "write the lookup's type as `T?` if it may be missing"
                                : resource.missing_remedy,
                            {}});
      return;
    case Presence::unknown: break;
  }
  node.blocked = true;
  unreadable(resource.address, provider_of(resource), resource.span, subject.live);
}

void PlanBuilder::create(const Subject& subject) {
  const Resource& resource = subject.resource;
  if (resource.settings.adopt && subject.entry == nullptr) {
    nodes_[subject.index].blocked = true;
    refuse(DiagnosticCode::adopt_missing,
           fmt::format("there is no {} {} to adopt", resource.type->name,
                       identity_text(*resource.type, subject.desired)),
           resource)
        .helps.push_back({"take the `adopt` line away to create it", {}});
    return;
  }
  Change change = make_change(subject, Action::create);
  if (subject.entry != nullptr) {
    change.because = Because::drift;
    change.because_detail = "the object is gone";
  }
  DiffResult result = diff(diff_input(subject, subject.live));
  change.fields = std::move(result.fields);
  keep(subject, std::move(change));
}

/// Its live object cannot be read before an earlier stage has ended.
void PlanBuilder::put_off(const Subject& subject, Action action) {
  Node& node = nodes_[subject.index];
  node.stage += 1;
  Change change = make_change(subject, action);
  for (const Edge& edge : graph_.needs(subject.index)) {
    Action before = nodes_[edge.to].action;
    if (before == Action::no_op || before == Action::move) continue;
    change.assumes.push_back(fmt::format("`{}` is ready", graph_.resource(edge.to).address));
  }
  if (action == Action::later) {
    change.assumes.push_back(subject.entry == nullptr ? "the object is absent, and is created"
                                                      : "the object is as it was last applied, or absent");
    change.fields = diff(diff_input(subject, subject.live)).fields;
  } else {
    change.applied = FieldSet();
    change.desired = Value();
    change.assumes.emplace_back("the object is there");
  }
  keep(subject, std::move(change));
}

PlanBuilder::Ownership PlanBuilder::ownership(const Subject& subject) const {
  const LiveObject& live = subject.live;
  const InventoryEntry* entry = subject.entry;
  bool same = entry != nullptr && (entry->uid.empty() || live.uid.empty() || entry->uid == live.uid);
  if (same) return Ownership::owned;
  const Resource& resource = subject.resource;
  if (const auto& wanted = resource.settings.adopt) {
    std::string named = identity_text(*resource.type, subject.desired);
    if (wanted->empty() || *wanted == live.uid || *wanted == named) return Ownership::to_adopt;
  }
  if (options_.owns_token && !live.token.empty() && options_.owns_token(live.token))
    return Ownership::unrecorded;
  const InventoryEntry* former = subject.former;
  bool renamed = former != nullptr && (former->uid.empty() || live.uid.empty() || former->uid == live.uid);
  return renamed ? Ownership::renamed : Ownership::foreign;
}

void PlanBuilder::refuse_foreign(const Subject& subject) {
  const Resource& resource = subject.resource;
  std::string named = identity_text(*resource.type, subject.desired);
  nodes_[subject.index].blocked = true;
  bool again = subject.entry != nullptr;
  Diagnostic& error =
      refuse(DiagnosticCode::not_owned,
             again ? fmt::format("{} {} is not the object that carbon made: somebody made it again",
                                 resource.type->name, named)
                   : fmt::format("{} {} exists already and is not carbon's", resource.type->name, named),
             resource);
  if (again)
    error.notes.push_back(
        fmt::format("its uid is {}, carbon's was {}", subject.live.uid, subject.entry->uid));
  std::string writers = writers_text(subject.live);
  if (!writers.empty()) error.notes.push_back("written by " + writers);
  error.helps.push_back(
      {fmt::format("to take it over, write in `{}`: adopt \"{}\"", resource.address, named), {}});
  error.helps.push_back({"to leave it alone, give the resource another name", {}});
}

bool PlanBuilder::may_replace(const Subject& subject, const FieldChange& immutable, Ownership owner) {
  const Resource& resource = subject.resource;
  std::string field = immutable.path.text();
  if (owner == Ownership::to_adopt) {
    refuse(DiagnosticCode::not_owned,
           fmt::format("`{}` cannot be adopted: `{}` differs and cannot be changed", resource.address, field),
           resource)
        .helps.push_back({"write the live value, or do not adopt the object", {}});
    return false;
  }
  if (resource.settings.replace == ReplaceOrder::create_first && !is_identity(*resource.type, immutable.path))
    return refuse_create_first(subject, field);
  bool never = resource.settings.replace == ReplaceOrder::never;
  bool kept = resource.settings.protect || (subject.entry != nullptr && subject.entry->protect);
  if (!never && !kept) return true;
  bool lifted = !never && !resource.settings.protect;  // in the file, and not yet by an apply
  refuse(DiagnosticCode::protected_resource,
         fmt::format("`{}` would be replaced, but says `{}`: `{}` cannot be changed in place",
                     resource.address, never ? "replace never" : "protect", field),
         resource)
      .helps.push_back({lifted
                            ? fmt::format("apply once with the former value of `{}`: that lifts the "
                                          "protection; then change it",
                                          field)
                            : fmt::format("write the former value of `{}`, or take the setting away", field),
                        {}});
  return false;
}

/// Two objects of one name cannot be there at the same time.
bool PlanBuilder::refuse_create_first(const Subject& subject, const std::string& field) {
  const Resource& resource = subject.resource;
  refuse(
      DiagnosticCode::same_name_twice,
      fmt::format("`{}` says `replace create_first`, and the new object would be called {} like the one it "
                  "replaces",
                  resource.address, identity_text(*resource.type, subject.desired)),
      resource)
      .helps.push_back(
          {fmt::format("change its name together with `{}`, or take `replace create_first` away", field),
           {}});
  return false;
}

/// The server's own answer decides: what it would leave as it is, is no change.
void PlanBuilder::fold_preview(const Subject& subject, DiffResult& result) {
  const Resource& resource = subject.resource;
  auto preview = live_.previews.find(resource.address);
  if (preview == live_.previews.end() || result.empty()) return;
  if (!preview->second) {
    Diagnostic error = preview->second.error().diagnostic();
    error.address = resource.address;
    if (error.labels.empty())
      error.labels.push_back({resource.span, "the server was asked about this change"});
    sink_.add(std::move(error));
    nodes_[subject.index].blocked = true;
    return;
  }
  const Type& schema = *resource.type->schema;
  Value before = live_view(*resource.type, subject.live.object, subject.desired);
  Value after = live_view(*resource.type, *preview->second, subject.desired);
  auto normal = [&](const Value& object, const FieldPath& path) {
    const Value* value = find_at(object, schema, path);
    TypePtr type = type_at(schema, path);
    if (value == nullptr) return Value();
    return type == nullptr ? *value : normal_form(*value, *type);
  };
  std::size_t dropped = std::erase_if(result.fields, [&](const FieldChange& field) {
    bool open = field.after && field.after->contains_unknown();
    return !field.secret && !open && normal(before, field.path) == normal(after, field.path);
  });
  if (dropped == 0) return;
  result.quiet[quiet::normalises] += dropped;
  result.unchanged += static_cast<std::uint32_t>(dropped);
  std::erase_if(result.removed, [&](const FieldPath& path) {
    return std::none_of(result.fields.begin(), result.fields.end(),
                        [&](const FieldChange& field) { return field.path == path; });
  });
}

void PlanBuilder::compare(const Subject& subject) {
  Ownership owner = ownership(subject);
  if (owner == Ownership::foreign) return refuse_foreign(subject);
  DiffResult result = diff(diff_input(subject, subject.live));
  bool lost = add_lost_values(subject, result);
  auto immutable = std::find_if(result.fields.begin(), result.fields.end(),
                                [](const FieldChange& field) { return field.immutable; });
  bool replace = immutable != result.fields.end();
  if (!replace) fold_preview(subject, result);
  if (nodes_[subject.index].blocked) return;
  fold(result);
  count_foreign(subject);
  bool equal = result.empty() && owner == Ownership::owned;
  if (equal && !subject.entry->moved_from.empty()) return move(subject, result);
  if (equal) {
    ++plan_.summary.unchanged;
    return remember(subject);
  }
  if (replace && !may_replace(subject, *immutable, owner)) {
    nodes_[subject.index].blocked = true;
    return;
  }
  Action action = owner != Ownership::owned ? Action::adopt : Action::update;
  Change change = make_change(subject, replace ? Action::replace : action);
  explain(change, subject, result, owner);
  if (!replace)
    change.desired = keep_ignored(change.desired, *subject.resource.type, subject.live.object,
                                  subject.resource.settings.ignore);
  if (replace && subject.entry != nullptr)
    change.was = owned_fields(*subject.resource.type, subject.live, *subject.entry);
  change.fields = std::move(result.fields);
  if (lost) explain_loss(change);
  explain_type(change, subject);
  change.removed = std::move(result.removed);
  change.unchanged = result.unchanged;
  std::vector<FieldPath> used = change.applied.paths();
  used.insert(used.end(), change.removed.begin(), change.removed.end());
  const DigestMap& held = digests_of(live_.live_digests, subject.resource.address);
  // What held a secret and has no keyed digest stays out: an unkeyed one could be guessed from.
  std::erase_if(used, [&](const FieldPath& path) {
    std::string name = path.text();
    return subject.entry != nullptr && subject.entry->digests.contains(name) && !held.contains(name);
  });
  change.fingerprint =
      make_fingerprint(*subject.resource.type, subject.live, std::move(used),
                       digests_of(live_.live_digests, subject.resource.address), options_.digester);
  keep(subject, std::move(change));
}

/// The object is as it should be; only what it is called in the platform changed.
void PlanBuilder::move(const Subject& subject, const DiffResult& result) {
  Change change = make_change(subject, Action::move);
  change.because = Because::moved;
  change.desired = Value();
  change.applied = subject.entry->applied;
  change.unchanged = result.unchanged;
  keep(subject, std::move(change));
}

/// Records why, while it is known.
void PlanBuilder::explain(Change& change, const Subject& subject, const DiffResult& result,
                          Ownership owner) const {
  const ResourceType& type = *subject.resource.type;
  change.disruption = disruption(type, result.fields);
  if (goes_one_way(type, result.fields)) change.reversibility = Reversibility::one_way;
  if (change.action == Action::replace) {
    auto immutable = std::find_if(result.fields.begin(), result.fields.end(),
                                  [](const FieldChange& field) { return field.immutable; });
    change.because = Because::immutable_field;
    change.because_detail = immutable->path.text();
    change.reversibility = type.data_bearing ? Reversibility::one_way : Reversibility::lossy;
    return;
  }
  if (change.action == Action::adopt) {
    change.because = Because::adopted;
    if (owner == Ownership::unrecorded) change.because_detail = "carbon made it, but has no record of it";
    if (owner == Ownership::renamed) change.because_detail = fmt::format("was `{}`", subject.former->address);
    return;
  }
  auto all = [&](auto test) { return std::all_of(result.fields.begin(), result.fields.end(), test); };
  if (all([](const FieldChange& field) { return field.cause == FieldCause::drift; })) {
    change.because = Because::drift;
    const std::string& writer = result.fields.front().writer;
    change.because_detail = writer.empty() ? "(writer not known)" : writer;
  } else {
    bool secrets = all([](const FieldChange& field) { return field.secret; });
    bool undrifted = all([](const FieldChange& field) {
      return field.cause == FieldCause::unknown || field.cause == FieldCause::declared;
    });
    change.because = secrets ? Because::secret_changed : Because::declared;
    if (!undrifted) change.because_detail = "and drift";
  }
}

/// Nobody wrote these fields: their values stand in the type, which was another when the object was applied.
/// A newer carbon, or another version of a package, brings such a change; it is told and never silent.
void PlanBuilder::explain_type(Change& change, const Subject& subject) const {
  const Resource& resource = subject.resource;
  bool other = subject.entry != nullptr && subject.entry->type_version != resource.type->version;
  bool plain = change.action == Action::update || change.action == Action::replace;
  if (!other || !plain || change.fields.empty() || !resource.type->span.known()) return;
  std::string file = written(resource.type->span).file;
  if (file.empty() || file == written(resource.span).file) return;
  bool all = std::ranges::all_of(change.fields,
                                 [&](const FieldChange& field) { return field.written.file == file; });
  if (!all) return;
  change.because = Because::type_changed;
  change.because_detail = fmt::format("(`{}`)", change.fields.front().path.text());
}

DiffInput PlanBuilder::diff_input(const Subject& subject, const LiveObject& live) const {
  const Resource& resource = subject.resource;
  const InventoryEntry* entry = subject.entry != nullptr ? subject.entry : subject.former;
  const FieldSet* managed = live.managed ? &*live.managed : nullptr;
  return {.type = *resource.type,
          .desired = subject.desired,
          .live = &live,
          // Without a record, what carbon's own manager holds is what was applied.
          .applied = entry != nullptr ? &entry->applied : managed,
          .ignore = &resource.settings.ignore,
          .desired_digests = &digests_of(live_.digests, resource.address),
          .live_digests = &digests_of(live_.live_digests, resource.address),
          .remembered_digests = entry != nullptr ? &entry->digests : nullptr,
          .entry = entry,
          .digest = &options_.digest,
          .awaited = [this](const Value& secret) { return awaits(secret); },
          .locate = options_.locate,
          .identity =
              [this](std::string_view address) {
                std::uint32_t index = graph_.find(address);
                if (index == ResourceGraph::npos) return Value();
                const Resource& target = graph_.resource(index);
                return identity_value(*target.type, target.desired);
              }};
}

Change PlanBuilder::make_change(const Subject& subject, Action action) const {
  const Resource& resource = subject.resource;
  const ResourceType& type = *resource.type;
  Change change;
  change.address = resource.address;
  if (subject.entry != nullptr) change.moved_from = subject.entry->moved_from;
  change.action = action;
  change.type = type.name;
  change.type_version = type.version;
  change.provider = provider_of(resource);
  change.identity = identity_value(type, subject.desired);
  change.identity_text = identity_text(type, change.identity);
  change.desired =
      type.transport == Transport::kubernetes ? subject.desired : with_targets(subject.desired, graph_);
  change.applied = managed_fields(type, subject.desired, resource.settings.ignore);
  change.data_bearing = type.data_bearing;
  change.protect = resource.settings.protect;
  change.timeout = resource.settings.timeout;
  change.retry = resource.settings.retry;
  change.keeps = resource.settings.keeps;
  change.stage = nodes_[subject.index].stage;
  for (const Edge& edge : graph_.needs(subject.index)) {
    const Resource& need = graph_.resource(edge.to);
    bool lasting = need.mode == ResourceMode::managed || nodes_[edge.to].action == Action::read;
    if (lasting) change.needs.push_back(need.address);
  }
  change.declared = written(resource.span);
  return change;
}

/// A blocked resource's decision is made for its errors, and not carried out.
void PlanBuilder::keep(const Subject& subject, Change change) {
  Node& node = nodes_[subject.index];
  node.action = change.action;
  note_issued(change);
  if (!node.blocked) plan_.changes.push_back(std::move(change));
}

/// Leaves that others hold on an object of ours, outside `status` and what carbon applies.
void PlanBuilder::count_foreign(const Subject& subject) {
  static const FieldStep status = FieldStep::field("status");
  for (const ForeignWriter& writer : subject.live.writers) {
    for (const auto& [step, below] : writer.fields.children()) {
      if (step == status) continue;
      const FieldSet* own = subject.entry == nullptr ? nullptr : subject.entry->applied.find(step);
      for (const FieldPath& path : below.paths()) {
        if (own == nullptr || !covers(*own, path)) ++plan_.foreign_fields;
      }
    }
  }
}

}  // namespace carbon
