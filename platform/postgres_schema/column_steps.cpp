#include <fmt/core.h>

#include <algorithm>

#include "platform/postgres_schema/column_type.h"
#include "platform/postgres_schema/expression_text.h"
#include "platform/postgres_schema/identifier.h"
#include "platform/postgres_schema/object_class.h"
#include "platform/postgres_schema/object_steps.h"

namespace carbon::postgres {

namespace {

using C = ObjectClass;

std::string number(const Value& of, std::string_view name) {
  const Value* value = of.find(name);
  if (value == nullptr) return "0";
  return value->kind() == ValueKind::integer ? std::to_string(value->as_int()) : std::string(value->text());
}

std::string sequence_parts(const Value& identity, std::string_view set) {
  bool cycle = identity.find("cycle") != nullptr;
  return fmt::format(
      "{0}INCREMENT BY {1} {0}MINVALUE {2} {0}MAXVALUE {3} {0}START WITH {4} {0}CACHE {5} {0}{6}", set,
      number(identity, "increment"), number(identity, "min"), number(identity, "max"),
      number(identity, "start"), number(identity, "cache"), cycle ? "CYCLE" : "NO CYCLE");
}

std::string identity_clause(const Value& identity) {
  return fmt::format("GENERATED {} AS IDENTITY ({})", identity.find("generated")->text(),
                     sequence_parts(identity, ""));
}

/// Something of a column that ALTER COLUMN sets.
struct ColumnSetting {
  std::string_view name;
  std::string_view set;    ///< `SET STORAGE `
  std::string_view unset;  ///< what says the default
};

constexpr ColumnSetting settings[] = {
    {"compression", "SET COMPRESSION ", "SET COMPRESSION default"},
    {"statistics", "SET STATISTICS ", "SET STATISTICS -1"},
};

std::string property_text(const SchemaObject* object, std::string_view name) {
  const Value* value = object == nullptr ? nullptr : object->properties.find(name);
  if (value == nullptr) return "";
  return value->kind() == ValueKind::integer ? std::to_string(value->as_int()) : std::string(value->text());
}

std::string alter_of(const Change& change, const StepWriter& out) {
  return out.alter_table(change.id().parent) + "ALTER COLUMN " + quote_identifier(change.id().name) + " ";
}

/// The storage that a type has by itself, of the built-in types.
std::string_view default_storage(std::string_view type) {
  static constexpr std::string_view main[] = {"numeric", "inet", "cidr"};
  for (std::string_view each : main)
    if (type.rfind(each, 0) == 0) return "MAIN";
  return "EXTENDED";
}

void write_settings(const Change& change, const SchemaObject* live, StepWriter& out) {
  std::string alter = alter_of(change, out);
  std::string what = describe(change.id());
  // With another type come the storage and compression of that type.
  const SchemaObject* stored = live != nullptr && ChangeSet::changes_type(change) ? nullptr : live;
  std::string storage = property_text(change.target, "storage");
  if (property_text(stored, "storage") != storage) {
    if (storage.empty()) storage = default_storage(property(*change.target, "type"));
    out.add(change.id(), alter + "SET STORAGE " + storage, "change the storage of " + what);
  }
  for (const ColumnSetting& setting : settings) {
    std::string value = property_text(change.target, setting.name);
    if (property_text(setting.name == "compression" ? stored : live, setting.name) == value) continue;
    out.add(change.id(),
            alter + (value.empty() ? std::string(setting.unset) : std::string(setting.set) + value),
            fmt::format("change the {} of {}", setting.name, what));
  }
  const Value* options = change.target->properties.find("options");
  const Value* former = live == nullptr ? nullptr : live->properties.find("options");
  auto text = [](const Value& option) { return std::string(option.text()); };
  auto name = [](const Value& option) {
    return std::string(option.text().substr(0, option.text().find('=')));
  };
  if (joined(options, text) == joined(former, text)) return;
  if (former != nullptr)
    out.add(change.id(), alter + "RESET (" + joined(former, name) + ")", "change the options of " + what);
  if (options != nullptr)
    out.add(change.id(), alter + "SET (" + joined(options, text) + ")", "change the options of " + what);
}

/// The labels that an enum loses while a column has them, as a condition over the column.
std::string has_lost_labels(const Change& change, const std::string& column, const StepWriter& out) {
  std::string lost;
  for (std::size_t at : out.changes().live_needs(out.changes().find(change.id()))) {
    const Change& type = out.changes().all()[at];
    if (type.id().object_class != C::enumeration || type.target == nullptr) continue;
    auto labels = type.target->properties.find("labels")->items();
    for (const Value& label : type.live->properties.find("labels")->items())
      if (std::find(labels.begin(), labels.end(), label) == labels.end())
        lost += (lost.empty() ? "" : ", ") + quote_literal(label.text());
  }
  if (lost.empty()) return "";
  bool array = property(*change.live, "type").back() == ']';
  return array ? fmt::format("{}::text[] && ARRAY[{}]", column, lost)
               : fmt::format("{}::text IN ({})", column, lost);
}

void write_type(const Change& change, StepWriter& out) {
  if (!ChangeSet::changes_type(change)) return;
  std::string_view from = property(*change.live, "type");
  std::string_view to = property(*change.target, "type");
  std::string_view collation = property(*change.target, "collation");
  Retyping retyping = change.retyped ? Retyping::made_anew : Retyping::other_type;
  std::string former = out.counted_column(change.id().parent, change.id().name);
  TypeChange counted = type_change(from, to, former, retyping);
  TypeChange cast = type_change(from, to, quote_identifier(change.id().name), retyping);
  std::string sql = fmt::format("{}TYPE {}", alter_of(change, out), to);
  if (!collation.empty()) sql += fmt::format(" COLLATE {}", collation);
  if (!cast.using_expression.empty()) sql += fmt::format(" USING {}", cast.using_expression);
  bool same_name = from == to && change.retyped;
  std::string summary =
      same_name ? fmt::format("convert {} to the new {}", describe(change.id()), to)
                : fmt::format("change the type of {} from {} to {}", describe(change.id()), from, to);
  MigrationStep& step = out.add(change.id(), sql, std::move(summary));
  step.risk = from == to && !change.retyped ? Risk::blocking : counted.risk;
  std::string lost = same_name ? has_lost_labels(change, former, out) : "";
  if (!lost.empty()) return out.count(step, Counted::violating, change.id().parent, lost);
  if (counted.counted == Counted::nothing) return;
  std::string where = counted.where.empty() ? former + " IS NOT NULL" : counted.where;
  out.count(step, counted.counted, change.id().parent, where);
}

/// Scans the table without stopping writes: a check that is validated outside of the transaction is taken as
/// proof.
void forbid_nulls(const Change& change, StepWriter& out) {
  const ObjectId& id = change.id();
  std::string where = out.counted_column(id.parent, id.name) + " IS NULL";
  std::string summary = "forbid nulls in " + describe(id);
  if (!out.changes().survives({C::table, "", id.parent})) {
    out.add(id, alter_of(change, out) + "SET NOT NULL", summary);
    return;
  }
  std::string name = quote_identifier(temporary_name("not_null", id));
  std::string alter = out.alter_table(id.parent);
  MigrationStep& check = out.add(id,
                                 fmt::format("{}ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", alter,
                                             name, quote_identifier(id.name)),
                                 summary + ": for new rows");
  out.count(check, Counted::violating, id.parent, where);
  check.risk = Risk::one_way;
  out.add(id, alter + "VALIDATE CONSTRAINT " + name, summary + ": look at all rows").outside_transaction =
      true;
  out.add(id, alter_of(change, out) + "SET NOT NULL", summary);
  out.add(id, alter + "DROP CONSTRAINT " + name, summary + ": drop the check that proved it");
}

/// Before the type changes to one that is no integer.
void drop_identity(const Change& change, StepWriter& out) {
  if (has(*change.live, "identity") && !has(*change.target, "identity"))
    out.add(change.id(), alter_of(change, out) + "DROP IDENTITY",
            "drop the identity of " + describe(change.id()));
}

void write_identity(const Change& change, StepWriter& out) {
  const Value* live = change.live->properties.find("identity");
  const Value* target = change.target->properties.find("identity");
  if (target == nullptr) return;
  if (live == nullptr) {
    out.add(change.id(), alter_of(change, out) + "ADD " + identity_clause(*target),
            "generate " + describe(change.id()) + " as identity");
    continue_sequence(change.id(), change.id().parent, change.id().name, out);
  } else if (!(*live == *target)) {
    out.add(change.id(),
            fmt::format("{}SET GENERATED {} {}", alter_of(change, out), target->find("generated")->text(),
                        sequence_parts(*target, "SET ")),
            "change the identity of " + describe(change.id()));
  }
}

/// What a statement for the parent of an inherited column does to it as well.
bool done_by_parent(const Change& change) { return has(*change.target, "inherited"); }

/// The same part, a column or its default, of the table that this one is below; nullptr for none.
const Change* parent_part(ObjectClass part, const ObjectId& id, const ChangeSet& changes) {
  const Change* table = changes.change({C::table, "", id.parent});
  if (table == nullptr || table->target == nullptr) return nullptr;
  std::string parent(property(*table->target, "partition_of"));
  if (!parent.empty()) return changes.change({part, parent, id.name});
  const Value* inherits = table->target->properties.find("inherits");
  if (inherits == nullptr) return nullptr;
  for (const Value& each : inherits->items()) {
    const Change* found = changes.change({part, std::string(each.text()), id.name});
    if (found != nullptr && found->target != nullptr) return found;
  }
  return nullptr;
}

/// A column below another one that differs from it.
void finish_inherited(const Change& change, StepWriter& out) {
  const ChangeSet& changes = out.changes();
  const Change* column = parent_part(C::column, change.id(), changes);
  bool parent_not_null = column != nullptr && column->target != nullptr && has(*column->target, "not_null");
  bool former = change.made() ? parent_not_null : has(*change.live, "not_null");
  if (!change.made() && column != nullptr && column->live != nullptr && column->target != nullptr &&
      has(*column->live, "not_null") != parent_not_null)
    former = parent_not_null;  // the statement for the parent has changed it
  bool wanted = has(*change.target, "not_null");
  if (former != wanted)
    out.add(change.id(), alter_of(change, out) + (wanted ? "SET NOT NULL" : "DROP NOT NULL"),
            (wanted ? "forbid nulls in " : "allow nulls in ") + describe(change.id()));
  const Change* value = parent_part(C::column_default, change.id(), changes);
  const Change* own = changes.change({C::column_default, change.id().parent, change.id().name});
  bool inherits_value = change.made() && value != nullptr && value->target != nullptr;
  if (inherits_value && (own == nullptr || own->target == nullptr))
    out.add(change.id(), alter_of(change, out) + "DROP DEFAULT",
            "drop the default of " + describe(change.id()));
}

}  // namespace

void continue_sequence(const ObjectId& id, const std::string& table, const std::string& column,
                       StepWriter& out) {
  std::string of = out.qualified(table);
  std::string value = "max(" + quote_identifier(column) + ")";
  out.add(id,
          fmt::format("SELECT setval(pg_get_serial_sequence({}, {}), {}) FROM {} HAVING {} > 0",
                      quote_literal(of), quote_literal(column), value, of, value),
          fmt::format("let the numbers of column {} of table {} go on behind the greatest", column, table));
}

std::string column_definition(const Change& change, const ChangeSet& changes) {
  const SchemaObject& column = *change.target;
  std::string sql = quote_identifier(column.id.name) + " " + std::string(property(column, "type"));
  if (has(column, "collation")) sql += fmt::format(" COLLATE {}", property(column, "collation"));
  if (has(column, "generated"))
    sql += fmt::format(" GENERATED ALWAYS AS ({}) STORED", property(column, "generated"));
  if (const Value* identity = column.properties.find("identity")) sql += " " + identity_clause(*identity);
  std::size_t at = changes.find({C::column_default, column.id.parent, column.id.name});
  if (at != ChangeSet::none && is_inlined(at, changes))
    sql += fmt::format(" DEFAULT {}", property(*changes.all()[at].target, "expression"));
  return has(column, "not_null") ? sql + " NOT NULL" : sql;
}

void make_column(const Change& change, StepWriter& out) {
  if (done_by_parent(change)) return;
  const ObjectId& id = change.id();
  MigrationStep& step =
      out.add(id, out.alter_table(id.parent) + "ADD COLUMN " + column_definition(change, out.changes()),
              "add " + describe(id));
  const Change* value = out.changes().change({C::column_default, id.parent, id.name});
  bool computed = has(*change.target, "generated") || has(*change.target, "identity") ||
                  (value != nullptr && value->made() &&
                   property(*value->target, "expression").find('(') != std::string_view::npos);
  bool filled = computed || (value != nullptr && value->made());
  if (computed) {
    step.risk = Risk::blocking;
    out.count(step, Counted::rewritten, id.parent, "");
  } else if (has(*change.target, "not_null") && !filled) {
    step.risk = Risk::one_way;
    out.count(step, Counted::violating, id.parent, "");
  }
}

void finish_column(const Change& change, StepWriter& out) {
  if (done_by_parent(change)) {
    finish_inherited(change, out);
  } else {
    write_settings(change, nullptr, out);
  }
}

void alter_column(const Change& change, StepWriter& out) {
  if (done_by_parent(change)) return finish_inherited(change, out);
  drop_identity(change, out);
  if (has(*change.live, "generated") && !has(*change.target, "generated"))
    out.add(change.id(), alter_of(change, out) + "DROP EXPRESSION",
            "no longer compute " + describe(change.id()));
  write_type(change, out);
  bool live_not_null = has(*change.live, "not_null");
  bool target_not_null = has(*change.target, "not_null");
  if (!live_not_null && target_not_null) forbid_nulls(change, out);
  write_identity(change, out);
  if (live_not_null && !target_not_null)
    out.add(change.id(), alter_of(change, out) + "DROP NOT NULL", "allow nulls in " + describe(change.id()));
  write_settings(change, change.live, out);
}

void write_default(const Change& change, StepWriter& out) {
  const ChangeSet& changes = out.changes();
  const Change* column = changes.change({C::column, change.id().parent, change.id().name});
  const Change* parent = parent_part(C::column_default, change.id(), changes);
  if (parent != nullptr && parent->target != nullptr && has(*column->target, "inherited")) {
    bool passed_on = column->made() || parent->kind != Change::Kind::same;
    if (passed_on && property(*parent->target, "expression") == property(*change.target, "expression"))
      return;
  }
  out.add(change.id(),
          fmt::format("{}SET DEFAULT {}", alter_of(change, out), property(*change.target, "expression")),
          (change.kind == Change::Kind::alter ? "change the " : "set the ") + describe(change.id()));
}

}  // namespace carbon::postgres
