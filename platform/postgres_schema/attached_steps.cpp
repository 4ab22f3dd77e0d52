#include <fmt/core.h>

#include "platform/postgres_schema/expression_text.h"
#include "platform/postgres_schema/identifier.h"
#include "platform/postgres_schema/object_class.h"
#include "platform/postgres_schema/object_steps.h"

namespace carbon::postgres {

namespace {

using C = ObjectClass;

struct IndexForm {
  std::string_view concurrently;  ///< ` CONCURRENTLY` or nothing
  std::string name;               ///< quoted, as it will be called
};

/// The server's `CREATE [UNIQUE] INDEX name ON [ONLY] table ...` in another form. ONLY stands there for
/// partitioned tables, whose partitions shall have the index too.
std::string index_definition(std::string_view definition, const IndexForm& form) {
  std::vector<SqlToken> tokens = sql_tokens(definition);
  std::size_t at = 0;
  while (at < tokens.size() && tokens[at].text != "INDEX") ++at;
  if (at + 3 >= tokens.size()) return std::string(definition);
  std::size_t rest = tokens[at + 3].text == "ONLY" ? at + 4 : at + 3;
  auto offset = [&](std::size_t token) {
    return static_cast<std::size_t>(tokens[token].text.data() - definition.data());
  };
  return fmt::format("{}INDEX{} {} ON {}", definition.substr(0, offset(at)), form.concurrently, form.name,
                     definition.substr(offset(rest)));
}

void swap_index(const Change& change, StepWriter& out) {
  const ObjectId& id = change.id();
  std::string name = temporary_name("index", id);
  std::string_view definition = property(*change.target, "definition");
  out.add_last(id, index_definition(definition, {" CONCURRENTLY", quote_identifier(name)}),
               "build the new " + describe(id))
      .outside_transaction = true;
  out.add_last(id, "DROP INDEX CONCURRENTLY " + out.qualified(id.name), "drop the former " + describe(id))
      .outside_transaction = true;
  out.add_last(id, fmt::format("ALTER INDEX {} RENAME TO {}", out.qualified(name), quote_identifier(id.name)),
               "give the new " + describe(id) + " its name");
}

std::string role_list(const SchemaObject& policy) {
  return joined(policy.properties.find("roles"), [](const Value& role) {
    return role.text() == "public" ? std::string("PUBLIC") : quote_identifier(role.text());
  });
}

std::string policy_clauses(const SchemaObject& policy) {
  std::string sql = " TO " + role_list(policy);
  if (has(policy, "using")) sql += fmt::format(" USING ({})", property(policy, "using"));
  if (has(policy, "check")) sql += fmt::format(" WITH CHECK ({})", property(policy, "check"));
  return sql;
}

void enable_trigger(const Change& change, std::string_view state, StepWriter& out) {
  const ObjectId& id = change.id();
  out.add(id,
          fmt::format("{}{} TRIGGER {}", out.alter_table(id.parent), state.empty() ? "ENABLE" : state,
                      quote_identifier(id.name)),
          "change when " + describe(id) + " fires");
}

}  // namespace

void make_index(std::size_t at, StepWriter& out) {
  const Change& change = out.changes().all()[at];
  if (is_swapped(at, out.changes())) return swap_index(change, out);
  const ObjectId& id = change.id();
  bool view = id.object_class == C::materialized_view_index;
  bool there = out.changes().survives({view ? C::materialized_view : C::table, "", id.parent});
  bool partitioned = !view && is_partitioned(out.changes(), id.parent);
  bool online = there && !partitioned;
  std::string sql = index_definition(property(*change.target, "definition"),
                                     {online ? " CONCURRENTLY" : "", quote_identifier(id.name)});
  MigrationStep& step = out.add(id, std::move(sql), "create " + describe(id));
  step.outside_transaction = online;
  if (!there || online) return;
  step.risk = Risk::blocking;
  out.count(step, Counted::rewritten, id.parent, "");
}

void make_trigger(const Change& change, StepWriter& out) {
  out.add(change.id(), std::string(property(*change.target, "definition")),
          "create " + describe(change.id()));
  if (has(*change.target, "enabled")) enable_trigger(change, property(*change.target, "enabled"), out);
}

void alter_trigger(const Change& change, StepWriter& out) {
  std::string_view state = property(*change.target, "enabled");
  if (state != property(*change.live, "enabled")) enable_trigger(change, state, out);
}

void make_policy(const Change& change, StepWriter& out) {
  const SchemaObject& policy = *change.target;
  out.add(
      change.id(),
      fmt::format("CREATE POLICY {} ON {} AS {} FOR {}{}", quote_identifier(policy.id.name),
                  out.qualified(policy.id.parent), has(policy, "restrictive") ? "RESTRICTIVE" : "PERMISSIVE",
                  property(policy, "command"), policy_clauses(policy)),
      "create " + describe(change.id()));
}

void alter_policy(const Change& change, StepWriter& out) {
  std::string clauses = policy_clauses(*change.target);
  if (clauses == policy_clauses(*change.live)) return;
  out.add(change.id(),
          fmt::format("ALTER POLICY {} ON {}{}", quote_identifier(change.id().name),
                      out.qualified(change.id().parent), clauses),
          "change " + describe(change.id()));
}

}  // namespace carbon::postgres
