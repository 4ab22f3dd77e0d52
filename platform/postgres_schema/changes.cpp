#include "platform/postgres_schema/changes.h"

#include <fmt/core.h>

#include <algorithm>

#include "platform/postgres_schema/column_type.h"
#include "platform/postgres_schema/expression_text.h"
#include "platform/postgres_schema/object_class.h"

namespace carbon::postgres {

namespace {

using C = ObjectClass;
using Kind = Change::Kind;

/// What PostgreSQL does not carry along when the type of a column changes (ATExecAlterColumnType); it does so
/// for indexes, statistics and most constraints.
bool stops_type_change(const SchemaObject& dependent, const Change& column) {
  switch (dependent.id.object_class) {
    case C::view:
    case C::materialized_view:
    case C::trigger:
    case C::view_trigger:
    case C::policy:
    case C::function:
    case C::procedure:
    case C::column_default:  // it would have to be castable without a word
    case C::column:          // generated from it
      return true;
    case C::constraint:
      return property(dependent, "kind") == "foreign key" &&
             (column.retyped ||
              !comparable_types(property(*column.live, "type"), property(*column.target, "type")));
    case C::enumeration:
    case C::domain:
    case C::composite_type:
    case C::range_type:
    case C::sequence:
    case C::aggregate:
    case C::table:
    case C::domain_constraint:
    case C::sequence_owner:
    case C::index:
    case C::materialized_view_index:
    case C::statistics: return false;
  }
  return false;
}

}  // namespace

Result<ChangeSet> ChangeSet::between(const SchemaCatalog& live, const SchemaCatalog& target) {
  ChangeSet set;
  set.match(live, target);
  set.link();
  set.spread();
  set.set_types_aside();
  CARBON_CHECK(set.check_outside(live));
  CARBON_CHECK(set.check_inheritance());
  return set;
}

void ChangeSet::match(const SchemaCatalog& live, const SchemaCatalog& target) {
  auto a = live.objects.begin();
  auto b = target.objects.begin();
  while (a != live.objects.end() || b != target.objects.end()) {
    Change change;
    if (b == target.objects.end() || (a != live.objects.end() && a->id < b->id)) {
      change.kind = Kind::drop;
      change.live = &*a++;
    } else if (a == live.objects.end() || b->id < a->id) {
      change.kind = Kind::create;
      change.target = &*b++;
    } else {
      change.live = &*a++;
      change.target = &*b++;
      if (change.live->properties == change.target->properties) {
        change.kind = Kind::same;
      } else {
        change.kind =
            alterable(*change.live, *change.target, live.server_version) ? Kind::alter : Kind::replace;
      }
    }
    changes_.push_back(change);
  }
}

std::size_t ChangeSet::find(const ObjectId& id) const {
  auto at =
      std::lower_bound(changes_.begin(), changes_.end(), id,
                       [](const Change& change, const ObjectId& wanted) { return change.id() < wanted; });
  return at != changes_.end() && at->id() == id ? static_cast<std::size_t>(at - changes_.begin()) : none;
}

const Change* ChangeSet::change(const ObjectId& id) const {
  std::size_t at = find(id);
  return at == none ? nullptr : &changes_[at];
}

void ChangeSet::link() {
  live_needs_.resize(changes_.size());
  target_needs_.resize(changes_.size());
  dependents_.resize(changes_.size());
  target_dependents_.resize(changes_.size());
  for (std::size_t at = 0; at < changes_.size(); ++at) {
    const Change& change = changes_[at];
    if (change.live != nullptr) {
      for (const ObjectId& id : change.live->depends_on) {
        std::size_t needed = find(id);
        if (needed == none || needed == at || changes_[needed].live == nullptr) continue;
        live_needs_[at].push_back(needed);
        dependents_[needed].push_back(at);
      }
    }
    if (change.target != nullptr) {
      for (const ObjectId& id : change.target->depends_on) {
        std::size_t needed = find(id);
        if (needed == none || needed == at || changes_[needed].target == nullptr) continue;
        target_needs_[at].push_back(needed);
        target_dependents_[needed].push_back(at);
      }
    }
  }
}

bool ChangeSet::changes_type(const Change& change) {
  if (change.kind != Kind::alter || change.id().object_class != C::column) return false;
  return change.retyped || property(*change.live, "type") != property(*change.target, "type") ||
         property(*change.live, "collation") != property(*change.target, "collation");
}

bool ChangeSet::is_contained(std::size_t domain) const {
  auto holds = [&](std::size_t at, bool live) {
    const Change& change = changes_[at];
    const SchemaObject* object = live ? change.live : change.target;
    C object_class = change.id().object_class;
    if (object_class == C::column) return property(*object, "type").back() == ']';
    if (object_class == C::domain) return at != domain && is_contained(at);
    return object_class == C::composite_type || object_class == C::range_type;
  };
  auto in_live = [&](std::size_t at) { return holds(at, true); };
  auto in_target = [&](std::size_t at) { return holds(at, false); };
  return std::any_of(dependents_[domain].begin(), dependents_[domain].end(), in_live) ||
         std::any_of(target_dependents_[domain].begin(), target_dependents_[domain].end(), in_target);
}

/// Whether the domain gets a constraint that values may violate.
bool ChangeSet::is_tightened(std::size_t domain) const {
  const Change& change = changes_[domain];
  if (change.live == nullptr || change.target == nullptr) return false;
  if (has(*change.target, "not_null") && !has(*change.live, "not_null")) return true;
  return std::any_of(
      target_dependents_[domain].begin(), target_dependents_[domain].end(), [&](std::size_t at) {
        const Change& part = changes_[at];
        if (part.id().object_class != C::domain_constraint || part.id().parent != change.id().name)
          return false;
        return part.made() ||
               (part.live != nullptr && has(*part.live, "not_valid") && !has(*part.target, "not_valid"));
      });
}

/// What depends on something that goes, goes too and comes back, and so on.
void ChangeSet::spread() {
  std::vector<std::size_t> queue;
  for (std::size_t at = 0; at < changes_.size(); ++at)
    if (changes_[at].id().object_class == C::domain && is_tightened(at) && is_contained(at))
      changes_[at].kind = Kind::replace;
  for (std::size_t at = 0; at < changes_.size(); ++at)
    if (changes_[at].gone() || changes_type(changes_[at])) queue.push_back(at);
  while (!queue.empty()) {
    std::size_t cause = queue.back();
    queue.pop_back();
    replace_partitioned(cause, queue);
    for (std::size_t dependent : dependents_[cause])
      if (!changes_[dependent].gone()) replace_dependent(cause, dependent, queue);
  }
}

/// PostgreSQL neither changes nor drops a column of a partition key.
void ChangeSet::replace_partitioned(std::size_t cause, std::vector<std::size_t>& queue) {
  const ObjectId& id = changes_[cause].id();
  if (id.object_class != C::column) return;
  std::size_t at = find({C::table, "", id.parent});
  if (at == none || changes_[at].gone() || changes_[at].live == nullptr) return;
  std::string_view key = property(*changes_[at].live, "partition_by");
  std::vector<SqlToken> tokens = sql_tokens(key);
  bool in_key = std::any_of(tokens.begin(), tokens.end(), [&](const SqlToken& token) {
    return token.kind == SqlToken::Kind::name && token.name() == id.name;
  });
  if (!in_key) return;
  changes_[at].kind = Kind::replace;
  queue.push_back(at);
}

void ChangeSet::replace_dependent(std::size_t cause, std::size_t dependent, std::vector<std::size_t>& queue) {
  const Change& needed = changes_[cause];
  Change& change = changes_[dependent];
  if (!needed.gone()) {
    if (!stops_type_change(*change.live, needed)) return;
  } else if (change.id().object_class == C::column && is_type(needed.id().object_class)) {
    if (change.retyped) return;
    bool queued = changes_type(change);
    change.kind = Kind::alter;
    change.retyped = true;
    if (!queued) queue.push_back(dependent);
    return;
  }
  change.kind = Kind::replace;
  queue.push_back(dependent);
}

/// A type that goes while a column with values of it stays: the column must be converted first.
void ChangeSet::set_types_aside() {
  std::vector<std::size_t> queue;
  auto stays = [&](std::size_t at) {
    return changes_[at].id().object_class == C::column && !changes_[at].gone();
  };
  for (std::size_t at = 0; at < changes_.size(); ++at) {
    if (!changes_[at].gone() || !is_type(changes_[at].id().object_class)) continue;
    if (std::any_of(dependents_[at].begin(), dependents_[at].end(), stays)) queue.push_back(at);
  }
  while (!queue.empty()) {  // and with it the types that it is made of
    std::size_t at = queue.back();
    queue.pop_back();
    if (changes_[at].set_aside) continue;
    changes_[at].set_aside = true;
    for (std::size_t needed : live_needs_[at])
      if (changes_[needed].gone() && is_type(changes_[needed].id().object_class)) queue.push_back(needed);
  }
  for (const Change& change : changes_)
    if (change.made()) made_names_.insert(change.id().name);
  for (Change& change : changes_)
    if (change.set_aside) change.renamed = name_is_made(change.id().name);
}

bool ChangeSet::survives(const ObjectId& id) const {
  const Change* found = change(id);
  return found != nullptr && found->live != nullptr && !found->gone();
}

Status ChangeSet::check_outside(const SchemaCatalog& live) const {
  for (const OutsideDependent& outside : live.outside_dependents) {
    const Change* found = change(outside.object);
    if (found == nullptr || (!found->gone() && !changes_type(*found))) continue;
    return fail(
        Error(DiagnosticCode::server_refused,
              fmt::format("`{}` depends on {} of the schema `{}`, which would be dropped or change its type",
                          outside.dependent, describe(outside.object), live.schema))
            .help("drop it first, and make it again afterwards, or manage its schema with carbon"));
  }
  return {};
}

/// Leaving a parent makes the inherited indexes and constraints the table's own, under names of the server's
/// choice.
Status ChangeSet::check_inheritance() const {
  auto text = [](const SchemaObject& object, std::string_view name) {
    const Value* value = object.properties.find(name);
    return value == nullptr ? Value() : *value;
  };
  for (const Change& change : changes_) {
    if (change.id().object_class != C::table || change.kind != Kind::alter) continue;
    bool leaves = has(*change.live, "partition_of") &&
                  !(text(*change.live, "partition_of") == text(*change.target, "partition_of"));
    if (!leaves && text(*change.live, "inherits") == text(*change.target, "inherits")) continue;
    return fail(
        Error(DiagnosticCode::server_refused,
              fmt::format("{} would get another parent, which carbon does not do", describe(change.id())))
            .help("write ALTER TABLE ... DETACH PARTITION, INHERIT or NO INHERIT yourself, then plan again"));
  }
  return {};
}

}  // namespace carbon::postgres
