#include "platform/postgres_schema/object_steps.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "platform/postgres_schema/grants.h"
#include "platform/postgres_schema/identifier.h"
#include "platform/postgres_schema/object_class.h"

namespace carbon::postgres {

namespace {

using C = ObjectClass;
using Kind = Change::Kind;

bool made(const ChangeSet& changes, const ObjectId& id) {
  const Change* change = changes.change(id);
  return change != nullptr && change->made();
}

/// Whether everything that an object needs in this schema is its table and what is in it, or a type.
bool needs_only(std::size_t at, const ChangeSet& changes, const std::string& table) {
  const auto& needs = changes.target_needs(at);
  return std::all_of(needs.begin(), needs.end(), [&](std::size_t needed) {
    const ObjectId& id = changes.all()[needed].id();
    if (id.object_class == C::table) return id.name == table;
    return is_type(id.object_class) || (id.object_class == C::column && id.parent == table);
  });
}

bool below_another(const ChangeSet& changes, const std::string& table) {
  const Change* change = changes.change({C::table, "", table});
  return change->target != nullptr &&
         (has(*change->target, "partition_of") || has(*change->target, "inherits"));
}

bool has_comments(ObjectClass object_class) {
  return object_class != C::column_default && object_class != C::sequence_owner;
}

bool has_grants(ObjectClass object_class) {
  return is_type(object_class) || is_routine(object_class) || object_class == C::sequence ||
         object_class == C::table || object_class == C::column || object_class == C::view ||
         object_class == C::materialized_view;
}

void write_notes(const Change& change, StepWriter& out) {
  if (has_comments(change.id().object_class)) write_comments(change, out);
  if (has_grants(change.id().object_class)) write_grants(change, out);
}

std::string drop_statement(const Change& change, const StepWriter& out) {
  const ObjectId& id = change.id();
  std::string name = quote_identifier(id.name);
  std::string alter = out.alter_table(id.parent);
  if (id.object_class == C::column) return alter + "DROP COLUMN " + name;
  if (id.object_class == C::column_default) return alter + "ALTER COLUMN " + name + " DROP DEFAULT";
  if (id.object_class == C::constraint) return alter + "DROP CONSTRAINT " + name;
  if (id.object_class == C::domain_constraint)
    return "ALTER DOMAIN " + out.qualified(id.parent) + " DROP CONSTRAINT " + name;
  if (id.object_class == C::sequence_owner)
    return "ALTER SEQUENCE " + out.qualified(id.name) + " OWNED BY NONE";
  return "DROP " + reference(*change.live, out.schema());
}

void count_lost(const Change& change, MigrationStep& step, const StepWriter& out) {
  const ObjectId& id = change.id();
  if (id.object_class == C::table) {
    step.risk = Risk::lossy;
    out.count(step, Counted::lost, id.name, "");
  } else if (id.object_class == C::column && !has(*change.live, "generated")) {
    step.risk = Risk::lossy;
    out.count(step, Counted::lost, id.parent, out.counted_column(id.parent, id.name) + " IS NOT NULL");
  } else if (id.object_class == C::sequence) {
    step.risk = Risk::one_way;
  }
}

}  // namespace

std::vector<std::size_t> parts_of(const ChangeSet& changes, ObjectClass object_class,
                                  const std::string& parent) {
  const auto& all = changes.all();
  auto before = [](const Change& change, const ObjectId& id) { return change.id() < id; };
  auto at = std::lower_bound(all.begin(), all.end(), ObjectId{object_class, parent, ""}, before);
  std::vector<std::size_t> parts;
  for (; at != all.end() && at->id().object_class == object_class && at->id().parent == parent; ++at)
    parts.push_back(static_cast<std::size_t>(at - all.begin()));
  return parts;
}

bool is_partitioned(const ChangeSet& changes, const std::string& table) {
  const Change* change = changes.change({C::table, "", table});
  if (change == nullptr) return false;
  return has(change->target != nullptr ? *change->target : *change->live, "partition_by");
}

bool is_inlined(std::size_t at, const ChangeSet& changes) {
  const Change& change = changes.all()[at];
  const ObjectId& id = change.id();
  if (!change.made()) return false;
  ObjectId table{C::table, "", id.parent};
  if (id.object_class == C::column) return made(changes, table);
  if (id.object_class == C::column_default) {
    const Change* column = changes.change({C::column, id.parent, id.name});
    if (!column->made() || has(*column->target, "inherited")) return false;
    return !made(changes, table) || needs_only(at, changes, id.parent);
  }
  if (has(*change.target, "not_valid")) return false;
  if (id.object_class == C::domain_constraint) return made(changes, {C::domain, "", id.parent});
  return id.object_class == C::constraint && made(changes, table) && !below_another(changes, id.parent) &&
         property(*change.target, "kind") != "foreign key" && needs_only(at, changes, id.parent);
}

std::size_t made_with(std::size_t at, const ChangeSet& changes) {
  while (is_inlined(at, changes)) {
    const ObjectId& id = changes.all()[at].id();
    ObjectId owner{traits(id.object_class).parent, "", id.parent};
    if (id.object_class == C::column_default) owner = {C::column, id.parent, id.name};
    at = changes.find(owner);
  }
  return at;
}

namespace {

bool nothing_moves_below(std::size_t at, const ChangeSet& changes) {
  const auto& needs = changes.live_needs(at);
  return std::none_of(needs.begin(), needs.end(), [&](std::size_t needed) {
    return changes.all()[needed].gone() || ChangeSet::changes_type(changes.all()[needed]);
  });
}

bool is_index_of_live_table(const Change& change, const ChangeSet& changes) {
  return change.id().object_class == C::index && changes.survives({C::table, "", change.id().parent}) &&
         !is_partitioned(changes, change.id().parent);
}

}  // namespace

bool is_swapped(std::size_t at, const ChangeSet& changes) {
  const Change& change = changes.all()[at];
  return change.kind == Kind::replace && is_index_of_live_table(change, changes) &&
         !has(*change.live, "invalid") && nothing_moves_below(at, changes);
}

bool is_dropped_last(std::size_t at, const ChangeSet& changes) {
  const Change& change = changes.all()[at];
  return change.kind == Kind::drop && is_index_of_live_table(change, changes) && !is_temporary(change.id()) &&
         nothing_moves_below(at, changes) && !changes.name_is_made(change.id().name);
}

void write_dropped(std::size_t at, StepWriter& out) {
  const Change& change = out.changes().all()[at];
  if (is_dropped_last(at, out.changes())) {
    out.add_last(change.id(), "DROP INDEX CONCURRENTLY " + out.qualified(change.id().name),
                 "drop " + describe(change.id()))
        .outside_transaction = true;
    return;
  }
  if (change.id().object_class == C::table && has(*change.live, "partition_of")) {
    // A partition that foreign keys lead to can only be dropped once it is none.
    std::string_view whole = property(*change.live, "partition_of");
    out.add(change.id(),
            fmt::format("{}DETACH PARTITION {}", out.alter_table(whole), out.qualified(change.id().name)),
            "detach " + describe(change.id()));
  }
  std::string summary = "drop " + describe(change.id());
  if (change.kind == Kind::replace) summary += ", to make it again";
  MigrationStep& step = out.add(change.id(), drop_statement(change, out), std::move(summary));
  count_lost(change, step, out);
}

namespace {

void make_one(std::size_t at, StepWriter& out) {
  const Change& change = out.changes().all()[at];
  switch (change.id().object_class) {
    case C::enumeration:
    case C::domain:
    case C::composite_type:
    case C::range_type: return make_type(change, out);
    case C::sequence:
    case C::function:
    case C::procedure:
    case C::aggregate:
    case C::sequence_owner:
    case C::view:
    case C::materialized_view: return make_standing_alone(change, out);
    case C::table: return make_table(change, out);
    case C::column: return make_column(change, out);
    case C::column_default: return write_default(change, out);
    case C::domain_constraint: return make_domain_constraint(change, out);
    case C::constraint: return make_constraint(change, out);
    case C::index:
    case C::materialized_view_index: return make_index(at, out);
    case C::statistics:
      out.add(change.id(), std::string(property(*change.target, "definition")),
              "create " + describe(change.id()));
      return;
    case C::trigger:
    case C::view_trigger: return make_trigger(change, out);
    case C::policy: return make_policy(change, out);
  }
}

void alter_one(const Change& change, StepWriter& out) {
  switch (change.id().object_class) {
    case C::enumeration: return;  // labels are added before everything else
    case C::domain:
    case C::composite_type:
    case C::range_type: return alter_type(change, out);
    case C::sequence:
    case C::function:
    case C::procedure:
    case C::aggregate:
    case C::sequence_owner:
    case C::view:
    case C::materialized_view: return alter_standing_alone(change, out);
    case C::table: return alter_table(change, out);
    case C::column: return alter_column(change, out);
    case C::column_default: return write_default(change, out);
    case C::domain_constraint:
    case C::constraint:
      if (has(*change.live, "not_valid") && !has(*change.target, "not_valid"))
        validate_constraint(change, out);
      return;
    case C::index:
    case C::materialized_view_index:
    case C::statistics: return;
    case C::trigger:
    case C::view_trigger: return alter_trigger(change, out);
    case C::policy: return alter_policy(change, out);
  }
}

/// What is made by another object's statement, with that object.
void write_parts(const ObjectId& id, StepWriter& out) {
  static constexpr ObjectClass parts[] = {C::column, C::constraint, C::domain_constraint};
  for (ObjectClass part : parts) {
    if (traits(part).parent != id.object_class) continue;
    for (std::size_t at : parts_of(out.changes(), part, id.name)) {
      if (!is_inlined(at, out.changes())) continue;
      const Change& change = out.changes().all()[at];
      if (part == C::column) finish_column(change, out);
      write_notes(change, out);
    }
  }
}

}  // namespace

void write_made(std::size_t at, StepWriter& out) {
  const Change& change = out.changes().all()[at];
  std::optional<StepWriter::AtEnd> at_end;
  if (is_swapped(at, out.changes())) at_end.emplace(out);
  make_one(at, out);
  if (change.id().object_class == C::column) finish_column(change, out);
  write_notes(change, out);
  write_parts(change.id(), out);
}

void write_altered(std::size_t at, StepWriter& out) {
  const Change& change = out.changes().all()[at];
  alter_one(change, out);
  write_notes(change, out);
}

}  // namespace carbon::postgres
