#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "platform/postgres_schema/expression_text.h"
#include "platform/postgres_schema/identifier.h"
#include "platform/postgres_schema/object_class.h"
#include "platform/postgres_schema/object_steps.h"

namespace carbon::postgres {

namespace {

using C = ObjectClass;

/// Where the words on deferring begin, which are the last ones.
std::size_t deferring(std::string_view definition) {
  return std::min(
      {definition.find(" DEFERRABLE"), definition.find(" INITIALLY DEFERRED"), definition.size()});
}

bool has_unique_index(std::string_view kind) { return kind == "primary key" || kind == "unique"; }

std::string storage_clause(const SchemaObject& constraint) {
  std::string list = joined(constraint.properties.find("options"),
                            [](const Value& option) { return std::string(option.text()); });
  return list.empty() ? "" : " WITH (" + list + ")";
}

/// `UNIQUE NULLS NOT DISTINCT (a, b) INCLUDE (c)` as what stands behind the table in CREATE UNIQUE INDEX.
std::string index_columns(std::string_view definition) {
  constexpr std::string_view distinct = "NULLS NOT DISTINCT ";
  std::string_view columns = definition.substr(0, deferring(definition));
  columns.remove_prefix(columns.rfind("PRIMARY KEY ", 0) == 0 ? 12 : 7);
  if (columns.rfind(distinct, 0) != 0) return std::string(columns);
  return std::string(columns.substr(distinct.size())) + " NULLS NOT DISTINCT";
}

/// The index is built while others write; the constraint then only takes it over, and gives it its name.
void make_with_index(const Change& change, StepWriter& out) {
  const ObjectId& id = change.id();
  std::string_view definition = property(*change.target, "definition");
  std::string_view kind = property(*change.target, "kind");
  std::string index = quote_identifier(temporary_name("index", id));
  out.add(id,
          fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} {}{}", index, out.qualified(id.parent),
                      index_columns(definition), storage_clause(*change.target)),
          fmt::format("build the index of {}", describe(id)))
      .outside_transaction = true;
  out.add(id,
          fmt::format("{}ADD CONSTRAINT {} {} USING INDEX {}{}", out.alter_table(id.parent),
                      quote_identifier(id.name), kind == "unique" ? "UNIQUE" : "PRIMARY KEY", index,
                      definition.substr(deferring(definition))),
          "add " + describe(id));
}

/// A query for rows that a check forbids, where it can be asked before the migration.
void count_violations(const Change& change, MigrationStep& step, const StepWriter& out) {
  std::string_view definition = property(*change.target, "definition");
  constexpr std::string_view head = "CHECK ";
  if (definition.rfind(head, 0) != 0) return;
  for (const ObjectId& needed : change.target->depends_on) {
    const Change* found = out.changes().change(needed);
    bool there = found != nullptr && (found->kind == Change::Kind::same || needed.object_class == C::table);
    if (!there || found->live == nullptr) return;
    if (needed.object_class == C::column &&
        out.counted_column(needed.parent, needed.name) != quote_identifier(needed.name))
      return;
  }
  std::string_view condition = definition.substr(head.size());
  constexpr std::string_view tail = " NO INHERIT";
  if (condition.size() > tail.size() && condition.substr(condition.size() - tail.size()) == tail)
    condition.remove_suffix(tail.size());
  // The plan asks this of the live server, where a function of the files could do anything.
  std::vector<SqlToken> tokens = sql_tokens(condition);
  for (std::size_t at = 1; at < tokens.size(); ++at) {
    if (tokens[at].text == "(" && tokens[at - 1].kind == SqlToken::Kind::name) return;
  }
  out.count(step, Counted::violating, change.id().parent, fmt::format("NOT {}", condition));
}

}  // namespace

std::string constraint_definition(const SchemaObject& constraint) {
  std::string definition(property(constraint, "definition"));
  return definition.insert(deferring(definition), storage_clause(constraint));
}

void make_constraint(const Change& change, StepWriter& out) {
  const ObjectId& id = change.id();
  std::string_view kind = property(*change.target, "kind");
  bool live_table = out.changes().survives({C::table, "", id.parent});
  bool partitioned = is_partitioned(out.changes(), id.parent);
  if (live_table && !partitioned && has_unique_index(kind)) return make_with_index(change, out);
  bool can_wait = kind == "check" || (kind == "foreign key" && !partitioned);
  bool later = has(*change.target, "not_valid") || (live_table && can_wait);
  MigrationStep& step =
      out.add(id,
              fmt::format("{}ADD CONSTRAINT {} {}{}", out.alter_table(id.parent), quote_identifier(id.name),
                          constraint_definition(*change.target), later ? " NOT VALID" : ""),
              "add " + describe(id));
  if (!live_table) return;
  if (!later) {
    step.risk = Risk::blocking;
    out.count(step, Counted::rewritten, id.parent, "");
  } else if (!has(*change.target, "not_valid")) {
    count_violations(change, step, out);
    validate_constraint(change, out);
  }
}

void validate_constraint(const Change& change, StepWriter& out) {
  const ObjectId& id = change.id();
  out.add_last(id, out.alter_table(id.parent) + "VALIDATE CONSTRAINT " + quote_identifier(id.name),
               "validate " + describe(id))
      .outside_transaction = true;
}

}  // namespace carbon::postgres
